"""Checking a file that proves a decision, offline, with keys that come from elsewhere.

1. each event is canonical, within the rules, and about the advice that the file names
2. each event's proof leads to the root of a checkpoint that the log signed
3. the events stand in the log's order, and none is older than the one before it
4. enough of the trusted witnesses cosigned the checkpoint, if a number was asked for
5. each decision that had to be signed is, by a passkey of that person which was in force, as the file's events have it
What is left to the reader: that there are no further events about this advice, and that no passkey in the file had been
revoked by an event that the file leaves out. Only the whole log shows that.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from audit.audit_errors import EventInvalid, FormatInvalid, NoteInvalid
from audit.checkpoint import Checkpoint
from audit.events import Json, decode_event, is_time
from audit.merkle import leaf_hash
from audit.note import Verifier
from audit.passkeys import PasskeyOnRecord
from audit.proofs.file import DecisionProof, ProvenEvent
from audit.proofs.passkey_holders import is_about_people
from audit.proofs.tlog_proof import open_proof
from audit.watch.record import Event, Record
from audit.watch.signatures import PasskeysTrusted, SignedByPasskey
from audit.witness.cosignatures import ValidCosignature, cosigned


@dataclass(frozen=True)
class CheckedEvent:
    """An event that is proven: its place in the log, what it says, and who cosigned the checkpoint over it."""

    index: int
    event: dict[str, Json]
    checkpoint: Checkpoint
    witnesses: tuple[ValidCosignature, ...]


@dataclass(frozen=True)
class SignedDecision:
    """A decision whose signature holds: its place in the log, and the passkey as it was registered."""

    index: int
    passkey: PasskeyOnRecord


@dataclass(frozen=True)
class ProofReport:
    """The events that are proven, in order, and what is wrong, in words; all is well if nothing is.

    `signed`: the decisions among them that their person's passkey signed. `disregarded`: events about passkeys that
    break the rules, and so put none in force.
    """

    proof: DecisionProof
    shown: tuple[CheckedEvent, ...]
    problems: tuple[str, ...]
    signed: tuple[SignedDecision, ...] = ()
    disregarded: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything in the file is proven."""
        return not self.problems


def check(
    proof: DecisionProof,
    log: Sequence[Verifier],
    witnesses: Sequence[Verifier] = (),
    quorum: int = 0,
) -> ProofReport:
    """Check the whole file; nothing in it is relied on before it is proven."""
    problems: list[str] = []
    if proof.origin != log[0].name:
        problems.append(f"the file is about the log {proof.origin}, but the key is of {log[0].name}")

    def proven(
        events: Sequence[ProvenEvent], what: str, is_right: Callable[[Event], bool]
    ) -> list[CheckedEvent]:
        checked: list[CheckedEvent] = []
        for number, event in enumerate(events, 1):
            try:
                checked.append(_shown(event, is_right, log, witnesses))
            except (NoteInvalid, EventInvalid) as error:
                problems.append(f"{what} {number} of the file is not proven: {error}")
        problems.extend(_out_of_order(checked))
        return checked

    shown = proven(proof.events, "event", lambda event: event.get("advice") == proof.advice)
    people = proven(proof.passkeys, "event about passkeys", is_about_people)
    problems += [
        f"event {one.index}: {len(one.witnesses)} of the witnesses cosigned its checkpoint; {quorum} must"
        for one in (*shown, *people)
        if len(one.witnesses) < quorum
    ]
    signed, disregarded = _signed([*shown, *people], log[0].name, problems)
    return ProofReport(proof, tuple(shown), tuple(problems), tuple(signed), tuple(disregarded))


def _shown(
    event: ProvenEvent,
    is_right: Callable[[Event], bool],
    log: Sequence[Verifier],
    witnesses: Sequence[Verifier],
) -> CheckedEvent:
    # 1
    content = decode_event(event.entry)
    if not is_right(content):
        raise EventInvalid("it is about something else than the file says")
    if not is_time(content.get("time")):
        raise EventInvalid("it has no time in the form of the log")
    # 2
    checkpoint = open_proof(event.proof, leaf_hash(event.entry), [*log, *witnesses], log[0].name)
    _, cosignatures = cosigned(event.proof.note, log, witnesses)
    return CheckedEvent(event.proof.index, content, checkpoint, tuple(cosignatures))


def _out_of_order(shown: Sequence[CheckedEvent]) -> list[str]:
    problems = []
    for before, after in pairwise(shown):
        if after.index <= before.index:
            problems.append(f"event {after.index}: stands in the file after event {before.index}")
        elif str(after.event["time"]) < str(before.event["time"]):
            problems.append(f"event {after.index}: is older than event {before.index} before it")
    return problems


def _signed(
    shown: Sequence[CheckedEvent], origin: str, problems: list[str]
) -> tuple[list[SignedDecision], list[str]]:
    """The decisions that had to be signed and are, others being a problem; and which events about passkeys are void."""
    record = Record(origin)
    decisions: list[SignedDecision] = []
    void: list[str] = []
    for event in sorted(shown, key=lambda event: event.index):
        for rule, target in ((PasskeysTrusted(), void), (SignedByPasskey(), problems)):
            target += [
                f"event {event.index}: {what}" for what in rule.broken(event.index, event.event, record)
            ]
        about = record.about(event.event)
        if event.event.get("type") == "decision.recorded" and about is None and "signature" in event.event:
            problems.append(f"event {event.index}: is signed for a request that the file leaves out")
        if event.event.get("type") == "decision.recorded" and about is not None and about.signed:
            with suppress(FormatInvalid):
                key = record.passkeys.signed(event.event, about.shown, about.caveats)
                decisions.append(SignedDecision(event.index, replace(key, approved_by=list(key.approved_by))))
        record.take(event.index, event.event)
    return decisions, void
