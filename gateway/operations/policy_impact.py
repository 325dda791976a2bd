"""What a changed policy would have done with the advice on record: counted, never shown.

The newest advice whose content is kept is put before the conditions of both versions. What was taken out of a request
and what stood in an answer is as it was recorded, so a change of `redaction` makes no difference here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import bindparam, exists, select

from audit import Log, decode_event
from gateway.advice import Advice, answer_texts
from gateway.evidence import shipped_model
from gateway.policy import AnswerFacts, Policy, RequestFacts, request_facts
from gateway.storage import Connection, Database, SealedDamaged, SealedMissing, Statement, Vault, tables

MOST_REPLAYED: Final = 200

_advice = tables.advice
_newest = Statement(
    select(_advice)
    .where(
        _advice.c.policy == bindparam("policy"),
        _advice.c.received_at.is_not(None),
        _advice.c.erased_at.is_(None),
        ~exists().where(tables.seeded.c.advice == _advice.c.id),
    )
    .order_by(_advice.c.requested_at.desc())
    .limit(bindparam("most"))
)
_events = Statement(
    select(tables.advice_events.c.event)
    .where(tables.advice_events.c.advice == bindparam("advice"))
    .order_by(tables.advice_events.c.event)
    .limit(3)
)


@dataclass(frozen=True)
class Impact:
    """Of so many pieces of advice: what would be refused now, and which caveats would come or go, by their ids."""

    looked_at: int
    refused: Mapping[str, int]
    admitted: int
    """That the version in force would refuse today, and the change would not."""
    caveats_added: Mapping[str, int]
    caveats_removed: Mapping[str, int]


def replay(database: Database, log: Log, vault: Vault, before: Policy, after: Policy) -> Impact:
    """Put the newest advice of a policy before two versions of it."""
    facts = database.read(lambda connection: _facts(connection, log, vault, before.id))
    refused, caveats_added, caveats_removed = Counter[str](), Counter[str](), Counter[str]()
    admitted = 0
    for request, answer in facts:
        old, new = before.refusal(request), after.refusal(request)
        if new is not None and old is None:
            refused[new.id] += 1
        if old is not None and new is None:
            admitted += 1
        was = {one.id for one in before.caveats_for(request, answer)}
        will = {one.id for one in after.caveats_for(request, answer)}
        caveats_added.update(will - was)
        caveats_removed.update(was - will)
    return Impact(len(facts), refused, admitted, caveats_added, caveats_removed)


def _facts(
    connection: Connection, log: Log, vault: Vault, policy: str
) -> Sequence[tuple[RequestFacts, AnswerFacts]]:
    found = []
    for row in _newest.all(connection, policy=policy, most=MOST_REPLAYED):
        advice = Advice.from_row(row)
        try:
            request, answer = (_open(connection, vault, advice.id, kind) for kind in ("request", "answer"))
        except (SealedMissing, SealedDamaged):
            continue
        said = _received(connection, log, advice.id)
        found.append(
            (
                request_facts(
                    request["body"], sorted(advice.redactions), advice.application, shipped_model()
                ),
                AnswerFacts(
                    "\n".join(answer_texts(answer)),
                    said["entities"],
                    sorted(said["added"]),
                    said.get("unsupported_facts", 0),
                    said.get("unsupported_sentences", 0),
                ),
            )
        )
    return found


def _received(connection: Connection, log: Log, advice: str) -> dict[str, Any]:
    for row in _events.all(connection, advice=advice):
        event: dict[str, Any] = decode_event(log.read(row["event"], row["event"] + 1)[0])
        if event["type"] == "advice.received":
            return event
    return {"entities": [], "added": {}}


def _open(connection: Connection, vault: Vault, advice: str, kind: str) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(vault.open(connection, advice=advice, kind=kind).content)
    return content
