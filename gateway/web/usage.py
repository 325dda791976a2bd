"""What models were used for in a month, for admins: table, chart and file."""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Response

from gateway.errors import GatewayError
from gateway.oversight import (
    USAGE_GROUPINGS,
    Usage,
    UsageBy,
    draw_amounts,
    is_month,
    limit_warnings_in,
    usage_by,
    usage_csv,
    usage_of_month,
    usage_total,
)
from gateway.storage import Row
from gateway.web.measures import image_answer
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems
from gateway.web.record import file_answer

_MICRO: Final = 1_000_000
_SHOWN: Final = 20
"""Bars of a chart at most: the largest, or the newest days."""


async def overview(page: PageRequest) -> Response:
    """A month's usage by group."""
    month, by, problems = _given(page)
    rows = [] if problems else await _rows(page, month)
    warnings = [] if problems else await _limit_warnings(page, month)
    groups = usage_by(rows, by)
    return page.render(
        "usage.html",
        status=422 if problems else 200,
        problems=problems,
        given={"month": page.query("month").strip() or month, "by": by},
        groupings=USAGE_GROUPINGS,
        groups=groups,
        total=usage_total(rows),
        warnings=warnings,
        drawn=_unit(groups),
        query=urlencode({"month": month, "by": by}),
    )


async def chart(page: PageRequest) -> Response:
    """The same as a picture: cost where all of it is in one currency, else tokens."""
    month, by, _ = _required(page)
    groups = usage_by(await _rows(page, month), by)
    unit = _unit(groups)
    amounts = [
        (group.group or page.language.words.gettext("nobody named"), _amount(group, unit)) for group in groups
    ]
    if by != "day":
        amounts = sorted(amounts, key=lambda pair: pair[1], reverse=True)[:_SHOWN]
    return image_answer(await asyncio.to_thread(draw_amounts, amounts, unit))


async def table(page: PageRequest) -> Response:
    """Every policy, application, person and model, as a file."""
    month, _, _ = _required(page)
    text = usage_csv(await _rows(page, month), month)
    return file_answer(text.encode(), f"usage-{month}.csv", "text/csv; charset=utf-8")


async def _rows(page: PageRequest, month: str) -> list[Row]:
    return await page.services.database.fetch(lambda connection: usage_of_month(connection, month))


async def _limit_warnings(page: PageRequest, month: str) -> list[Any]:
    return list(await page.services.database.fetch(lambda connection: limit_warnings_in(connection, month)))


def _given(page: PageRequest) -> tuple[str, UsageBy, Problems]:
    problems = Problems(page.language)
    month = page.query("month").strip() or datetime.now(UTC).strftime("%Y-%m")
    if not is_month(month):
        problems.add("month", problems._("Enter a month, like 2026-11"))
    groupings: dict[str, UsageBy] = {grouping: grouping for grouping in USAGE_GROUPINGS}
    return month, groupings.get(page.query("by"), "policy"), problems


def _required(page: PageRequest) -> tuple[str, UsageBy, Problems]:
    month, by, problems = _given(page)
    if problems:
        raise GatewayError("invalid_request", "A month is written 2026-11.")
    return month, by, problems


def _unit(groups: list[Usage]) -> str:
    currencies = {currency for group in groups for currency in group.micro}
    paid = any(micro for group in groups for micro in group.micro.values())
    return currencies.pop() if len(currencies) == 1 and paid else "tokens"


def _amount(usage: Usage, unit: str) -> float:
    return usage.tokens if unit == "tokens" else usage.micro[unit] / _MICRO
