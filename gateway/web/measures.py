"""The measures of oversight: all at a glance, each with its chart, its table and its file, and the alerts."""

import asyncio
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Response

from gateway.errors import GatewayError
from gateway.identity import known_applications
from gateway.oversight import (
    GROUPINGS,
    BarChart,
    By,
    Measure,
    Question,
    as_csv,
    draw,
    draw_picture,
    drawings,
    is_day,
    known_policies,
    lines_of,
    list_alerts,
)
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems
from gateway.web.record import file_answer
from gateway.web.renderer import page_headers

_FIELDS: Final = ("by", "policy", "application", "decider", "since", "until")
_MAX_ALERTS: Final = 10
_CHART: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A chart is shown as an image: its styles stand in it, and nothing in it can act."""


async def overview(page: PageRequest) -> Response:
    """Every measure over all that is asked about, and the newest alerts."""
    fields, problems = _given(page)
    question = _question(fields)
    measures = [] if problems else await _answer(page, question, grouped=False)
    pictures = [] if problems else await _pictures(page, question)
    alerts = await page.services.database.fetch(lambda connection: list_alerts(connection, _MAX_ALERTS))
    says = {(policy.id, alert.id): alert.say for policy in page.services.policies for alert in policy.alerts}
    return page.render(
        "measures.html",
        status=422 if problems else 200,
        problems=problems,
        measures=measures,
        pictures=pictures,
        alerts=alerts,
        says=says,
        **await _form(page, fields),
    )


async def measure_page(page: PageRequest) -> Response:
    """One measure by group, with its chart."""
    fields, problems = _given(page)
    if problems:
        return await overview(page)
    figure = await _figure(page, _question(fields))
    return page.render("measure.html", measure=figure, problems=problems, **await _form(page, fields))


async def chart(page: PageRequest) -> Response:
    """The same as a picture."""
    fields, problems = _given(page)
    if problems:
        raise GatewayError("invalid_request", "A day is written 2026-11-24.")
    figure = await _figure(page, _question(fields))
    lines = lines_of(figure.id, _question(fields), page.services.policies)
    return image_answer(await asyncio.to_thread(draw, figure, lines))


async def picture(page: PageRequest) -> Response:
    """One of the pictures on the first page, as an image."""
    fields, problems = _given(page)
    if problems:
        raise GatewayError("invalid_request", "A day is written 2026-11-24.")
    name = page.request.path_params["picture"]
    match = next(
        (drawing for drawing in await _pictures(page, _question(fields)) if drawing.id == name), None
    )
    if match is None:
        raise GatewayError("not_found", "There is no such picture.")
    return image_answer(await asyncio.to_thread(draw_picture, match, page.language.words.gettext))


def image_answer(picture: bytes) -> Response:
    """A chart as browsers show it."""
    headers = {**page_headers(), "Content-Security-Policy": _CHART}
    return Response(picture, media_type="image/svg+xml", headers=headers)


async def table(page: PageRequest) -> Response:
    """Every measure by group, as a file."""
    fields, problems = _given(page)
    if problems:
        raise GatewayError("invalid_request", "A day is written 2026-11-24.")
    question = _question(fields)
    text = as_csv(question, await _answer(page, question))
    return file_answer(text.encode(), f"measures-by-{question.by}.csv", "text/csv; charset=utf-8")


async def _figure(page: PageRequest, question: Question) -> Measure:
    name = page.request.path_params["measure"]
    answer = await _answer(page, question, only={name})
    if not answer:
        raise GatewayError("not_found", "There is no such measure.")
    return answer[0]


async def _pictures(page: PageRequest, question: Question) -> list[BarChart]:
    services = page.services
    return await asyncio.to_thread(drawings, services.measuring, question, list(services.policies))


async def _answer(
    page: PageRequest, question: Question, *, only: Collection[str] | None = None, grouped: bool = True
) -> list[Measure]:
    return await asyncio.to_thread(page.services.measuring.answer, question, only=only, grouped=grouped)


def _given(page: PageRequest) -> tuple[dict[str, str], Problems]:
    fields = {name: page.query(name).strip() for name in _FIELDS}
    problems = Problems(page.language)
    for name in ("since", "until"):
        if fields[name] and not is_day(fields[name]):
            problems.add(name, problems._("Enter a real date, like 2026-11-24"))
    return fields, problems


def _question(fields: dict[str, str]) -> Question:
    groupings: dict[str, By] = {grouping: grouping for grouping in GROUPINGS}
    filters = {name: fields[name] or None for name in _FIELDS if name != "by"}
    return Question(groupings.get(fields["by"], "week"), **filters)


async def _form(page: PageRequest, fields: dict[str, str]) -> dict[str, Any]:
    policies, applications = await page.services.database.fetch(
        lambda connection: (known_policies(connection), known_applications(connection))
    )
    shown = {**fields, "by": fields["by"] if fields["by"] in GROUPINGS else "week"}
    return {
        "given": shown,
        "groupings": GROUPINGS,
        "policies": policies,
        "applications": applications,
        "query": urlencode({name: value for name, value in shown.items() if value}),
    }
