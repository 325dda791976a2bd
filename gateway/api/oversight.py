"""`/v1/oversight/measures` and `/v1/concerns`: how people decide, in figures; and what somebody says is wrong."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from audit import MAX_INTEGER
from gateway.api.bodies import read_model
from gateway.api.callers import auditor_of, caller_of
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.identity import Person
from gateway.oversight import (
    By,
    Concern,
    Figure,
    Measure,
    Question,
    Severity,
    State,
    answer_concern,
    as_csv,
    find_concern,
    is_day,
    list_alerts,
    list_concerns,
    raise_concern,
    words_of,
)

router = APIRouter()

_Limit = Annotated[int, Query(ge=1, le=100)]
_Index = Annotated[int | None, Query(ge=0, le=MAX_INTEGER)]
_Day = Annotated[str | None, Query(json_schema_extra={"format": "date"})]


@router.get("/v1/oversight/measures", responses={200: {"content": {"text/csv": {}}}})
async def measures(
    request: Request,
    by: By = "week",
    policy: str | None = None,
    application: str | None = None,
    decider: str | None = None,
    since: _Day = None,
    until: _Day = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Response:
    """Every measure with its definition, count and 95 % interval, by policy, application, week or decider."""
    await auditor_of(request)
    for name, day in (("since", since), ("until", until)):
        if day is not None and not is_day(day):
            raise GatewayError("invalid_request", f"`{name}` is a day such as 2026-11-24.", param=name)
    question = Question(by, policy, application, decider, since, until)
    figures = await asyncio.to_thread(services_of(request).measuring.answer, question)
    if form == "csv":
        name = f"measures-by-{question.by}.csv"
        return Response(
            as_csv(question, figures),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )
    return JSONAnswer(
        {"object": "list", "by": question.by, "data": [_measure(figure) for figure in figures]},
        headers={"Cache-Control": "no-store"},
    )


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "title": measure.title,
        "definition": measure.definition,
        "unit": measure.unit,
        "all": _figure(measure.whole),
        "groups": [{"group": figure.group, **_figure(figure)} for figure in measure.groups],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "count": figure.count,
        "value": figure.value,
        "interval": None if figure.low is None else [figure.low, figure.high],
        "hidden": figure.hidden,
    }


@router.get("/v1/oversight/alerts")
async def alerts(request: Request, limit: _Limit = 50) -> Response:
    """The newest alerts that policies' thresholds raised."""
    await auditor_of(request)
    rows = await services_of(request).database.fetch(lambda connection: list_alerts(connection, limit))
    return JSONAnswer({"object": "list", "data": rows})


class NewConcern(BaseModel):
    """What is wrong with one advice or with a policy, and how bad it is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    advice: str | None = Field(None, min_length=1, max_length=100)
    policy: str | None = Field(None, min_length=1, max_length=100)
    severity: Severity
    what: str = Field(min_length=1, max_length=10_000, pattern=r"\S")

    @model_validator(mode="after")
    def _one_subject(self) -> "NewConcern":
        if (self.advice is None) == (self.policy is None):
            raise ValueError("give either `advice` or `policy`")
        return self


class NewAnswer(BaseModel):
    """What became of a concern."""

    model_config = ConfigDict(extra="forbid", strict=True)

    state: Literal["upheld", "not_upheld"]
    answer: str = Field(min_length=1, max_length=10_000, pattern=r"\S")


@router.post("/v1/concerns", status_code=201)
@takes(NewConcern)
async def raise_one(request: Request) -> Response:
    """Raise a concern; anybody with a person's own token may."""
    person = await _person_of(request)
    services = services_of(request)
    new = await read_model(request, NewConcern)
    concern = await services.recorder.submit(
        lambda transaction: raise_concern(
            transaction,
            services.vault,
            services.policies,
            person,
            advice=new.advice,
            policy=new.policy,
            severity=new.severity,
            what=new.what,
        )
    )
    return JSONAnswer(_entry(concern), 201)


@router.get("/v1/concerns")
async def concerns(
    request: Request,
    state: State | None = None,
    before: _Index = None,
    limit: _Limit = 50,
) -> Response:
    """Concerns, newest first: oversight and admins see all, others those that they raised."""
    person = await _person_of(request)
    rows = await services_of(request).database.fetch(
        lambda connection: list_concerns(
            connection,
            state=state,
            raised_by=None if person.may_audit else person.actor,
            before=before,
            most=limit + 1,
        )
    )
    following = rows[limit - 1].event if len(rows) > limit else None
    return JSONAnswer({"object": "list", "data": [_entry(row) for row in rows[:limit]], "next": following})


@router.get("/v1/concerns/{concern}")
async def concern(request: Request, concern: str) -> Response:
    """One concern in its own words, to the person who raised it, oversight and admins."""
    person = await _person_of(request)
    services = services_of(request)
    found = await services.database.fetch(lambda connection: find_concern(connection, concern))
    if found is None or not (person.may_audit or found.raised_by == person.actor):
        raise GatewayError("unknown_concern", "There is no such concern for you; check its id.")
    words, answers = await services.database.fetch(
        lambda connection: words_of(connection, services.vault, found)
    )
    return JSONAnswer({**_entry(found), "what": words, "answers": answers})


@router.post("/v1/concerns/{concern}/answers", status_code=201)
@takes(NewAnswer)
async def answer_one(request: Request, concern: str) -> Response:
    """Say what became of a concern; takes the role admin."""
    person = await _person_of(request)
    if "admin" not in person.roles:
        raise GatewayError("role_required", "Answering a concern takes the role admin.")
    services = services_of(request)
    new = await read_model(request, NewAnswer)
    answered = await services.recorder.submit(
        lambda transaction: answer_concern(
            transaction, services.vault, person, concern, state=new.state, answer=new.answer
        )
    )
    return JSONAnswer(_entry(answered), 201)


async def _person_of(request: Request) -> Person:
    caller = await caller_of(request)
    if not isinstance(caller, Person):
        raise GatewayError("person_required", "This takes a person's own token in `Authorization`.")
    return caller


def _entry(concern: Concern) -> dict[str, Any]:
    return {
        "object": "concern",
        "id": concern.id,
        "advice": concern.advice,
        "policy": concern.policy,
        "severity": concern.severity,
        "state": concern.state,
        "raised_by": concern.raised_by,
        "raised_at": concern.raised_at,
        "answered_at": concern.answered_at,
    }
