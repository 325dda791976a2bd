"""Checking a file that proves a decision, offline, with keys that come from elsewhere.

1. each event is canonical, within the rules, and about the advice that the file names
2. each event's proof leads to the root of a checkpoint that the log signed
3. the events stand in the log's order, and none is older than the one before it
4. enough of the trusted witnesses cosigned the checkpoint, if a number was asked for
What is left to the reader: that there are no further events about this advice. Only the whole log shows that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from audit.checkpoint import Checkpoint
from audit.errors import EventInvalid, NoteInvalid
from audit.events import Json, decode_event, is_time
from audit.merkle import leaf_hash
from audit.note import Verifier
from audit.proofs.file import DecisionProof, ProvenEvent
from audit.proofs.tlog_proof import open_proof
from audit.witness.cosigned import Cosigned, cosigned


@dataclass(frozen=True)
class Shown:
    """An event that is proven: its place in the log, what it says, and who cosigned the checkpoint over it."""

    index: int
    event: dict[str, Json]
    checkpoint: Checkpoint
    witnesses: tuple[Cosigned, ...]


@dataclass(frozen=True)
class Checked:
    """The events that are proven, in order, and what is wrong, in words; all is well if nothing is."""

    proof: DecisionProof
    shown: tuple[Shown, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything in the file is proven."""
        return not self.problems


def check(
    proof: DecisionProof,
    log: Sequence[Verifier],
    witnesses: Sequence[Verifier] = (),
    quorum: int = 0,
) -> Checked:
    """Check the whole file; nothing in it is relied on before it is proven."""
    shown: list[Shown] = []
    problems: list[str] = []
    if proof.origin != log[0].name:
        problems.append(f"the file is about the log {proof.origin}, but the key is of {log[0].name}")
    for number, event in enumerate(proof.events, 1):
        try:
            shown.append(_shown(event, proof.advice, log, witnesses))
        except (NoteInvalid, EventInvalid) as error:
            problems.append(f"event {number} of the file is not proven: {error}")
    problems += _out_of_order(shown)
    for one in shown:
        if len(one.witnesses) < quorum:
            problems.append(
                f"event {one.index}: {len(one.witnesses)} of the witnesses cosigned its checkpoint; {quorum} must"
            )
    return Checked(proof, tuple(shown), tuple(problems))


def _shown(event: ProvenEvent, advice: str, log: Sequence[Verifier], witnesses: Sequence[Verifier]) -> Shown:
    # 1
    content = decode_event(event.entry)
    if content.get("advice") != advice:
        raise EventInvalid("it is about another advice than the file says")
    if not is_time(content.get("time")):
        raise EventInvalid("it has no time in the form of the log")
    # 2
    checkpoint = open_proof(event.proof, leaf_hash(event.entry), [*log, *witnesses], log[0].name)
    _, who = cosigned(event.proof.note, log, witnesses)
    return Shown(event.proof.index, content, checkpoint, tuple(who))


def _out_of_order(shown: Sequence[Shown]) -> list[str]:
    found = []
    for before, after in pairwise(shown):
        if after.index <= before.index:
            found.append(f"event {after.index}: stands in the file after event {before.index}")
        elif str(after.event["time"]) < str(before.event["time"]):
            found.append(f"event {after.index}: is older than event {before.index} before it")
    return found
