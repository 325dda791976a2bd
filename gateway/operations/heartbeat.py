"""The heartbeat of one gateway among several on a log, and the failing of requests that a silent gateway left in
flight.
"""

import asyncio
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from audit import LogUnavailable
from gateway.advice import (
    LivenessMonitor,
    Recorder,
    heartbeats,
    in_flight_at,
    record_heartbeat,
    remove_gateway,
)
from gateway.errors import GatewayError
from gateway.operations.log_key_change import HEARTBEAT_SECONDS, LogKey
from gateway.storage import Database

_log = structlog.get_logger("countersign")

SILENT_SECONDS: Final = 30.0
"""After this long without a heartbeat a gateway is taken for gone; should it come back, its answers are refused."""


class Heartbeat:
    """One process among the gateways on one database. Its id is in `file` until a later start has failed the requests
    that it left in flight. A start that is killed before that leaves both ids.

    Whoever starts holds the data folder's lock, so the processes that wrote the file before are gone.
    """

    def __init__(
        self, file: Path, log_key: LogKey | None = None, silent_seconds: float = SILENT_SECONDS
    ) -> None:
        self._log_key = log_key
        self.id = f"gw_{secrets.token_hex(8)}"
        self._file = file
        self._before = file.read_text("utf-8").split() if file.exists() else []
        self._liveness = LivenessMonitor(self.id, silent_seconds)
        self._keep([*self._before, self.id])

    async def begin(self, recorder: Recorder, database: Database) -> None:
        """Appear, and settle what this folder's gateway left when it ended."""
        await self._beat(recorder)
        for earlier in self._before:
            last_heartbeat = (await database.fetch(heartbeats)).get(earlier, 0)
            await self._fail_in_flight(recorder, database, earlier, last_heartbeat)
        self._keep([self.id])

    async def _beat(self, recorder: Recorder) -> None:
        keys = "" if self._log_key is None else self._log_key.ids
        await recorder.submit(lambda transaction: record_heartbeat(transaction.connection, self.id, keys))

    def _keep(self, ids: list[str]) -> None:
        fresh = self._file.with_name(self._file.name + ".new")
        fresh.write_text("".join(f"{gateway}\n" for gateway in ids))
        fresh.replace(self._file)

    async def leave(self, recorder: Recorder) -> None:
        """Say that we are gone, with nothing left under way. Where that can't be said, the others find us silent."""
        with suppress(GatewayError):
            await recorder.submit(lambda transaction: remove_gateway(transaction.connection, self.id))

    async def run(self, recorder: Recorder, database: Database) -> None:
        """Say that we are there, and watch the others, until cancelled."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self.round(recorder, database, time.monotonic())
            except (GatewayError, LogUnavailable):
                self.reset()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round must come
                self.reset()
                _log.warning("the other gateways could not be watched", error_type=type(error).__name__)

    def reset(self) -> None:
        """The database was out of reach: that the others were not heard meanwhile says nothing about them."""
        self._liveness.start_again()

    async def round(self, recorder: Recorder, database: Database, now: float) -> None:
        """Record one heartbeat, and look once at those of the others, and at the key that the log is signed with."""
        if self._log_key is not None:
            self._log_key.read_again()
        await self._beat(recorder)
        for gateway, heartbeat in self._liveness.find_silent(await database.fetch(heartbeats), now).items():
            _log.warning("a gateway is silent; what it left unanswered is settled", gateway=gateway)
            await self._fail_in_flight(recorder, database, gateway, heartbeat)

    async def _fail_in_flight(
        self, recorder: Recorder, database: Database, gateway: str, heartbeat: int
    ) -> None:
        for advice in await database.fetch(lambda connection: in_flight_at(connection, gateway)):
            await recorder.interrupted(advice)
        await recorder.submit(
            lambda transaction: remove_gateway(transaction.connection, gateway, unless_after=heartbeat)
        )
