"""What the events so far say of each advice, each policy and each person, as the rules need it."""

import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from audit.event_times import later
from audit.passkeys import Passkeys
from audit.passkeys.passkeys_in_force import shown_in
from audit.roles import Roles

Event = Mapping[str, Any]

OUTCOMES: Final = frozenset(
    {
        "advice.accepted",
        "advice.rejected",
        "advice.expired",
        "advice.failed",
        "advice.passed_on",
        "advice.abandoned",
        "advice.refused",
    }
)
DECIDING_ROLES: Final = frozenset({"caseworker", "reviewer"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided."""

    person: str
    accept: bool
    text: int


@dataclass(slots=True)
class Advice:
    """One advice, up to now; what no rule asks of a settled one is dropped, as a log may have millions."""

    requested_at: int
    review: Mapping[str, Any]
    requester: str | None
    policy: Mapping[str, Any]
    case: str | None = None
    asked_by: str = ""
    received: bool = False
    outcome: str = ""
    accepted_text: int | None = None
    released: bool = False
    response_deleted: bool = False
    revealed: bool = False
    """That it was a seeded check is on record."""
    decide_by: str = ""
    caveats: tuple[str, ...] = ()
    unsupported_facts: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)
    """The commitments to what its deciders saw, where they sign for it."""
    views: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()
    """Who has seen it, where its deciders must have."""
    decisions: tuple[Decision, ...] = ()

    @property
    def signed(self) -> bool:
        """Whether its deciders sign with their passkeys."""
        return self.review.get("signature") == "passkey"

    def accepting(self, text: int) -> int:
        """How many different people accepted this text."""
        return len(
            {decision.person for decision in self.decisions if decision.accept and decision.text == text}
        )


@dataclass
class InForce:
    """The versions of one policy: the one in force, and until when the one before may still be in use."""

    version: str | None
    before: str | None = None
    changed_at: str = ""


@dataclass(slots=True)
class Concern:
    """One concern, up to now."""

    raised_by: str
    advice: str | None
    answers: int = 0


class Record:
    """The state after the events that `take` was given, of the log with this origin."""

    def __init__(self, origin: str) -> None:
        self.advice: dict[str, Advice] = {}
        self.refused: set[str] = set()
        self.policies: dict[str, InForce] = {}
        self.agreed: dict[str, set[tuple[str, str]]] = {}
        """Who agreed to a change of each policy that was not in force yet, with its version."""
        self.admins_needed = 1
        """By how many admins a weakened safeguard had to be agreed to, at most, so far."""
        self.roles = Roles()
        self.passkeys = Passkeys(origin, self.roles)
        self.requested_signature: dict[tuple[str, str], object] = {}
        """What the first request under each version of a policy said of signatures."""
        self.holds: dict[str, set[str]] = {}
        """Why each case and advice is held: a hold ends only when it was lifted for each reason."""
        self.concerns: dict[str, Concern] = {}
        self.decided: dict[str, array[int]] = {}
        """The indices of the decisions under each policy."""
        self.alerts: dict[tuple[str, str], int] = {}
        """Up to which event each policy's alert has looked."""
        self.last_time = ""
        self._shared: dict[str, Mapping[str, Any]] = {}

    def shared(self, value: Mapping[str, Any]) -> Mapping[str, Any]:
        """One object for all equal values: reviews and policies are few, advice is many."""
        return self._shared.setdefault(json.dumps(value, sort_keys=True), value)

    def about(self, event: Event) -> Advice | None:
        """The advice that an event is about, as it was before it."""
        return self.advice.get(str(event.get("advice")))

    def take(self, index: int, event: Event) -> None:
        """Bring the state up to `event`; an event that makes no sense changes nothing."""
        taker = _TAKERS.get(str(event.get("type")))
        if taker is not None:
            taker(self, index, event)
        time = event.get("time")
        if isinstance(time, str):
            self.last_time = max(self.last_time, time)


def _requested(record: Record, index: int, event: Event) -> None:
    advice = Advice(
        index,
        record.shared(mapping(event.get("review"))),
        event.get("requester"),
        record.shared(mapping(event.get("policy"))),
        event.get("case"),
        sys.intern(str(event.get("actor"))),
    )
    if advice.signed:
        advice.shown = shown_in(event)
    record.advice.setdefault(str(event.get("advice")), advice)
    record.requested_signature.setdefault(version_of(event), requested_signature(event))


def _refused(record: Record, index: int, event: Event) -> None:
    record.refused.add(str(event.get("advice")))


def _received(record: Record, index: int, event: Event) -> None:
    advice = record.about(event)
    if advice is None:
        return
    advice.received = True
    advice.decide_by = str(event.get("decide_by", ""))
    facts = event.get("unsupported_facts")
    advice.unsupported_facts = facts if isinstance(facts, int) else 0
    advice.caveats = tuple(str(mapping(caveat).get("id")) for caveat in items(event.get("caveats")))
    if advice.signed:
        advice.shown = {**advice.shown, **shown_in(event)}


def _shown(record: Record, index: int, event: Event) -> None:
    advice = record.about(event)
    if advice is not None and advice.review.get("shown_first"):
        advice.shown_to += (str(event.get("to")).removeprefix("person:"),)


def _viewed(record: Record, index: int, event: Event) -> None:
    if advice := record.about(event):
        advice.views += (person_of(event),)


def _decided(record: Record, index: int, event: Event) -> None:
    if advice := record.about(event):
        text = event.get("text")
        accept = event.get("decision") == "accept"
        advice.decisions += (Decision(person_of(event), accept, text if isinstance(text, int) else 0),)
        record.decided.setdefault(str(advice.policy.get("id")), array("q")).append(index)


def _settled(record: Record, index: int, event: Event) -> None:
    advice = record.about(event)
    if advice is None or advice.outcome:
        return
    advice.outcome = sys.intern(str(event["type"]))
    advice.views, advice.shown_to, advice.decide_by, advice.shown = (), (), "", {}
    if advice.outcome == "advice.accepted":
        text = event.get("text")
        advice.accepted_text = text if isinstance(text, int) else 0


def _released(record: Record, index: int, event: Event) -> None:
    if advice := record.about(event):
        advice.released = True


def _response_deleted(record: Record, index: int, event: Event) -> None:
    if advice := record.about(event):
        advice.response_deleted = True


def _revealed(record: Record, index: int, event: Event) -> None:
    if advice := record.about(event):
        advice.revealed = True


def _concern_raised(record: Record, index: int, event: Event) -> None:
    advice = event.get("advice")
    concern = Concern(person_of(event), advice if isinstance(advice, str) else None)
    record.concerns.setdefault(str(event.get("concern")), concern)


def _concern_answered(record: Record, index: int, event: Event) -> None:
    if concern := record.concerns.get(str(event.get("concern"))):
        concern.answers += 1


def _alert_raised(record: Record, index: int, event: Event) -> None:
    name = (str(mapping(event.get("policy")).get("id")), str(event.get("alert")))
    upto = event.get("upto")
    if isinstance(upto, int):
        record.alerts[name] = max(upto, record.alerts.get(name, -1))


def _loaded(record: Record, index: int, event: Event) -> None:
    policy = mapping(event.get("policy"))
    name, version = str(policy.get("id")), str(policy.get("version"))
    record.agreed.pop(name, None)
    record.admins_needed = max(record.admins_needed, admins_needed(event))
    now = record.policies.get(name)
    if now is None or now.version != version:
        record.policies[name] = InForce(version, now.version if now else None, str(event.get("time")))


def _approved(record: Record, index: int, event: Event) -> None:
    policy = mapping(event.get("policy"))
    agreed = (str(event.get("actor")), str(policy.get("version")))
    record.agreed.setdefault(str(policy.get("id")), set()).add(agreed)


def admins_needed(event: Event) -> int:
    """The number of admins that a weakening change needed; 0 if it weakens no safeguard, or if the number was not
    recorded.
    """
    needed = event.get("needed")
    return needed if event.get("loosens") and isinstance(needed, int) else 0


def _retired(record: Record, index: int, event: Event) -> None:
    name = str(mapping(event.get("policy")).get("id"))
    now = record.policies.get(name)
    record.policies[name] = InForce(None, now.version if now else None, str(event.get("time")))


def _role_changed(record: Record, index: int, event: Event) -> None:
    record.roles.take(event)


def _passkey_changed(record: Record, index: int, event: Event) -> None:
    record.passkeys.take(index, event)


def held(event: Event) -> set[str]:
    """The advice, the transcription and the case that an event names, as holds are kept by."""
    names = ("advice", "transcription", "case")
    return {f"{name}:{event[name]}" for name in names if isinstance(event.get(name), str)}


def _hold_placed(record: Record, index: int, event: Event) -> None:
    for hold in held(event):
        record.holds.setdefault(hold, set()).add(str(event.get("why")))


def _hold_lifted(record: Record, index: int, event: Event) -> None:
    for hold in held(event):
        record.holds.get(hold, set()).discard(str(event.get("why")))


_TAKERS: Final = {
    "advice.requested": _requested,
    "advice.refused": _refused,
    "advice.received": _received,
    "advice.shown": _shown,
    "view.recorded": _viewed,
    "decision.recorded": _decided,
    "advice.accepted": _settled,
    "advice.rejected": _settled,
    "advice.expired": _settled,
    "advice.failed": _settled,
    "advice.passed_on": _settled,
    "advice.abandoned": _settled,
    "advice.released": _released,
    "advice.response_deleted": _response_deleted,
    "check.revealed": _revealed,
    "concern.raised": _concern_raised,
    "concern.answered": _concern_answered,
    "alert.raised": _alert_raised,
    "policy.loaded": _loaded,
    "policy.approved": _approved,
    "policy.retired": _retired,
    "key.created": _role_changed,
    "key.revoked": _role_changed,
    "passkey.registered": _passkey_changed,
    "passkey.approved": _passkey_changed,
    "passkey.revoked": _passkey_changed,
    "hold.placed": _hold_placed,
    "hold.lifted": _hold_lifted,
}


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one: a rule must not fall over a malformed event."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> Sequence[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else ()


def version_of(event: Event) -> tuple[str, str]:
    """The policy that an event names, and its version."""
    policy = mapping(event.get("policy"))
    return str(policy.get("id")), str(policy.get("version"))


def requested_signature(event: Event) -> object:
    """The review's rule on signatures for a request; `none` before there were any."""
    return mapping(event.get("review")).get("signature", "none")


def person_of(event: Event) -> str:
    """The id of the person who acted; empty if nobody did."""
    actor = event.get("actor")
    return actor.removeprefix("person:") if isinstance(actor, str) and actor.startswith("person:") else ""


def seconds_after(time: str, seconds: int) -> str:
    """A time in the form of the log, later by `seconds`."""
    try:
        return later(time, seconds)
    except (ValueError, OverflowError):
        return time
