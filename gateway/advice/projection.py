"""From events to state: the one place where the projections' tables are written.

The gateway calls `record` in the log's transaction; `rebuild` runs the same `project` over the stored events.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Text, bindparam, case, delete, func, null, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update  # SQLite reads the same words

from audit import Transaction, later
from gateway.advice.embedding import EMBEDDING_HANDLERS
from gateway.advice.oversight_projection import OVERSIGHT_HANDLERS, note_incident, note_policy
from gateway.advice.refused_requests import note_erased_refused, note_refused
from gateway.advice.retention_change import shorten
from gateway.advice.transcription import TRANSCRIPTION_HANDLERS, note_erased_transcript, shorten_transcripts
from gateway.advice.usage_projection import note_answer
from gateway.identity import PEOPLE_HANDLERS, note_use
from gateway.storage import PROJECTIONS, Connection, Statement, insertion, tables

Event = Mapping[str, Any]

_RETENTION_BEFORE_RECORDED: Final = {"content": 90 * 86_400, "pseudonyms": 30 * 86_400}
"""For advice from before `advice.requested` held it: the policies' default."""

_advice = tables.advice
_cases = tables.cases
_holds = tables.holds
_insert_advice = insertion(_advice)
_insert_advice_event = insertion(tables.advice_events)
_insert_call = insertion(tables.tool_calls)
_insert_decision = insertion(tables.decisions)
_insert_view = insertion(tables.views)
_insert_showing = insertion(tables.showings)
_insert_deleted_response = insertion(tables.deleted_responses)
_set_received = Statement(
    update(_advice)
    .values(
        status="pending",
        caveats=bindparam("new_caveats"),
        received_at=bindparam("new_time"),
        decide_by=bindparam("new_decide_by"),
        words=bindparam("new_words"),
        unsupported_facts=bindparam("new_unsupported_facts"),
    )
    .where(_advice.c.id == bindparam("advice_id"))
)
_set_settled = Statement(
    update(_advice)
    .values(
        status=bindparam("new_status"),
        settled_at=bindparam("new_time"),
        released_text=bindparam("new_text"),
        content_until=bindparam("new_content_until"),
    )
    .where(_advice.c.id == bindparam("advice_id"))
)
_set_released = Statement(
    update(_advice).values(released_at=bindparam("new_time")).where(_advice.c.id == bindparam("advice_id"))
)
_kept = Statement(
    select(
        _advice.c.id,
        _advice.c.scope,
        _advice.c.redactions,
        _advice.c.keep_content,
        _advice.c.keep_pseudonyms,
    ).where(_advice.c.id == bindparam("advice_id"))
)
_about = Statement(
    select(
        _advice.c.policy,
        _advice.c.application,
        _advice.c.gate,
        _advice.c.words,
        _advice.c.unsupported_facts,
        _advice.c.decide_by,
    ).where(_advice.c.id == bindparam("advice_id"))
)
_shown_at = Statement(
    select(tables.showings.c.shown_at).where(
        tables.showings.c.advice == bindparam("advice_id"), tables.showings.c.viewer == bindparam("to")
    )
)
_set_erased = Statement(
    update(_advice)
    .values(erased_at=bindparam("new_time"), erased_why=bindparam("new_why"), content_until=null())
    .where(_advice.c.id == bindparam("advice_id"))
)
_open_case = Statement(
    insert_or_update(_cases)
    .values(scope=bindparam("scope"), open=1)
    .on_conflict_do_update(index_elements=["scope"], set_={"open": _cases.c.open + 1})
)
_until = func.coalesce(_cases.c.pseudonyms_until, "")
_new_until = bindparam("new_until", type_=Text)
_longest = case((_new_until > _until, _new_until), else_=_until)
_settle_case = Statement(
    update(_cases)
    .values(open=_cases.c.open - 1, pseudonyms_until=func.nullif(_longest, ""))
    .where(_cases.c.scope == bindparam("which"))
)
_keep_case = Statement(
    update(_cases).values(pseudonyms_until=_longest).where(_cases.c.scope == bindparam("which"))
)
_forget_case = Statement(
    update(_cases).values(pseudonyms_until=null()).where(_cases.c.scope == bindparam("which"))
)
_insert_hold = insertion(_holds)
_delete_hold = Statement(
    delete(_holds).where(_holds.c.scope == bindparam("which"), _holds.c.why == bindparam("reason"))
)
_clear = [Statement(delete(table)) for table in PROJECTIONS]


