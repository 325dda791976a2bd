"""The rules of what is recorded for oversight: concerns, seeded checks, alerts, and weakened safeguards."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, Final

from audit.watch.record import Event, Record, admins_needed, items, mapping, person_of

_UNJUDGED: Final = frozenset({"advice.expired", "advice.failed"})
_THOUSANDTHS: Final = range(1001)


class ConcernsAnswered:
    """A concern is raised once, by a person, and answered only then, by an admin who did not raise it."""

    id = "concerns-answered"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        kind = event.get("type")
        if kind not in ("concern.raised", "concern.answered"):
            return
        name, person = str(event.get("concern")), person_of(event)
        known = record.concerns.get(name)
        if not person:
            yield f"{kind} by {event.get('actor')}, not by a person"
        if kind == "concern.raised":
            yield from self._raised(event, record, again=known is not None)
            return
        if known is None:
            yield "answers a concern that nobody raised"
            return
        if person and person == known.raised_by:
            yield f"is answered by {person}, who had raised it"
        if person and "admin" not in record.roles.of(f"person:{person}"):
            yield f"is answered by {person}, who held no credential of an admin"
        if event.get("number") != known.answers + 1:
            yield f"is answer {event.get('number')}, after {known.answers}"
        if event.get("advice") != known.advice:
            yield "names another advice than the concern did"

    def _raised(self, event: Event, record: Record, *, again: bool) -> Iterator[str]:
        if again:
            yield "raises a concern that was raised before"
        name = event.get("advice")
        if name is not None and record.about(event) is None and name not in record.refused:
            yield "raises a concern about an advice that nobody asked for"


class ChecksRevealed:
    """A seeded check is revealed once, when settled, with a verdict that fits its outcome, and never released."""

    id = "checks-revealed"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        known, kind = record.about(event), event.get("type")
        if kind == "advice.released" and known is not None and known.revealed:
            yield "releases a seeded check"
        if kind != "check.revealed":
            return
        if known is None:
            yield "reveals a check that nobody was shown"
            return
        if known.revealed:
            yield "reveals a check a second time"
        if known.released:
            yield "reveals as a check what was released"
        if known.review.get("gate") != "release":
            yield "reveals as a check what was in use"
        if not known.outcome:
            yield "reveals a check that is not settled"
            return
        yield from self._verdict(event.get("caught"), known.outcome, known.accepted_text)

    def _verdict(self, caught: object, outcome: str, text: int | None) -> Iterator[str]:
        if outcome in _UNJUDGED and caught is not None:
            yield "has a verdict on a check that nobody decided on"
        elif outcome == "advice.rejected" and caught is not True:
            yield "does not count a rejected check as caught"
        elif outcome == "advice.accepted" and not isinstance(caught, bool):
            yield "has no verdict on a check that was accepted"
        elif outcome == "advice.accepted" and caught and not text:
            yield "counts a check as caught that was accepted as it stood"


class AlertsOverDecisions:
    """An alert is about decisions on record, of its policy, none of which an earlier one of it looked at."""

    id = "alerts-over-decisions"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        if event.get("type") != "alert.raised":
            return
        policy, upto, count = (
            mapping(event.get("policy")).get("id"),
            event.get("upto"),
            event.get("decisions"),
        )
        decided = record.decided.get(str(policy), array("q"))
        place = bisect_left(decided, upto) if isinstance(upto, int) else len(decided)
        if place == len(decided) or decided[place] != upto:
            yield f"is about decisions up to event {upto}, which is no decision on its policy"
            return
        before = record.alerts.get((str(policy), str(event.get("alert"))), -1)
        newer = place + 1 - bisect_left(decided, before + 1)
        if not isinstance(count, int) or not 1 <= count <= newer:
            yield f"is about {count} decisions, but there are {max(newer, 0)} that no alert looked at yet"
        if not all(_is_share(value) for value in mapping(event.get("shares")).values()):
            yield "has a share that is not valid: shares are thousandths"


class WeakenedByEnough:
    """A change that weakens a safeguard was agreed to by as many admins as it takes, none of them its author."""

    id = "weakened-by-enough"

    def broken(self, index: int, event: Event, record: Record) -> Iterator[str]:
        needed = admins_needed(event)
        if event.get("type") != "policy.loaded" or not needed:
            return
        weakens = f"weakens {', '.join(map(str, items(event.get('loosens'))))}"
        if needed < record.admins_needed:
            yield f"{weakens} with {needed} admin, where it took {record.admins_needed} before"
        if needed == 1:
            return
        policy, last = mapping(event.get("policy")), event.get("actor")
        people = list(dict.fromkeys(map(str, items(event.get("approved_by")))))
        if len(people) < needed:
            yield f"{weakens} with {len(people)} of {needed} different admins agreeing"
        authors = {mapping(commit).get("author") for commit in items(event.get("commits"))}
        agreed = record.agreed.get(str(policy.get("id")), set())
        for person in people:
            if "admin" not in record.roles.of(person):
                yield f"{weakens} by {person}, who held no credential of an admin"
            if person in authors:
                yield f"{weakens} by {person}, who had written it"
            if person != last and (person, str(policy.get("version"))) not in agreed:
                yield f"{weakens} by {person}, whose agreement is not on record"


def _is_share(value: Any) -> bool:
    return isinstance(value, int) and value in _THOUSANDTHS
