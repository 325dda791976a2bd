"""What verifying a log came to."""

from dataclasses import dataclass
from typing import Final

from audit.checkpoint import Checkpoint

WHOLE: Final = -(2**63) - 1
"""In place of an index, for what is wrong with a file or table as a whole; sorts before every index."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something wrong with entries `first` to `last` of a kind (`subject`: event, checkpoint), in words."""

    first: int
    last: int
    what: str
    subject: str = "event"

    def __str__(self) -> str:
        """One line, such as `event 17: bytes changed (…)`."""
        if self.first == WHOLE:
            return f"{self.subject}: {self.what}"
        if self.first == self.last:
            return f"{self.subject} {self.first}: {self.what}"
        return f"{self.subject}s {self.first} to {self.last}: {self.what}"


class Findings:
    """Collects findings; a run of the same one becomes one."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._newest: dict[tuple[str, str], int] = {}

    def add(self, first: int, what: str, last: int | None = None, subject: str = "event") -> None:
        """Note that `what` is wrong with `first`, or with all from `first` to `last`."""
        last = first if last is None else last
        at = self._newest.get((subject, what))
        if at is not None and self._found[at].first <= first <= self._found[at].last + 1:
            joined = self._found[at]
            self._found[at] = Finding(joined.first, max(last, joined.last), what, subject)
            return
        self._newest[subject, what] = len(self._found)
        self._found.append(Finding(first, last, what, subject))

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._found)

    def sorted(self) -> tuple[Finding, ...]:
        """All of them, the first bad index first."""
        return tuple(sorted(self._found))


@dataclass(frozen=True)
class Report:
    """The result of verifying: with no findings, every event is as it was signed.

    `checkpoint` is the newest valid one, or None. `time` is that of the newest event, empty if there is none.
    `notices` are in words; they are no proof of a change.
    """

    size: int
    checkpoint: Checkpoint | None
    checkpoints: int
    time: str
    verifier_key: str
    findings: tuple[Finding, ...]
    notices: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings
