"""The commands on a log in PostgreSQL, as somebody at the machine uses them."""

import shutil
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.redaction import RedactionSettings
from gateway.storage import PROJECTIONS, LocalKey
from tests.gateway.test_commands import command
from tests.gateway.test_record import everything_happens
from tests.gateway_server import MASTER_KEY, POLICIES, PROMPTS, GatewayServer
from tests.postgres_server import ROLE, PostgresServer
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

pytestmark = pytest.mark.xdist_group("postgresql commands")


class Done(NamedTuple):
    """What a command came to; `stderr` with the refusal that the command line would print there."""

    returncode: int
    stdout: str
    stderr: str


class Stopped:
    """A gateway's data folder and database, with everything on record that there is, and nobody running."""

    def __init__(self, server: PostgresServer, name: str, data: Path) -> None:
        self.server, self.name, self.data = server, name, data

    def run(self, *arguments: object, **variables: str) -> Done:
        environ = {
            "COUNTERSIGN_DATABASE": self.server.address(self.name),
            "COUNTERSIGN_MASTER_KEY": MASTER_KEY,
            "COUNTERSIGN_POLICIES": str(POLICIES),
            "COUNTERSIGN_PROMPTS": str(PROMPTS),
            "COUNTERSIGN_DATA": str(self.data),
        }
        done = CliRunner().invoke(app, [str(one) for one in arguments], env={**environ, **variables})
        refusal = done.exception if not isinstance(done.exception, SystemExit) else None
        return Done(done.exit_code, done.stdout, f"{done.stderr}{refusal or ''}")

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return self.server.connect(self.name)


@pytest.fixture(scope="module")
def kept(
    postgres: PostgresServer, provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Stopped:
    """What one run of a gateway left."""
    name, data = postgres.database(), tmp_path_factory.mktemp("commands") / "data"
    settings = {"database": postgres.address(name), "redaction": RedactionSettings(name_model=None)}
    with GatewayServer(data, provider_server, **settings) as gateway:
        everything_happens(gateway)
    return Stopped(postgres, name, data)


@pytest.fixture
def stopped(kept: Stopped, tmp_path: Path) -> Stopped:
    """A copy of it for each test."""
    shutil.copytree(kept.data, tmp_path / "data")
    return Stopped(kept.server, kept.server.copy_of(kept.name), tmp_path / "data")


def dump(stopped: Stopped) -> dict[str, list[object]]:
    with stopped.connect() as connection:
        return {
            table.name: sorted(
                connection.execute(f"SELECT * FROM {table.name}".encode()).fetchall(), key=repr
            )
            for table in PROJECTIONS
        }


def test_the_log_is_verified_exported_checked_and_its_state_made_again(
    stopped: Stopped, tmp_path: Path
) -> None:
    verified = stopped.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "events are as they were signed" in verified.stdout

    exported = stopped.run("audit", "export", tmp_path / "public")
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "public" / "checkpoint").read_bytes() == (stopped.data / "checkpoint").read_bytes()

    assert stopped.run("check").stdout == "All content is as recorded.\n"

    before = dump(stopped)
    assert all(before.values())
    with stopped.connect() as connection:
        for table in PROJECTIONS:
            connection.execute(f"DELETE FROM {table.name}".encode())
    assert "rebuilt from" in stopped.run("rebuild").stdout
    assert dump(stopped) == before

    new = LocalKey.generate()
    rotated = stopped.run("keys", "rotate-master", COUNTERSIGN_MASTER_KEY=f"{new} {MASTER_KEY}")
    assert "lie under a new wrapping key" in rotated.stdout
    assert stopped.run("check", COUNTERSIGN_MASTER_KEY=new).stdout == "All content is as recorded.\n"
    assert "not the one that this database was sealed with" in stopped.run("check").stderr


def test_a_changed_row_is_found_and_named_and_so_is_a_guard_that_is_gone(stopped: Stopped) -> None:
    with stopped.connect() as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER USER")
        connection.execute("UPDATE events SET event = replace(event, 'operator', 'operatox') WHERE idx = 3")
    verified = stopped.run("audit", "verify")
    assert verified.returncode == 1
    assert "event 3: bytes changed" in verified.stdout
    assert "guard against changes, events_keep, was removed" in verified.stdout


def erase_case(stopped: Stopped) -> None:
    lifted = stopped.run("hold", "lift", "r-1", "--application", "casebook", "--reason", "inquest")
    assert lifted.returncode == 0, lifted.stderr
    erased = stopped.run("erase", "case", "r-1", "--application", "casebook", "--reason", "court_order")
    assert erased.returncode == 0, erased.stderr


def test_a_case_is_erased_and_the_rows_that_held_it_are_vacuumed(stopped: Stopped) -> None:
    erase_case(stopped)
    with stopped.connect() as connection:
        vacuumed = connection.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE vacuum_count > 0 ORDER BY relname"
        ).fetchall()
        zeroed = connection.execute(
            "SELECT count(*) FROM content_keys WHERE wrapped = %s", (bytes(61),)
        ).fetchone()
    assert vacuumed == [("content_keys",), ("idempotency",), ("keyring",), ("pseudonyms",), ("sealed",)]
    assert zeroed is not None
    assert zeroed[0] >= 2, "the case's pseudonyms, and its advice"
    assert stopped.run("check").returncode == 0


