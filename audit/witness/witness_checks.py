"""The answers of a witness to `add-checkpoint` (C2SP tlog-witness), in the order of its checks.

1. the request can be read, else 400
2. its log is one of the witness's, else 404
3. the log signed the checkpoint, with a key that the witness trusts for it, else 403
4. the old size is not above the checkpoint's, else 400
5. the old size is the one that was cosigned last, else 409 with that size
6. the proof shows that the checkpoint continues the last one, else 422
7. it is kept on the disk, and only then cosigned for the caller, 200
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from audit.audit_errors import NoteInvalid
from audit.checkpoint import Checkpoint, read_body
from audit.merkle import EMPTY_ROOT, verify_consistency
from audit.note import Verifier, join, open_note, split
from audit.signer import Signer
from audit.witness.request import Request, decode_request
from audit.witness.witness_state import State

TEXT: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
"""C2SP tlog-witness, add-checkpoint: the content type of a 409."""


@dataclass(frozen=True)
class Answer:
    """A status, a body and its content type."""

    status: int
    body: bytes
    content_type: str = TEXT


class Witness:
    """Cosigns checkpoints of the logs whose keys it is given, with each of its own keys."""

    def __init__(
        self,
        signers: Sequence[Signer],
        logs: Sequence[Verifier],
        state: State,
        clock: Callable[[], int],
    ) -> None:
        self._signers = list(signers)
        self._logs: dict[str, list[Verifier]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)
        self._state = state
        self._clock = clock
        self._by_path = {hashlib.sha256(origin.encode()).hexdigest(): origin for origin in self._logs}

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request."""
        try:
            request = decode_request(body)
            text, _ = split(request.note)
            origin = text.split(b"\n", 1)[0].decode()
            # 2
            if origin not in self._logs:
                return Answer(404, b"this witness does not know the log\n")
            checkpoint = read_body(text)
        except NoteInvalid as error:
            return Answer(400, f"{error}\n".encode())
        try:
            # 3
            opened = open_note(request.note, self._logs[origin])
        except NoteInvalid:
            return Answer(403, b"no signature by a key that this witness trusts for the log\n")
        # 4
        if request.old > checkpoint.size:
            return Answer(400, b"the old size is above the checkpoint's\n")
        return self._judge(request, checkpoint, join(opened.text, opened.verified), opened.text)

    def monitor(self, path: str) -> Answer:
        """The newest cosigned checkpoint of a log: `<SHA-256 of the origin in hex>/checkpoint`."""
        origin = self._by_path.get(path.removesuffix("/checkpoint"))
        known = self._state.newest(origin) if origin and path.endswith("/checkpoint") else None
        if known is None or known.note is None:
            return Answer(404, b"this witness has cosigned no checkpoint of such a log\n")
        return Answer(200, known.note)

    def _judge(self, request: Request, checkpoint: Checkpoint, note: bytes, text: bytes) -> Answer:
        with self._state.turn(checkpoint.origin) as turn:
            now = self._clock()
            # 5
            if request.old != turn.known.size:
                return Answer(409, b"%d\n" % turn.known.size, SIZE)
            # 6
            if not _continues(request, turn.known.root, checkpoint):
                turn.refuse(now, "does not continue the last cosigned checkpoint", request.note)
                return Answer(422, b"the proof does not show that the checkpoint continues the last one\n")
            # 7
            lines = b"".join(self._cosign(text, now))
            turn.keep(checkpoint.size, checkpoint.root, note + lines)
        return Answer(200, lines)

    def _cosign(self, text: bytes, now: int) -> list[bytes]:
        return [signer.cosign(text, now).line() for signer in self._signers]


def _continues(request: Request, root: bytes, checkpoint: Checkpoint) -> bool:
    if request.old == 0:
        is_larger = checkpoint.size > 0 or checkpoint.root == EMPTY_ROOT
        return is_larger and not request.proof
    return verify_consistency(request.old, root, checkpoint.size, checkpoint.root, request.proof)
