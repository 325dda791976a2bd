"""What `docker-compose.yml` runs once before its gateways, on a real PostgreSQL, without Docker."""

import os
import subprocess
import sys
from pathlib import Path

from tests.gateway_server import MASTER_KEY
from tests.postgres_server import PostgresServer, binaries

COMPOSE = Path(__file__).parents[2] / "packaging" / "compose"


def test_two_gateways_and_their_witness_are_set_up_once_however_often_it_runs(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with postgres.connect("postgres") as connection:
        connection.execute("CREATE DATABASE composed TEMPLATE template0 ENCODING 'UTF8'")
    folders = {name: tmp_path / name.lower() for name in ("ONE", "TWO", "WITNESS", "CONFIG")}
    for folder in folders.values():
        folder.mkdir()
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{binaries()}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "POSTGRES_USER": "owner",
        "POSTGRES_DB": "composed",
        "GATEWAY_PASSWORD": "not-used-on-loopback",
        "COUNTERSIGN_DATABASE": postgres.address("composed", "countersign"),
        "COUNTERSIGN_DATABASE_OWNER": postgres.address("composed", "owner"),
        "COUNTERSIGN_MASTER_KEY": MASTER_KEY,
        **{name: str(folder) for name, folder in folders.items()},
    }

    def run(script: str) -> None:
        done = subprocess.run(
            ["sh", COMPOSE / script], env=environ, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr

    def made() -> dict[str, bytes]:
        return {
            str(path.relative_to(tmp_path)): path.read_bytes()
            for path in tmp_path.rglob("*")
            if path.is_file()
        }

    run("roles.sh")
    run("setup.sh")
    first = made()
    assert {"one/log.key", "two/log.key", "two/checkpoint", "witness/key", "witness/log.vkey"} <= set(first)
    assert first["one/log.key"] == first["two/log.key"]
    assert b"url: http://witness:7380" in first["config/countersign.yaml"]