def test_an_older_copy_opens_only_with_the_master_key_of_its_time(stopped: Stopped) -> None:
    """What an erasure leaves in dead rows, the write-ahead log, replicas and backups ends with the master key."""
    copy = Stopped(stopped.server, stopped.server.copy_of(stopped.name), stopped.data)
    erase_case(stopped)
    new = LocalKey.generate()
    assert stopped.run("keys", "rotate-master", COUNTERSIGN_MASTER_KEY=f"{new} {MASTER_KEY}").returncode == 0
    assert copy.run("check").stdout == "All content is as recorded.\n"
    assert (
        "not the one that this database was sealed with"
        in copy.run("check", COUNTERSIGN_MASTER_KEY=new).stderr
    )


def test_the_log_key_changes_while_two_gateways_answer_and_ends_once_both_have_it(
    stopped: Stopped, provider_server: ProviderServer, tmp_path: Path
) -> None:
    settings = {
        "database": stopped.server.address(stopped.name),
        "redaction": RedactionSettings(name_model=None),
    }
    other = Stopped(stopped.server, stopped.name, tmp_path / "other")
    shutil.copytree(stopped.data, other.data)
    with (
        GatewayServer(stopped.data, provider_server, **settings) as one,
        GatewayServer(other.data, provider_server, **settings) as two,
    ):
        both = (one, two)
        assert stopped.run("keys", "rotate-log").returncode == 0
        assert [gateway.ask(model="held").status_code for gateway in both] == [202, 202]
        early = stopped.run("keys", "rotate-log", "--finish")
        assert "key_not_everywhere" in early.stderr
        for name in ("log.key", "log.vkey"):
            shutil.copyfile(stopped.data / name, other.data / name)
        wait_for(lambda: len(two.resources.log.verifiers) == 2)
        wait_for(lambda: stopped.run("keys", "rotate-log", "--finish").returncode == 0)
        assert [gateway.ask(model="held").status_code for gateway in both] == [202, 202]
        assert [len(gateway.resources.log.verifiers) for gateway in both] == [1, 2]
        shutil.copyfile(stopped.data / "log.key", other.data / "log.key")
        wait_for(lambda: len(two.resources.log.verifiers) == 1)
        assert [gateway.ask(model="held").status_code for gateway in both] == [202, 202]
    assert stopped.run("audit", "verify").returncode == 0
    with GatewayServer(other.data, provider_server, **settings) as going_on:
        assert going_on.ask(model="held").status_code == 202


def test_the_log_key_changes_from_a_folder_without_a_gateway_beside_one_that_runs(
    stopped: Stopped, provider_server: ProviderServer, tmp_path: Path
) -> None:
    """As where the files come from a Secret."""
    settings = {
        "database": stopped.server.address(stopped.name),
        "redaction": RedactionSettings(name_model=None),
    }
    other = Stopped(stopped.server, stopped.name, tmp_path / "other")
    shutil.copytree(stopped.data, other.data)
    with GatewayServer(other.data, provider_server, **settings) as going_on:
        assert stopped.run("keys", "rotate-log").returncode == 0
        assert going_on.ask(model="held").status_code == 202
        assert "key_not_everywhere" in stopped.run("keys", "rotate-log", "--finish").stderr
        assert going_on.ask(model="held").status_code == 202
    for name in ("log.key", "log.vkey"):
        shutil.copyfile(stopped.data / name, other.data / name)
    with GatewayServer(other.data, provider_server, **settings) as restarted:
        assert stopped.run("keys", "rotate-log", "--finish").returncode == 0
        assert restarted.ask(model="held").status_code == 202
    assert stopped.run("audit", "verify").returncode == 0


def test_a_database_is_prepared_for_a_role_that_may_not_change_the_log(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with postgres.connect("postgres") as connection:
        connection.execute("CREATE DATABASE fresh TEMPLATE template0")
    stopped = Stopped(postgres, "fresh", tmp_path / "data")
    unprepared = stopped.run("keys", "application", "casebook")
    assert "countersign database prepare" in unprepared.stderr
    for _ in range(2):
        prepared = stopped.run("database", "prepare", "--owner", postgres.address("fresh", "owner"))
        assert prepared.returncode == 0, prepared.stderr
        assert f"the role {ROLE} may read the log" in prepared.stdout
    assert stopped.run("keys", "application", "casebook").returncode == 0
    printed = stopped.run("database", "checkpoint")
    assert printed.stdout == (tmp_path / "data" / "checkpoint").read_text()


@pytest.mark.parametrize(
    ("owner", "said"),
    [
        ("gateway", "the owner and the gateway are both gateway"),
        ("elsewhere", "name the same in both"),
    ],
)
def test_a_wrong_owner_is_refused(postgres: PostgresServer, tmp_path: Path, owner: str, said: str) -> None:
    name = postgres.database()
    address = postgres.address(name, ROLE) if owner == "gateway" else postgres.address("postgres", "owner")
    refused = Stopped(postgres, name, tmp_path / "data").run("database", "prepare", "--owner", address)
    assert refused.returncode != 0
    assert said in refused.stderr


@pytest.mark.parametrize(
    "address",
    ["mysql://somewhere/x", "postgresql://user:hunter2@[", "postgresql://user:hunter2@127.0.0.1:1/x"],
)
def test_an_address_that_leads_nowhere_is_refused_without_being_told(tmp_path: Path, address: str) -> None:
    refused = command(
        "audit",
        "verify",
        COUNTERSIGN_DATABASE=address,
        COUNTERSIGN_DATA=str(tmp_path),
        COUNTERSIGN_MASTER_KEY=MASTER_KEY,
    )
    assert refused.returncode == 2
    assert "hunter2" not in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert "database" in refused.stderr
