"""The rules: each says in its docstring what must hold, and in words what breaks it.

A rule is asked about each event while the record still stands as it was before it.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from audit.events import is_time
from audit.watch.oversight_rules import (
    AlertsOverDecisions,
    ChecksRevealed,
    ConcernsAnswered,
    WeakenedByEnough,
)
from audit.watch.record import (
    DECIDING_ROLES,
    OUTCOMES,
    Event,
    Record,
    held,
    items,
    mapping,
    person_of,
    seconds_after,
)
from audit.watch.signatures import PasskeysTrusted, SignedByPasskey

_CHANGE_SECONDS: Final = 60
"""A request that was under way when a policy changed may still be recorded with the version before."""


class Rule(Protocol):
    """Something that must hold at each event."""

    id: str

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        """What breaks the rule at this event."""


class InOrderOfTime:
    """No event is older than the one before it, and each has a time."""

    id = "in-order-of-time"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        time = event.get("time")
        if not isinstance(time, str) or not is_time(time):
            yield "has no time in the form of the log"
        elif time < record.last_time:
            yield f"is older than an event before it, which is of {record.last_time}"


class RequestedFirst:
    """Everything about an advice follows its one request."""

    id = "requested-first"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        kind, name = str(event.get("type")), event.get("advice")
        if not kind.startswith(("advice.", "view.", "decision.")):
            return
        known = record.about(event)
        if not isinstance(name, str):
            yield f"{kind} names no advice"
        elif kind == "advice.requested" and (known or name in record.refused):
            yield "asks for an advice that was asked for before"
        elif kind == "advice.refused" and known:
            yield "refuses a request that had been admitted"
        elif known is None and kind not in ("advice.requested", "advice.refused"):
            yield f"{kind} about an advice that nobody asked for"


class PolicyInForce:
    """A request names the version of its policy that was in force at the time, and what follows names the same."""

    id = "policy-in-force"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        policy, known = mapping(event.get("policy")), record.about(event)
        name, version = policy.get("id"), policy.get("version")
        kind = str(event.get("type"))
        if kind in ("advice.requested", "embedding.requested", "transcription.requested"):
            yield from self._at_request(str(name), str(version), str(event.get("time")), record)
        elif known and policy and policy != known.policy:
            yield f"names another version of the policy than the request did: {name} {str(version)[:12]}…"

    def _at_request(self, name: str, version: str, time: str, record: Record) -> Iterator[str]:
        now = record.policies.get(name)
        if now is None:
            yield f"names a policy that was not in force: {name} was never loaded"
        elif version != now.version and not (
            version == now.before and time <= seconds_after(now.changed_at, _CHANGE_SECONDS)
        ):
            yield f"names a version of {name} that was not in force at the time: {version[:12]}…"


class OneAnswer:
    """A model's answer comes once, and only to an advice that is still open."""

    id = "one-answer"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or event.get("type") != "advice.received":
            return
        if known.received:
            yield "is a second answer to one request"
        if known.outcome:
            yield f"comes after {known.outcome}"


class OneOutcome:
    """Each advice has one outcome or still waits: accepted, rejected or expired once received, or else failed."""

    id = "one-outcome"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        kind, known = str(event.get("type")), record.about(event)
        if known is None or kind not in OUTCOMES or kind == "advice.refused":
            return
        if known.outcome:
            yield f"{kind} after {known.outcome}: an advice has one outcome"
        elif kind == "advice.failed" and known.received:
            yield "fails an advice that had been received"
        elif kind != "advice.failed" and not known.received:
            yield f"{kind} before any answer was received"


class DecidedByPeople:
    """Each decision is a person's, who held a credential with a deciding role; one a person, on an open advice."""

    id = "decided-by-people"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or event.get("type") != "decision.recorded":
            return
        person = person_of(event)
        if not person:
            yield f"was decided by {event.get('actor')}, not by a person"
        elif not record.roles.of(f"person:{person}") & DECIDING_ROLES:
            yield f"was decided by {person}, who held no credential of a caseworker or reviewer"
        if any(decision.person == person for decision in known.decisions):
            yield f"is a second decision by {person}"
        late = known.decide_by and str(event.get("time")) > known.decide_by
        if late and known.review.get("gate") == "release":
            yield f"was decided after its time to decide was over, {known.decide_by}"
        if not known.received or known.outcome:
            yield f"decides an advice that {'is settled' if known.outcome else 'has no answer yet'}"


class NotTheRequester:
    """Where the review asks for somebody else, the person who asked does not decide."""

    id = "not-the-requester"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or event.get("type") != "decision.recorded":
            return
        if known.review.get("not_the_requester") and known.requester == person_of(event):
            yield f"was decided by {known.requester}, who had asked for it"


class ViewFirst:
    """Where the review asks for it, each decider's own view comes before they saw the advice and decided."""

    id = "view-first"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or not known.review.get("view_first"):
            return
        decides = event.get("type") == "decision.recorded" and not known.outcome
        if decides and person_of(event) not in known.views:
            yield f"was decided by {person_of(event)} without their own view first"
        shown_to = str(event.get("to"))
        viewer = shown_to.removeprefix("person:")
        open_yet = shown_to.startswith("person:") and not known.outcome
        if event.get("type") == "advice.shown" and open_yet and viewer not in known.views:
            yield f"shows the advice to {viewer} before their own view"


class ShownFirst:
    """Where the review asks for it, who accepts an advice has been shown it before."""

    id = "shown-first"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or event.get("type") != "decision.recorded" or event.get("decision") != "accept":
            return
        if known.review.get("shown_first") and person_of(event) not in known.shown_to:
            yield f"was accepted by {person_of(event)}, who had not been shown it"