def record(transaction: Transaction, event: Event) -> int:
    """Append `event` to the log and bring the projections up to it; gives its index."""
    index = transaction.append(event)
    project(transaction.connection, index, {**event, "time": transaction.now})
    return index


def project(connection: Connection, index: int, event: Event) -> None:
    """Apply one event."""
    if "advice" in event:
        _insert_advice_event.run(connection, advice=event["advice"], event=index)
    handler = _HANDLERS.get(event["type"])
    if handler is not None:
        handler(connection, index, event)


def rebuild(connection: Connection, events: Iterable[tuple[int, Event]]) -> int:
    """Empty the projections and make them again from `events`; gives how many were read."""
    for statement in _clear:
        statement.run(connection)
    count = 0
    for index, event in events:
        project(connection, index, event)
        count += 1
    return count


def _requested(connection: Connection, index: int, event: Event) -> None:
    retention = event.get("retention", _RETENTION_BEFORE_RECORDED)
    _insert_advice.run(
        connection,
        id=event["advice"],
        status="requested",
        policy=event["policy"]["id"],
        policy_version=event["policy"]["version"],
        application=event["actor"].removeprefix("application:"),
        scope=event.get("case", event["advice"]),
        requester=event.get("requester"),
        continues=event.get("continues"),
        gate=event["review"]["gate"],
        review=_text(event["review"]),
        redactions=_text(event["redactions"]),
        caveats="[]",
        requested_at=event["time"],
        received_at=None,
        decide_by=None,
        settled_at=None,
        released_text=None,
        released_at=None,
        tokens=0,
        used=None,
        words=None,
        unsupported_facts=None,
        keep_content=retention["content"],
        keep_pseudonyms=retention["pseudonyms"],
        content_until=None,
        erased_at=None,
        erased_why=None,
    )
    if "case" in event:
        _open_case.run(connection, scope=event["case"])


def _refused(connection: Connection, index: int, event: Event) -> None:
    note_incident(connection, index, event)
    note_refused(connection, index, event)


def _received(connection: Connection, index: int, event: Event) -> None:
    _set_received.run(
        connection,
        advice_id=event["advice"],
        new_caveats=_text(event["caveats"]),
        new_time=event["time"],
        new_decide_by=event["decide_by"],
        new_words=_words_to_read(event),
        new_unsupported_facts=event.get("unsupported_facts"),
    )
    note_answer(connection, event)


def _failed(connection: Connection, index: int, event: Event) -> None:
    _settled(connection, index, event)
    note_answer(connection, event)


def _settled(connection: Connection, index: int, event: Event) -> None:
    retention = _kept.first(connection, advice_id=event["advice"])
    if retention is None:
        return
    _set_settled.run(
        connection,
        advice_id=event["advice"],
        new_status=event["type"].removeprefix("advice."),
        new_time=event["time"],
        new_text=event.get("text"),
        new_content_until=later(event["time"], retention["keep_content"]),
    )
    if retention["scope"] != retention["id"]:
        issued = retention["redactions"] != "{}"
        until = later(event["time"], retention["keep_pseudonyms"]) if issued else ""
        _settle_case.run(connection, which=retention["scope"], new_until=until)


def _passed_on(connection: Connection, index: int, event: Event) -> None:
    _settled(connection, index, event)
    for reference in dict.fromkeys(event["calls"]):  # a model may give two calls one id
        _insert_call.run(connection, reference=reference, event=index, advice=event["advice"])


def _decided(connection: Connection, index: int, event: Event) -> None:
    about = _about.first(connection, advice_id=event["advice"])
    if about is None:
        return
    viewers = [event["actor"]]
    if about["gate"] == "use":  # the application shows it to its people; nobody need read it here
        viewers.append(f"application:{about['application']}")
    showings = (_shown_at.first(connection, advice_id=event["advice"], to=viewer) for viewer in viewers)
    _insert_decision.run(
        connection,
        advice=event["advice"],
        person=event["actor"].removeprefix("person:"),
        decision=event["decision"],
        text=event["text"],
        decided_at=event["time"],
        event=index,
        policy=about["policy"],
        application=about["application"],
        shown_at=next((row["shown_at"] for row in showings if row is not None), None),
        words=about["words"],
        changed=event.get("changed"),
        own_view=event.get("own_view"),
        passkey=event["signature"]["credential"] if "signature" in event else None,
        unsupported_facts=about["unsupported_facts"],
        late=int(about["decide_by"] is not None and event["time"] > about["decide_by"]),
    )
    note_use(connection, event)


