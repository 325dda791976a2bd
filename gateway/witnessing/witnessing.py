"""The loop that keeps the log witnessed, beside everything else.

A checkpoint is sent at once when an event ends a quiet time, and on a schedule otherwise; an unchanged one too, as
a fresh cosignature says that nothing newer is hidden. All witnesses of the policy in force are asked together,
each with a time limit of its own. Once as many as the policy asks for have cosigned, checkpoint and cosignatures
are kept in the file `witnessed` beside the log, for mirrors, proofs, readiness and metrics.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import httpx
import structlog

from audit import (
    Checkpoint,
    CheckpointFile,
    Log,
    LogUnavailable,
    NoteInvalid,
    NotInLog,
    Verifier,
    cosigned,
    verify_consistency,
)
from gateway.witnessing.cosignature_request import WitnessAhead, WitnessClient, WitnessFailed
from gateway.witnessing.witness_settings import WitnessingSettings, WitnessPolicy

_log = structlog.get_logger("countersign")

_LOOK_SECONDS: Final = 0.2
"""How often the log's size is looked at; it costs next to nothing."""
_TRIES: Final = 3
"""Rounds in a row in which another gateway on this log may have sent a newer checkpoint meanwhile."""


@dataclass(frozen=True)
class WitnessedCheckpoint:
    """The newest checkpoint that enough witnesses cosigned.

    `time` is when the last of those that count did, in POSIX seconds by their own clocks.
    """

    note: bytes
    checkpoint: Checkpoint
    names: tuple[str, ...]
    time: int