class ReasonGiven:
    """If the review asks for a reason, the decision commits to one, and confirms all that has to be confirmed."""

    id = "reason-given"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or event.get("type") != "decision.recorded":
            return
        accept = event.get("decision") == "accept"
        needed = known.review.get("accept_reason" if accept else "reject_reason")
        if needed and "reason" not in mapping(event.get("commitments")):
            yield f"{'accepts' if accept else 'rejects'} without the reason that the policy asks for"
        read = set(map(str, items(event.get("caveats_read"))))
        unread = sorted((set(map(str, items(known.review.get("confirm")))) & set(known.caveats)) - read)
        if accept and unread:
            yield f"accepts without confirming: {', '.join(unread)}"
        confirmed = len(set(map(str, items(event.get("facts_confirmed")))))
        due = known.unsupported_facts if known.review.get("confirm_facts") is True else 0
        if accept and event.get("text") == 0 and confirmed < due:
            yield f"accepts without confirming {due - confirmed} facts that are not in what was sent"


class AcceptedByEnough:
    """An advice is accepted once as many different people as needed accepted the same text, and none rejected."""

    id = "accepted-by-enough"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known, kind = record.about(event), event.get("type")
        if known is None or kind not in ("advice.accepted", "advice.rejected"):
            return
        rejected = any(not decision.accept for decision in known.decisions)
        if kind == "advice.rejected":
            if not rejected:
                yield "is rejected, but nobody rejected it"
            return
        text, deciders = event.get("text"), known.review.get("deciders")
        needed = deciders if isinstance(deciders, int) else 1
        agreed = known.accepting(text if isinstance(text, int) else 0)
        if agreed < needed:
            yield f"is accepted with {agreed} of {needed} different people accepting this text"
        if rejected:
            yield "is accepted although somebody rejected it"


class NoReleaseWithoutAccept:
    """Held advice reaches the application only after it was accepted, and in the words that were."""

    id = "no-release-without-accept"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known, kind = record.about(event), event.get("type")
        if known is None:
            return
        if kind == "advice.released":
            if known.accepted_text is None:
                yield "is released without having been accepted"
            elif event.get("text") != known.accepted_text:
                yield "releases another text than the one that was accepted"
            if known.released:
                yield "is recorded as released a second time"
        held = known.review.get("gate") == "release" and known.accepted_text is None
        if kind == "advice.shown" and held and str(event.get("to")).startswith("application:"):
            yield "shows held advice to the application before it was accepted"


class PassedOnAsToolCalls:
    """Without a decision only calls of tools are passed on, of none that the review holds; a run goes on from them."""

    id = "passed-on-as-tool-calls"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known, kind = record.about(event), event.get("type")
        if kind == "advice.passed_on" and known:
            tools = set(map(str, items(event.get("tools"))))
            if not tools:
                yield "is passed on without a decision, and calls no tool"
            for name in sorted(tools & set(map(str, items(known.review.get("tools"))))):
                yield f"is passed on without a decision, and calls {name}, which the policy holds"
        if kind == "advice.requested" and "continues" in event:
            before = record.advice.get(str(event["continues"]))
            if before is None or before.outcome != "advice.passed_on":
                yield "goes on from an advice that was not passed on"


class DeletedByItsApplication:
    """Only the application that asked deletes its response, once, and nothing is released to it afterwards."""

    id = "deleted-by-its-application"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known, kind = record.about(event), event.get("type")
        if known is None:
            return
        if kind == "advice.released" and known.response_deleted:
            yield "is released although the application had deleted its response"
        if kind != "advice.response_deleted":
            return
        if known.response_deleted:
            yield "has its response deleted a second time"
        if event.get("actor") != known.asked_by:
            yield f"has its response deleted by {event.get('actor')}, but {known.asked_by} had asked"


class ExpiredInTime:
    """Held advice expires only after its time to decide is over."""

    id = "expired-in-time"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known = record.about(event)
        if known is None or known.outcome or event.get("type") != "advice.expired":
            return
        if known.decide_by and str(event.get("time")) < known.decide_by:
            yield f"expires before its time to decide was over, {known.decide_by}"


class ErasedWhenAllowed:
    """Content is erased only of settled advice, and not while a legal hold on it or its case is in force."""

    id = "erased-when-allowed"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        if event.get("type") != "content.erased":
            return
        known = record.about(event)
        if known and not known.outcome:
            yield "erases content of an advice that is not settled"
        concerned = held(event) | ({f"case:{known.case}"} if known and known.case else set())
        for name in sorted(name for name in concerned if record.holds.get(name)):
            yield f"erases content under a legal hold on the {name.replace(':', ' ')}"


RULES: Final[tuple[Rule, ...]] = (
    InOrderOfTime(),
    RequestedFirst(),
    PolicyInForce(),
    OneAnswer(),
    OneOutcome(),
    DecidedByPeople(),
    NotTheRequester(),
    ViewFirst(),
    ShownFirst(),
    ReasonGiven(),
    SignedByPasskey(),
    PasskeysTrusted(),
    AcceptedByEnough(),
    NoReleaseWithoutAccept(),
    PassedOnAsToolCalls(),
    DeletedByItsApplication(),
    ExpiredInTime(),
    ErasedWhenAllowed(),
    ConcernsAnswered(),
    ChecksRevealed(),
    AlertsOverDecisions(),
    WeakenedByEnough(),
)
