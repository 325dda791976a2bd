"""The record for oversight: a search, one decision with its whole story and its proof, and files to take along."""

import asyncio
import csv
import io
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from fastapi import Response
from fastapi.responses import StreamingResponse

from audit import archive_log
from gateway.errors import GatewayError
from gateway.http import decode_cursor, encode_cursor
from gateway.identity import known_applications
from gateway.operations import Services
from gateway.oversight import (
    MAX_COUNTED,
    ProvenDecision,
    Search,
    decision_pdf,
    is_day,
    known_policies,
    prove,
    search,
)
from gateway.web.page_request import PageRequest
from gateway.web.problems import Problems
from gateway.web.renderer import page_headers

STATUSES: Final = ("pending", "accepted", "rejected", "expired", "failed", "passed_on", "abandoned")
STAGES: Final = ("scan", "pilot", "scale")

_FIELDS: Final = ("since", "until", "policy", "application", "stage", "status", "person")
_MAX_EXPORTED: Final = 10_000
_COLUMNS: Final = (
    "advice",
    "requested_at",
    "policy",
    "policy_version",
    "application",
    "status",
    "settled_at",
)


async def find(page: PageRequest) -> Response:
    """What matches, newest first, a page at a time."""
    fields = {name: page.query(name).strip() for name in _FIELDS}
    problems = Problems(page.language)
    conditions = _search(fields, problems, page)
    services = page.services
    result = None
    if not problems:
        after = decode_cursor(page.query("after") or None)
        result = await asyncio.to_thread(
            services.database.read, lambda connection: search(connection, conditions, after=after)
        )
    policies, applications = await services.database.fetch(
        lambda connection: (known_policies(connection), known_applications(connection))
    )
    query = urlencode({name: value for name, value in fields.items() if value})
    following = None
    if result is not None and result.more:
        last = result.advice[-1]
        following = f"/record?{query}&after={encode_cursor((last.requested_at, last.id))}"
    return page.render(
        "record.html",
        status=422 if problems else 200,
        problems=problems,
        given=fields,
        found=result,
        most_counted=MAX_COUNTED,
        policies=policies,
        applications=applications,
        statuses=STATUSES,
        stages=STAGES,
        following=following,
        first=f"/record?{query}" if page.query("after") else None,
        export=f"/record.csv?{query}",
        base_url=page.settings.url,
    )


async def export(page: PageRequest) -> Response:
    """The same, as a table (RFC 4180), as far as its first 10,000 rows."""
    problems = Problems(page.language)
    conditions = _search({name: page.query(name).strip() for name in _FIELDS}, problems, page)
    if problems:
        raise GatewayError("invalid_request", "A day is written 2026-11-24.")
    result = await asyncio.to_thread(
        page.services.database.read, lambda connection: search(connection, conditions, most=_MAX_EXPORTED)
    )
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for advice in result.advice:
        row = (
            advice.id,
            advice.requested_at,
            advice.policy,
            advice.policy_version,
            advice.application,
            advice.status,
        )
        table.writerow([*row, advice.settled_at or ""])
    return file_answer(text.getvalue().encode(), "record.csv", "text/csv; charset=utf-8")


async def whole_log(page: PageRequest) -> Response:
    """The whole log in one file, made while it is sent: `countersign-audit verify` reads it."""
    services = page.services
    newest = services.witnessing.newest
    keys = "".join(f"{key}\n" for key in page.request.app.state.verifier_keys())
    content = archive_log(
        services.log.checkpoint(), None if newest is None else newest.note, keys, services.log.tile
    )
    headers = {**page_headers(), "Content-Disposition": 'attachment; filename="audit-log.tar"'}
    return StreamingResponse(content, media_type="application/x-tar", headers=headers)


async def decision_record(page: PageRequest) -> Response:
    """One decision: every event in words, and whether its proof holds, checked while the page is made."""
    proven = await asyncio.to_thread(_proven, page.services, _advice(page))
    witnessed = page.services.witnessing.covers(proven.events[-1].index) if proven.events else False
    return page.render(
        "record-of-one.html", proven=proven, witnessed=witnessed, origin=proven.checked.proof.origin
    )


async def proof(page: PageRequest) -> Response:
    """The file that `countersign-audit check` reads."""
    proven = await asyncio.to_thread(_proven, page.services, _advice(page))
    return file_answer(proven.file, f"{proven.advice}.decision.json", "application/json")


async def document(page: PageRequest) -> Response:
    """The story as a document to print, with the proof's file inside it."""
    proven = await asyncio.to_thread(_proven, page.services, _advice(page))
    file = await asyncio.to_thread(decision_pdf, proven)
    return file_answer(file, f"{proven.advice}.decision.pdf", "application/pdf")


def file_answer(content: bytes, name: str, kind: str) -> Response:
    """A file to keep; `name` is ours, never what somebody typed."""
    headers = {**page_headers(), "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def _proven(services: Services, advice: str) -> ProvenDecision:
    newest = services.witnessing.newest
    return prove(
        services.log, services.database, services.verifiers, advice, None if newest is None else newest.note
    )


def _advice(page: PageRequest) -> str:
    return str(page.request.path_params["advice"])


def _search(fields: Mapping[str, str], problems: Problems, page: PageRequest) -> Search:
    for name in ("since", "until"):
        if fields[name] and not is_day(fields[name]):
            problems.add(name, problems._("Enter a real date, like 2026-11-24"))
    if fields["since"] and fields["until"] and not problems and fields["since"] > fields["until"]:
        problems.add("until", problems._("The last day must not be before the first"))
    if problems:
        return Search()
    return Search(**{name: value or None for name, value in fields.items()})
