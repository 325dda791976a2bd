"""The log's tables in PostgreSQL, guarded twice: by triggers, and by what the gateway's role is granted.

They belong to another role than the gateway's, the owner, who makes them once (`countersign database prepare`). The
gateway may read and add to them, nothing else; it makes its other tables itself. The tables are those of
`audit/schema.py`, and the triggers refuse what those refuse: a changed or removed row, TRUNCATE, and any index but the
next.
"""

from typing import Any, Final

import psycopg
from psycopg import sql

from audit import Connection
from gateway.storage.postgresql.brief_locks import BRIEF_LOCKS, LOG_LOCK, until_locked
from gateway.storage.postgresql.connections import PostgresConnection, explained
from gateway.storage.storage_errors import DatabaseUnfit

TABLES: Final = ("events", "hashes", "checkpoints")
_CHANGING: Final = ("UPDATE", "DELETE", "TRUNCATE")
_FIRST_VERSION: Final = 140_000

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS events (idx bigint PRIMARY KEY CHECK (idx >= 0), event text COLLATE "C" NOT NULL);
CREATE TABLE IF NOT EXISTS hashes (idx bigint PRIMARY KEY,
  nodes bytea NOT NULL CHECK (length(nodes) > 0 AND length(nodes) % 32 = 0));
CREATE TABLE IF NOT EXISTS checkpoints (size bigint PRIMARY KEY CHECK (size >= 0), note text COLLATE "C" NOT NULL);

CREATE OR REPLACE FUNCTION countersign_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are never changed', TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION countersign_events_grow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE low bigint; high bigint; many bigint;
BEGIN
  SELECT min(idx), max(idx), count(*) INTO low, high, many FROM added;
  IF many > 0 AND (high - low + 1 <> many OR high <> (SELECT max(idx) FROM events)
      OR low <> (SELECT coalesce(max(idx), -1) + 1 FROM events WHERE idx < low)) THEN
    RAISE EXCEPTION 'events only grow, by the next row';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION countersign_hashes_grow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE low bigint; high bigint; many bigint;
BEGIN
  SELECT min(idx), max(idx), count(*) INTO low, high, many FROM added;
  IF many > 0 AND (high - low + 1 <> many OR high <> (SELECT max(idx) FROM hashes)
      OR low <> (SELECT coalesce(max(idx), -1) + 1 FROM hashes WHERE idx < low)
      OR high > (SELECT coalesce(max(idx), -1) FROM events)) THEN
    RAISE EXCEPTION 'hashes only grow, by the next row';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION countersign_checkpoints_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added WHERE size <> (SELECT coalesce(max(idx), -1) + 1 FROM events)
      OR size <> (SELECT coalesce(max(idx), -1) + 1 FROM hashes) OR size <> (SELECT max(size) FROM checkpoints)) THEN
    RAISE EXCEPTION 'checkpoints only grow, by the next row';
  END IF;
  RETURN NULL;
END $$;
"""
_GUARD: Final = """
DROP TRIGGER IF EXISTS {table}_keep ON {table};
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_keep();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keep;
DROP TRIGGER IF EXISTS {table}_grow ON {table};
CREATE TRIGGER {table}_grow AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION countersign_{table}_grow();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_grow;
"""
_FUNCTIONS: Final = ("countersign_keep", *(f"countersign_{table}_grow" for table in TABLES))


def prepare_log(owner: PostgresConnection, role: str) -> None:
    """Make the log's tables and guards as their owner, and grant `role` what a gateway needs; a second time is safe."""
    me, schema = _one(owner, "SELECT current_user, current_schema()")
    if me == role:
        raise DatabaseUnfit(
            f"the owner and the gateway are both {role}: who owns the log's tables can change them;"
            " name another role in the owner's address"
        )
    names = {"role": sql.Identifier(role), "schema": sql.Identifier(schema)}
    log = sql.SQL(", ").join(sql.Identifier(schema, table) for table in TABLES)

    def change() -> None:
        with owner.raw.transaction():
            # No gateway writes meanwhile.
            owner.raw.execute(sql.SQL("SELECT pg_advisory_xact_lock({})").format(sql.Literal(LOG_LOCK)))
            owner.raw.execute(_SCHEMA)
            for table in TABLES:
                owner.raw.execute(_GUARD.format(table=table).encode())
            for function in _FUNCTIONS:
                # Where a function looks for its tables must not depend on who fires it.
                owner.raw.execute(
                    sql.SQL("ALTER FUNCTION {} SET search_path = {schema}, pg_temp").format(
                        sql.Identifier(schema, function), **names
                    )
                )
            owner.raw.execute(sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {role}").format(log, **names))
            owner.raw.execute(sql.SQL("GRANT SELECT, INSERT ON {} TO {role}").format(log, **names))
            owner.raw.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}").format(**names))

    try:
        owner.raw.execute(BRIEF_LOCKS)
        until_locked(change)
    except psycopg.errors.InsufficientPrivilege:
        raise DatabaseUnfit(
            f"{me} may not make or guard the log's tables in schema {schema}; name a role that owns the database"
        ) from None
    except psycopg.Error as error:
        raise explained(error) from None


def require_fit(connection: PostgresConnection) -> None:
    """Refuse a server, or a role, on which the log's promises would not hold; `DatabaseUnfit` says what to do."""
    version, encoding, synced = _one(
        connection,
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),"
        " current_setting('fsync')",
    )
    if version < _FIRST_VERSION:
        raise DatabaseUnfit("the server is older than PostgreSQL 14; upgrade it")
    if encoding != "UTF8":
        raise DatabaseUnfit(
            f"the database is in {encoding}; make one with ENCODING 'UTF8' TEMPLATE template0"
        )
    if synced != "on":
        raise DatabaseUnfit("the server does not sync what it commits (fsync = off); switch it on")
    missing = [table for table in TABLES if _one(connection, "SELECT to_regclass(%s)", table)[0] is None]
    if missing:
        raise DatabaseUnfit(
            f"the log's tables are not there ({', '.join(missing)}); run `countersign database prepare` once"
        )
    if not all(_allowed(connection, table, right) for table in TABLES for right in ("SELECT", "INSERT")):
        raise DatabaseUnfit("this role may not write the log; run `countersign database prepare` for it")
    if any(_allowed(connection, table, *_CHANGING) or _owns(connection, table) for table in TABLES):
        raise DatabaseUnfit(
            "this role may change or remove what is on record; give the gateway a role that is no superuser and does"
            " not own the log's tables, and run `countersign database prepare` for it"
        )


def guards_missing(connection: Connection) -> list[str]:
    """The triggers that should guard the log and don't."""
    rows = connection.execute(
        "SELECT t.tgname FROM pg_trigger t WHERE t.tgrelid IN ('events'::regclass, 'hashes'::regclass,"
        " 'checkpoints'::regclass) AND NOT t.tgisinternal AND t.tgenabled = 'A'"
    ).fetchall()
    wanted = [f"{table}_{action}" for table in TABLES for action in ("keep", "grow")]
    return [name for name in wanted if (name,) not in rows]


def _allowed(connection: PostgresConnection, table: str, *rights: str) -> bool:
    """Whether this role has one of these rights on the table."""
    return bool(_one(connection, "SELECT has_table_privilege(%s, %s)", table, ", ".join(rights))[0])


def _owns(connection: PostgresConnection, table: str) -> bool:
    query = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = %s::regclass"
    return bool(_one(connection, query, table)[0])


def _one(connection: PostgresConnection, query: str, *values: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = connection.execute(query, values or None).fetchone()
    assert row is not None  # noqa: S101 - each of these gives one row
    return row