def _viewed(connection: Connection, index: int, event: Event) -> None:
    person = event["actor"].removeprefix("person:")
    _insert_view.run(
        connection, advice=event["advice"], person=person, recorded_at=event["time"], event=index
    )


def _shown(connection: Connection, index: int, event: Event) -> None:
    _insert_showing.run(
        connection, advice=event["advice"], viewer=event["to"], shown_at=event["time"], event=index
    )


def _released(connection: Connection, index: int, event: Event) -> None:
    _set_released.run(connection, advice_id=event["advice"], new_time=event["time"])


def _response_deleted(connection: Connection, index: int, event: Event) -> None:
    _insert_deleted_response.run(connection, advice=event["advice"], deleted_at=event["time"], event=index)


def _erased(connection: Connection, index: int, event: Event) -> None:
    if "transcription" in event:
        note_erased_transcript(connection, event)
    elif "content" in event["erased"]:
        _set_erased.run(connection, advice_id=event["advice"], new_time=event["time"], new_why=event["why"])
        note_erased_refused(connection, event)
    if "pseudonyms" in event["erased"]:
        _forget_case.run(connection, which=event["case"])


def _missed(connection: Connection, index: int, event: Event) -> None:
    """A case in which nothing was found has kept nothing so far: what was reported must become due as well."""
    note_incident(connection, index, event)
    retention = _kept.first(connection, advice_id=event["advice"])
    if retention is not None and retention["scope"] != retention["id"]:
        until = later(event["time"], retention["keep_pseudonyms"])
        _keep_case.run(connection, which=retention["scope"], new_until=until)


def _policy_loaded(connection: Connection, index: int, event: Event) -> None:
    note_policy(connection, index, event)
    # Before it was told for whom, it was for all advice that was kept.
    if "retention" in event and event.get("retention_for", "all") == "all":
        shorten(connection, event["policy"]["id"], event["retention"])
        shorten_transcripts(connection, event["policy"]["id"], event["retention"])


def _hold_placed(connection: Connection, index: int, event: Event) -> None:
    _insert_hold.run(connection, scope=_held(event), why=event["why"], placed_at=event["time"], event=index)


def _hold_lifted(connection: Connection, index: int, event: Event) -> None:
    _delete_hold.run(connection, which=_held(event), reason=event["why"])


def _held(event: Event) -> str:
    return str(next(event[name] for name in ("advice", "transcription", "case") if name in event))


def _words_to_read(event: Event) -> int | None:
    """Of the answer and its caveats; unknown for events from before the answer's words were counted."""
    if "words" not in event:
        return None
    return int(event["words"]) + sum(len(caveat["text"].split()) for caveat in event["caveats"])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


_HANDLERS: Mapping[str, Callable[[Connection, int, Event], None]] = {
    "advice.requested": _requested,
    "advice.refused": _refused,
    "advice.received": _received,
    "advice.failed": _failed,
    "advice.accepted": _settled,
    "advice.rejected": _settled,
    "advice.expired": _settled,
    "advice.abandoned": _settled,
    "advice.passed_on": _passed_on,
    "advice.released": _released,
    "advice.shown": _shown,
    "advice.response_deleted": _response_deleted,
    "decision.recorded": _decided,
    "view.recorded": _viewed,
    "redaction.missed": _missed,
    "policy.loaded": _policy_loaded,
    "content.erased": _erased,
    "hold.placed": _hold_placed,
    "hold.lifted": _hold_lifted,
    **EMBEDDING_HANDLERS,
    **TRANSCRIPTION_HANDLERS,
    **OVERSIGHT_HANDLERS,
    **PEOPLE_HANDLERS,
}

PROJECTED = frozenset(_HANDLERS)
"""The event types that the projections are made of."""
