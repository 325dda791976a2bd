"""What a changed policy would have done with what was really asked: put before both versions and counted.

The newest advice whose content is kept is looked at, within the time that is asked for, and as many of the newest
requests that were refused. Where the change is to the redaction, requests are redacted again as either version would.
What stands in an answer is as it was recorded. Examples are texts as they left, or would have left, in pseudonyms.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select

from audit import decode_event
from gateway.advice import Advice, answer_texts
from gateway.evidence import Evidence, shipped_model
from gateway.policy import AnswerFacts, Policy, RequestFacts, request_facts
from gateway.redaction import RedactedRequest, Redactor
from gateway.steps import recorded_evidence
from gateway.storage import (
    Connection,
    Database,
    SealedDamaged,
    SealedMissing,
    Statement,
    Vault,
    stored_event,
    tables,
)

MAX_REPLAYED: Final = 200
_MAX_REDACTED: Final = 50
"""Where requests are redacted again, which takes longer."""
_MAX_EXAMPLES: Final = 3
"""Of each kind of difference."""
_AROUND: Final = 80
"""Characters of a text on either side of what an example shows."""

_advice = tables.advice
_incidents = tables.incidents
_refused = tables.refused_requests
_newest = Statement(
    select(_advice)
    .where(
        _advice.c.policy == bindparam("policy"),
        _advice.c.requested_at >= bindparam("since"),
        _advice.c.received_at.is_not(None),
        _advice.c.erased_at.is_(None),
        ~exists().where(tables.seeded.c.advice == _advice.c.id),
    )
    .order_by(_advice.c.requested_at.desc())
    .limit(bindparam("most"))
)
_newest_refused = Statement(
    select(_refused.c.advice, _refused.c.application, _refused.c.redactions)
    .where(
        _refused.c.policy == bindparam("policy"),
        _refused.c.refused_at >= bindparam("since"),
        _refused.c.erased_at.is_(None),
    )
    .order_by(_refused.c.event.desc())
    .limit(bindparam("most"))
)
_refused_without_text = Statement(
    select(func.count().label("count"))
    .select_from(_incidents)
    .where(
        _incidents.c.policy == bindparam("policy"),
        _incidents.c.type == "advice.refused",
        _incidents.c.time >= bindparam("since"),
        ~exists().where(_refused.c.advice == _incidents.c.advice, _refused.c.erased_at.is_(None)),
    )
)
_events = Statement(
    select(tables.advice_events.c.event)
    .where(tables.advice_events.c.advice == bindparam("advice"))
    .order_by(tables.advice_events.c.event)
    .limit(3)
)


@dataclass(frozen=True)
class Instance:
    """A piece of advice in which something would be otherwise, with what shows it, in pseudonyms."""

    advice: str
    text: str


@dataclass(frozen=True)
class Impact:
    """Of so many pieces of advice, and requests that were refused: what would be otherwise.

    Rules and caveats by their ids, data by its type.
    """

    looked_at: int
    refused_looked_at: int
    refused: Mapping[str, int]
    admitted: int
    """That the version in force would refuse today, and the change would not."""
    caveats_added: Mapping[str, int]
    caveats_removed: Mapping[str, int]
    newly_redacted: Mapping[str, int] = field(default_factory=dict)
    newly_left: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    """That were shown at once, and would be held."""
    shown: int = 0
    """That were held, and would be shown at once."""
    refused_without_text: int = 0
    """Requests that were refused in that time and whose content is kept no longer."""
    instances: Mapping[str, Sequence[Instance]] = field(default_factory=dict)
    """By what would be otherwise, such as `refused.no-poems` or `newly_left.PERSON`."""

    def shown_texts(self) -> Iterator[tuple[str, Instance]]:
        """The instances, each with the kind of sealed content that its text is of."""
        for name, found in self.instances.items():
            kind = "answer" if name.startswith("caveats_") else "sent"
            yield from ((kind, one) for one in found)

    def as_json(self) -> dict[str, Any]:
        """For programs; of the instances only the advice, since texts are shown on record."""
        names = (
            *("looked_at", "refused_looked_at", "refused", "admitted", "newly_redacted", "newly_left"),
            *("caveats_added", "caveats_removed", "held", "shown", "refused_without_text"),
        )
        counts = {name: getattr(self, name) for name in names}
        instances = {name: [one.advice for one in found] for name, found in self.instances.items()}
        return {**counts, "instances": instances}


@dataclass(frozen=True)
class _Asked:
    """One request of the past and its answer, with what conditions may know; one that was refused has no answer."""

    advice: str
    body: Mapping[str, Any]
    sent: Mapping[str, Any]
    request: RequestFacts
    answer: AnswerFacts | None


def replay(
    database: Database,
    vault: Vault,
    before: Policy,
    after: Policy,
    *,
    redactor: Redactor | None = None,
    since: str = "",
    most: int | None = None,
) -> Impact:
    """Put the newest advice and refused requests of a policy before two versions of it.

    `since` as the log writes times, `most` of either. Without `redactor` a change of the redaction is left out of
    account.
    """
    again = redactor is not None and _redacts_otherwise(before, after)
    number = most or (_MAX_REDACTED if again else MAX_REPLAYED)
    sentences = before.counts_sentences or after.counts_sentences
    answered, refused, without_text = database.read(
        lambda connection: (
            list(_answered(connection, vault, sentences, policy=before.id, since=since, most=number)),
            list(_refused_requests(connection, vault, policy=before.id, since=since, most=number)),
            _refused_without_text.first(connection, policy=before.id, since=since),
        )
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    instances: dict[str, list[Instance]] = defaultdict(list)

    def note(kind: str, name: str, one: _Asked, text: str) -> None:
        counts[kind][name] += 1
        examples = instances[f"{kind}.{name}"]
        if len(examples) < _MAX_EXAMPLES:
            examples.append(Instance(one.advice, text))

    for one in (*answered, *refused):
        _compare(one, before, after, note)
        if redactor is not None and again:
            _compare_redaction(one, before, after, redactor, note)
    return Impact(
        len(answered),
        len(refused),
        counts["refused"],
        counts["admitted"].total(),
        counts["caveats_added"],
        counts["caveats_removed"],
        counts["newly_redacted"],
        counts["newly_left"],
        counts["gate"]["held"],
        counts["gate"]["shown"],
        0 if without_text is None else without_text["count"],
        dict(instances),
    )


def _compare(one: _Asked, before: Policy, after: Policy, note: Any) -> None:
    asked = _last_asked(one.sent)
    old, new = before.refusal(one.request), after.refusal(one.request)
    if new is not None and old is None:
        note("refused", new.id, one, asked)
    if old is not None and new is None:
        note("admitted", old.id, one, asked)
    if one.answer is None:
        return
    answered = one.answer.text[: 2 * _AROUND]
    if new is None and before.review.gate != after.review.gate:
        note("gate", "held" if after.review.gate == "release" else "shown", one, asked)
    was = {caveat.id for caveat in before.caveats_for(one.request, one.answer)}
    will = {caveat.id for caveat in after.caveats_for(one.request, one.answer)}
    for name in sorted(will - was):
        note("caveats_added", name, one, answered)
    for name in sorted(was - will):
        note("caveats_removed", name, one, answered)


def _redacts_otherwise(before: Policy, after: Policy) -> bool:
    return before.redaction != after.redaction or before.declared_tools != after.declared_tools


def _compare_redaction(one: _Asked, before: Policy, after: Policy, redactor: Redactor, note: Any) -> None:
    try:
        old, new = (_redact(one.body, policy, redactor) for policy in (before, after))
    except Exception:  # noqa: BLE001 - what can't be redacted would be refused, whatever the reason
        note("refused", "unreadable", one, _last_asked(one.sent))
        return
    for kind, mine, other in (("newly_redacted", new, old), ("newly_left", old, new)):
        known = {(pseudonym.type, pseudonym.value) for pseudonym in other.issued}
        for pseudonym in mine.issued:
            if (pseudonym.type, pseudonym.value) not in known:
                note(kind, pseudonym.type, one, _around(mine.request, pseudonym.text))


def _redact(body: Mapping[str, Any], policy: Policy, redactor: Redactor) -> RedactedRequest:
    return redactor.redact(
        body,
        keep=policy.redaction.keep,
        scripts=policy.redaction.scripts,
        also=policy.redaction.redact,
        tools=policy.declared_tools,
    )


def _answered(connection: Connection, vault: Vault, sentences: bool, **wanted: Any) -> Iterator[_Asked]:
    """`sentences`: whether those that rest on nothing are counted where that was left when the answer came."""
    for row in _newest.all(connection, **wanted):
        advice = Advice.from_row(row)
        opened = _open(connection, vault, advice.id, "request", "sent", "answer")
        if opened is None:
            continue
        request, sent, answer = opened
        said = _received(connection, advice.id)
        unsupported = said.get("unsupported_sentences")
        if sentences and unsupported is None:
            evidence = recorded_evidence(connection, vault, advice)
            unsupported = None if evidence is None else Evidence.from_json(evidence).unsupported_sentences
        facts = request_facts(request["body"], sorted(advice.redactions), advice.application, shipped_model())
        answered = AnswerFacts(
            "\n".join(answer_texts(answer)),
            said["entities"],
            sorted(said["added"]),
            said.get("unsupported_facts", 0),
            unsupported or 0,
        )
        yield _Asked(advice.id, request["body"], sent, facts, answered)


def _refused_requests(connection: Connection, vault: Vault, **wanted: Any) -> Iterator[_Asked]:
    for row in _newest_refused.all(connection, **wanted):
        opened = _open(connection, vault, row["advice"], "request", "sent")
        if opened is not None:
            request, sent = opened
            types = sorted(json.loads(row["redactions"]))
            facts = request_facts(request["body"], types, row["application"], shipped_model())
            yield _Asked(row["advice"], request["body"], sent, facts, None)


def _open(connection: Connection, vault: Vault, advice: str, *kinds: str) -> list[Any] | None:
    """The content of these kinds; None where it can't be opened."""
    try:
        return [vault.open_json(connection, advice=advice, kind=kind) for kind in kinds]
    except (SealedMissing, SealedDamaged):
        return None


def _received(connection: Connection, advice: str) -> dict[str, Any]:
    for row in _events.all(connection, advice=advice):
        event: dict[str, Any] = decode_event(stored_event(connection, row["event"]))
        if event["type"] == "advice.received":
            return event
    return {"entities": [], "added": {}}


def _last_asked(sent: Mapping[str, Any]) -> str:
    """The beginning of the last user message as it left."""
    facts = request_facts(sent)
    return " ".join(facts.asked)[: 2 * _AROUND]


def _around(request: Mapping[str, Any], pseudonym: str) -> str:
    text = request_facts(request).text
    place = text.find(pseudonym)
    return pseudonym if place < 0 else text[max(0, place - _AROUND) : place + len(pseudonym) + _AROUND]
