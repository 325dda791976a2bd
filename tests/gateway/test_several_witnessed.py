"""Two gateways on one log ask the same witness; that one of them is a moment behind is no sign of an older copy."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit import Log, Signer
from audit.cosignature import COSIGNATURE
from audit.witness.witness_checks import Witness
from audit.witness.witness_server import WitnessServer
from audit.witness.witness_state import State
from gateway.witnessing import Witnessing, WitnessingSettings
from tests.gateway_server import PLAIN
from tests.postgres_server import PostgresServer
from tests.shared_log import SharedLog, append, shared_log

WITNESS = Signer.generate("witness.example", COSIGNATURE)


@pytest.fixture
def shared(postgres: PostgresServer, tmp_path: Path) -> Iterator[SharedLog]:
    with shared_log(postgres, tmp_path) as opened:
        yield opened


@pytest.fixture
def witness(shared: SharedLog, tmp_path: Path) -> Iterator[WitnessServer]:
    keys = [shared.signer.verifier]
    server = WitnessServer(
        "127.0.0.1", 0, Witness([WITNESS], keys, State(tmp_path / "witness.db"), lambda: 1_700_000_000)
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


class Behind:
    """A log whose checkpoint is read just before another gateway goes on with it."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._note: bytes | None = log.checkpoint()

    def checkpoint(self) -> bytes:
        note, self._note = self._note, None
        return note or self._log.checkpoint()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


def witnessing(
    log: Any, shared: SharedLog, witness: WitnessServer, name: str, failed: list[str]
) -> Witnessing:
    policy = {
        "from": "2020-01-01",
        "quorum": 1,
        "witnesses": [{"url": witness.url, "keys": [WITNESS.verifier_key]}],
    }
    settings = WitnessingSettings.model_validate({"policies": [policy]})
    return Witnessing(
        settings, log, lambda: [shared.signer.verifier], shared.folder / name / "witnessed", failed.append
    )


async def test_a_gateway_that_is_behind_for_a_moment_sends_the_newer_checkpoint(
    shared: SharedLog, witness: WitnessServer
) -> None:
    one, other = shared.open("a"), shared.join("b")
    append(one)
    failed: list[str] = []
    ahead = witnessing(other, shared, witness, "b", failed)
    behind = witnessing(Behind(one), shared, witness, "a", failed)
    append(other)
    async with httpx.AsyncClient(verify=PLAIN) as client:
        await ahead.send(client)
        await behind.send(client)
    assert failed == []
    assert behind.newest is not None
    assert ahead.newest is not None
    assert behind.newest.checkpoint.size == ahead.newest.checkpoint.size == 2


async def test_while_the_database_is_away_readiness_tells_what_was_seen_last(
    shared: SharedLog, witness: WitnessServer
) -> None:
    log = shared.open("a")
    append(log)
    watched = witnessing(log, shared, witness, "a", [])
    async with httpx.AsyncClient(verify=PLAIN) as client:
        await watched.send(client)
    append(log)
    assert (watched.report() or {})["unwitnessed"] == 1
    shared.server.put_in_place(shared.server.database(), shared.name)
    with shared.server.connect("postgres") as connection:
        connection.execute(f"ALTER DATABASE {shared.name} ALLOW_CONNECTIONS false")
    log._storage.close()
    assert (watched.report() or {})["unwitnessed"] == 1