class Witnessing:
    """Sends checkpoints and keeps what was cosigned; `newest` is None until enough witnesses did."""

    def __init__(
        self,
        settings: WitnessingSettings,
        log: Log,
        verifiers: Callable[[], Sequence[Verifier]],
        file: Path,
        failed: Callable[[str], None] = lambda name: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._log = log
        self._verifiers = verifiers
        self._file = file
        self._failed = failed
        self._clock = clock
        self._clients: dict[tuple[str, ...], WitnessClient] = {}
        self._last_size = 0
        self._failing_since: float | None = None
        self.newest = self._kept()

    @property
    def wanted(self) -> bool:
        """Whether a policy is in force that asks for witnesses."""
        return self._policy() is not None

    @property
    def age(self) -> float | None:
        """Seconds since the newest checkpoint was witnessed; None if none was."""
        return None if self.newest is None else max(0.0, self._clock() - self.newest.time)

    @property
    def waiting_seconds(self) -> float | None:
        """The age, and before the first checkpoint was witnessed, for how long too few have answered; None if no
        witness is asked for.
        """
        if not self.wanted:
            return None
        return self.failing_seconds if self.newest is None else self.age

    @property
    def failing_seconds(self) -> float:
        """Since when too few witnesses have answered, each time they were asked; 0 if the last time enough did."""
        if self._failing_since is None or not self.wanted:
            return 0.0
        return max(0.0, self._clock() - self._failing_since)

    def report(self, *, query_size: bool = True) -> dict[str, object] | None:
        """How much of the log is witnessed; None if no witness is asked for.

        `query_size` asks the database for its size.
        """
        policy = self._policy()
        if policy is None:
            return None
        size = self.newest.checkpoint.size if self.newest else 0
        age = self.age
        return {
            "size": size,
            "unwitnessed": max(0, (self._size() if query_size else self._last_size) - size),
            "age_seconds": None if age is None else round(age),
            "cosigned": len(self.newest.names) if self.newest else 0,
            "quorum": policy.quorum,
        }

    def covers(self, index: int) -> bool:
        """Whether an event is under a witnessed checkpoint."""
        return self.newest is not None and index < self.newest.checkpoint.size

    async def run(self) -> None:
        """Send until cancelled; at once done if no policy, of today or later, asks for it."""
        if not self._settings.policies:
            return
        async with httpx.AsyncClient(
            timeout=self._settings.timeout_seconds, trust_env=False, follow_redirects=False
        ) as client:
            new_size = await asyncio.to_thread(self._size)
            changed_at = sent_at = float("-inf")
            while True:
                size = await asyncio.to_thread(self._size)
                now = time.monotonic()
                ends_quiet = size != new_size and now - changed_at >= self._settings.quiet_seconds
                if size != new_size:
                    new_size, changed_at = size, now
                if ends_quiet or now - sent_at >= self._settings.every_seconds:
                    sent_at = now
                    await self._send_safely(client)
                await asyncio.sleep(_LOOK_SECONDS)

    async def _send_safely(self, client: httpx.AsyncClient) -> None:
        try:
            await self.send(client)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next round tries again and nothing waits
            _log.warning("the checkpoint could not be witnessed", error_type=type(error).__name__)

    async def send(self, client: httpx.AsyncClient) -> None:
        """Ask all witnesses once, and keep the checkpoint if enough of them cosigned."""
        policy = self._policy()
        if policy is None:
            return
        for _ in range(_TRIES):
            note = await asyncio.to_thread(self._log.checkpoint)
            checkpoint, _ = cosigned(note, self._verifiers(), [])
            answers = await asyncio.gather(
                *(
                    self._ask(client, witness_client, note, checkpoint.size)
                    for witness_client in self._clients_of(policy)
                )
            )
            if None not in answers:
                break
        cosigned_note = self._enough(
            note + b"".join(line for lines in answers for line in lines or ()), policy
        )
        if cosigned_note is not None:
            await asyncio.to_thread(CheckpointFile(self._file).keep, cosigned_note.note)
            self.newest, self._failing_since = cosigned_note, None
        elif self._failing_since is None:
            self._failing_since = self._clock()

    async def _ask(
        self, client: httpx.AsyncClient, witness_client: WitnessClient, note: bytes, size: int
    ) -> list[bytes] | None:
        """The cosignatures of one witness that hold for this checkpoint, as lines; none if it failed.

        None where the log has grown at another gateway and the witness knows: a newer checkpoint is to be sent.
        """
        name = witness_client.witness.name
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                answer = await witness_client.ask(client, self._log, note, size)
            lines = _lines_that_hold(note, answer, self._verifiers(), witness_client.witness.verifiers)
            if not lines:
                raise WitnessFailed("answered without a cosignature by its key on this checkpoint")
        except (WitnessFailed, TimeoutError) as error:
            if isinstance(error, WitnessAhead) and await asyncio.to_thread(self._size) >= error.cosigned:
                return None
            self._failed(name)
            _log.warning("a witness did not cosign", witness=name, why=str(error) or "took too long")
            return []
        return lines

    def _clients_of(self, policy: WitnessPolicy) -> list[WitnessClient]:
        return [
            self._clients.setdefault((witness.url, *witness.keys), WitnessClient(witness))
            for witness in policy.witnesses
        ]

    def _size(self) -> int:
        """The log's size; while the database is away, as it was last seen."""
        with suppress(LogUnavailable):
            self._last_size = self._log.size
        return self._last_size

    def _policy(self) -> WitnessPolicy | None:
        return self._settings.in_force(datetime.fromtimestamp(self._clock(), UTC).date())

    def _enough(self, note: bytes, policy: WitnessPolicy) -> WitnessedCheckpoint | None:
        """The checkpoint of the note with its cosignatures, if enough witnesses of the policy cosigned it."""
        keys = [key for witness in policy.witnesses for key in witness.verifiers]
        checkpoint, cosignatures = cosigned(note, self._verifiers(), keys)
        if len(cosignatures) < policy.quorum:
            return None
        # It was witnessed when the last that was needed had signed.
        times = sorted(cosignature.time for cosignature in cosignatures)
        return WitnessedCheckpoint(
            note,
            checkpoint,
            tuple(cosignature.name for cosignature in cosignatures),
            times[policy.quorum - 1],
        )

    def _kept(self) -> WitnessedCheckpoint | None:
        """What an earlier run kept, if it still belongs to this log and satisfies the policy."""
        policy = self._policy()
        note = CheckpointFile(self._file).read()
        if policy is None or note is None:
            return None
        try:
            cosigned_note = self._enough(note, policy)
            if cosigned_note is None:
                return None
            newest, _ = cosigned(self._log.checkpoint(), self._verifiers(), [])
            old = cosigned_note.checkpoint
            proof = self._log.consistency_proof(old.size, newest.size)
        except (NoteInvalid, NotInLog):
            return None
        same = old.size != 0 and verify_consistency(old.size, old.root, newest.size, newest.root, proof)
        return cosigned_note if same or old.size == 0 else None


def _lines_that_hold(
    note: bytes, answer: bytes, log: Sequence[Verifier], keys: list[Verifier]
) -> list[bytes]:
    """The lines of an answer that are cosignatures by these keys on this checkpoint."""
    lines = []
    for line in answer.split(b"\n")[:-1]:
        try:
            _, cosignatures = cosigned(note + line + b"\n", log, keys)
        except NoteInvalid:
            continue
        if cosignatures:
            lines.append(line + b"\n")
    return lines
