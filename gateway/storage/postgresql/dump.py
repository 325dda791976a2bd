"""The whole database by PostgreSQL's own tools, `pg_dump` and `pg_restore`, and the log of the same moment."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from psycopg.conninfo import conninfo_to_dict

from gateway.storage.storage_errors import DatabaseUnfit

DUMP_FILE: Final = "database.dump"
_VARIABLES: Final = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
}
"""libpq, Environment Variables: a password on a command line could be read by anyone on the machine."""


def dump(conninfo: str, snapshot: str, folder: Path) -> None:
    """Write the database, as the exported `snapshot` sees it, to `database.dump` in `folder`."""
    file = str(folder / DUMP_FILE)
    _run("pg_dump", conninfo, "--format=custom", f"--snapshot={snapshot}", f"--file={file}")


def restore(conninfo: str, folder: Path) -> None:
    """Fill the empty database with the dump in `folder`, in one transaction."""
    name = str(conninfo_to_dict(conninfo).get("dbname") or "")
    _run(
        "pg_restore",
        conninfo,
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={name}",
        str(folder / DUMP_FILE),
    )


def _run(tool: str, conninfo: str, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise DatabaseUnfit(f"{tool} is not on this machine; install PostgreSQL's client tools")
    process = subprocess.run(  # noqa: S603 - our own words, and paths as arguments
        [program, *arguments], env=_environment(conninfo), capture_output=True, text=True, check=False
    )
    if process.returncode:
        # Its message may name objects, and holds no rows.
        first = next((line for line in process.stderr.splitlines() if "error" in line), "it gave no reason")
        remedy = "; install the client tools of the server's version" if "version mismatch" in first else ""
        raise DatabaseUnfit(f"{tool} failed: {first.strip()}{remedy}")


def _environment(conninfo: str) -> Mapping[str, str]:
    parameters = conninfo_to_dict(conninfo)
    known = {
        variable: str(parameters[name])
        for name, variable in _VARIABLES.items()
        if parameters.get(name) is not None
    }
    return {**os.environ, **known}
