"""Old and new gateways on one database: a schema grows in one release and shrinks in a later one.

A migration is marked by its `step` and its `release`, the version of Countersign that had it first:

- `expand` adds what gateways of the release before don't see and don't need: tables, columns that may be empty.
- `contract` removes what no gateway uses since an earlier release: `completes` names that expansion, and `upgrade`
  ends with `require_at_least`.

So gateways of two releases in a row run side by side, and a gateway can be put back to the release before.
"""

from audit import Connection
from gateway.storage.storage_errors import DatabaseUnfit


def is_newer(version: str | None, known: str) -> bool:
    """Whether a newer gateway made the schema `version`; this one knows `known`."""
    return version is not None and version > known


def require_usable(connection: Connection, version: str, known: str) -> None:
    """`DatabaseUnfit` if a newer gateway has removed from the schema what this one needs."""
    row = connection.execute("SELECT version FROM oldest_schema").fetchone()
    oldest = str(row[0]) if row else version
    if oldest > known:
        raise DatabaseUnfit(
            f"a newer Countersign has brought this database up to {version}, and since then no gateway older than"
            f" {oldest} can use it; this one knows {known}: install the newer version"
        )
