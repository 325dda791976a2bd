"""Readiness: each part that a gateway needs, by name, with its problem and the remedy.

`/health/ready` asks a running gateway, `countersign doctor` a machine before or after a change.
"""

import asyncio
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit import Log, LogUnavailable
from gateway.policy import InForce
from gateway.storage import UNUSABLE, Database, MasterKeyInvalid, Vault, explain_unusable

_MASTER_SECONDS: Final = 60.0
"""A master key may lie in AWS KMS, so one that was usable is asked again after so many seconds only, however often
readiness is asked for. One that was not is asked each time: the gateway is ready again as soon as it can be.
"""


@dataclass(frozen=True)
class HealthCheck:
    """One part that is needed. `problem` says what is wrong and what to do; None if all is well."""

    name: str
    problem: str | None = None


class Health:
    """The checks of a running gateway. `witnesses_failing`: for how many seconds too few have cosigned."""

    def __init__(
        self,
        *,
        data: Path,
        least_free_bytes: int,
        unready_seconds: float,
        log: Log,
        database: Database,
        vault: Vault,
        in_force: InForce,
        witnesses_failing: Callable[[], float],
        clock: Callable[[], float] = time.monotonic,
        answer_seconds: float = 10.0,
    ) -> None:
        self._data = data
        self._least_free_bytes = least_free_bytes
        self._unready_seconds = unready_seconds
        self._log = log
        self._database = database
        self._vault = vault
        self._in_force = in_force
        self._witnesses_failing = witnesses_failing
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._master_key = HealthCheck("master_key")
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[HealthCheck] | None = None

    async def check(self) -> Sequence[HealthCheck]:
        """All of them. A check that can't be made has failed."""
        log, master_key = await asyncio.gather(self._check_log(), self._check_master_key())
        disk = check_disk(self._data, self._least_free_bytes)
        return log, disk, self._check_policies(), master_key, self._check_witnesses()

    async def _check_log(self) -> HealthCheck:
        if not self._log.running:
            return HealthCheck(
                "log", "The log has stopped and can't be written; see the gateway's output, and restart."
            )
        try:
            await self._database.run_in_thread(self._log.checkpoint)  # a server that hangs refuses nothing
        except UNUSABLE as error:
            return HealthCheck("log", explain_unusable(error))
        except LogUnavailable as error:
            return HealthCheck("log", f"{error}")
        return HealthCheck("log")

    def _check_policies(self) -> HealthCheck:
        names = ", ".join(sorted(self._in_force.out_of_step))
        if not names:
            return HealthCheck("policies")
        return HealthCheck(
            "policies", f"Another version is in force than this gateway has: {names}. Bring the files here."
        )

    async def _check_master_key(self) -> HealthCheck:
        asking = self._asking
        if asking is None:
            if self._clock() - self._asked_at < _MASTER_SECONDS:
                return self._master_key
            asking = self._asking = asyncio.ensure_future(self._ask_master_key())
        await asyncio.wait([asking], timeout=self._answer_seconds)
        if not asking.done():  # the next look waits for the same answer: threads that hang must not pile up
            return HealthCheck("master_key", "The database, or AWS KMS, does not answer.")
        if self._asking is asking:
            self._asking, self._master_key = None, asking.result()
            self._asked_at = self._clock() if self._master_key.problem is None else float("-inf")
        return asking.result()

    async def _ask_master_key(self) -> HealthCheck:
        try:
            await asyncio.to_thread(self._database.read, self._vault.ring.check_master_keys)
        except UNUSABLE as error:
            return HealthCheck("master_key", explain_unusable(error))
        except (MasterKeyInvalid, LogUnavailable) as error:
            return HealthCheck("master_key", str(error))
        return HealthCheck("master_key")

    def _check_witnesses(self) -> HealthCheck:
        seconds = self._witnesses_failing()
        if seconds <= self._unready_seconds:
            return HealthCheck("witnesses")
        return HealthCheck(
            "witnesses",
            f"Too few witnesses have cosigned for {seconds:.0f} seconds; ask their operators.",
        )


def check_disk(data: Path, least_free_bytes: int) -> HealthCheck:
    """Whether the disk of the data folder has room for what is still to be recorded."""
    try:
        free = shutil.disk_usage(data).free
    except OSError as error:
        return HealthCheck("disk", f"{data} can't be looked at ({type(error).__name__}).")
    if free >= least_free_bytes:
        return HealthCheck("disk")
    return HealthCheck(
        "disk", f"Only {free // 2**20} MiB are free in the data folder; make room, or give it a larger disk."
    )
