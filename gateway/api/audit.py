"""The record over HTTP: C2SP tlog-tiles for mirrors, a search and proofs for readers."""

import asyncio
import base64
import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict

from audit import MAX_INTEGER, Log, decode_event, parse_checkpoint
from gateway.api.bodies import read_model
from gateway.api.callers import auditor_of, caller_of, is_operator
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.operations import disclose_content

router = APIRouter()


class OctetStream(Response):
    """Bytes."""

    media_type = "application/octet-stream"


_MAX_PAGE_SIZE = 200
_LOOKED_THROUGH = 20_000  # events that one search reads at most; `next` goes on from there


@router.get("/audit/checkpoint", response_class=PlainTextResponse)
async def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint (C2SP tlog-checkpoint)."""
    await auditor_of(request)
    services = services_of(request)
    note = await services.database.run_in_thread(services.log.checkpoint)
    return Response(note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@router.get("/audit/witnessed", response_class=PlainTextResponse)
async def witnessed(request: Request) -> Response:
    """The newest checkpoint that enough witnesses cosigned, with their cosignatures; 404 until there is one."""
    await auditor_of(request)
    newest = services_of(request).witnessing.newest
    if newest is None:
        raise GatewayError("unknown_event", "No checkpoint of this log is witnessed yet.")
    return Response(
        newest.note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


@router.get("/audit/log.vkey", response_class=PlainTextResponse)
async def verifier_key(request: Request) -> Response:
    """The log's verifier keys, one a line; compare them with what was published elsewhere."""
    await auditor_of(request)
    keys = "".join(f"{key}\n" for key in request.app.state.verifier_keys())
    return Response(keys, media_type="text/plain; charset=utf-8")


@router.get("/audit/tile/{path:path}", response_class=OctetStream)
async def tile(request: Request, path: str) -> Response:
    """A tile or an entry bundle (C2SP tlog-tiles); what is served under a path never changes."""
    await auditor_of(request)
    services = services_of(request)
    content = await services.database.run_in_thread(lambda: services.log.tile(f"tile/{path}"))
    headers = {"Cache-Control": "private, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    # Hashes don't compress; entries are text (C2SP tlog-tiles, Log entries: compress them at the HTTP layer).
    if path.startswith("entries/") and "gzip" in request.headers.get("accept-encoding", ""):
        content = await asyncio.to_thread(gzip.compress, content, 1, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return OctetStream(content, headers=headers)


class NewDisclosure(BaseModel):
    """Which content to take out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    advice: str
    kind: str


@router.post("/v1/audit/disclosures", status_code=201)
@takes(NewDisclosure)
async def disclose(request: Request) -> Response:
    """One piece of sealed content for somebody outside casework; for the operator at the machine only."""
    if not is_operator(request):
        await caller_of(request)
        raise GatewayError(
            "role_required", "Content is disclosed at the gateway's machine: `countersign audit disclose`."
        )
    services = services_of(request)
    body = await read_model(request, NewDisclosure)
    disclosure = await asyncio.to_thread(
        disclose_content,
        services.log,
        services.database,
        services.vault,
        body.advice,
        body.kind,
        "operator",
    )
    return JSONAnswer(
        {"object": "disclosure", "file": disclosure.file.decode(), "key": disclosure.key},
        201,
        {"Cache-Control": "no-store"},
    )


@router.get("/v1/audit/events")
async def events(
    request: Request,
    kind: Annotated[str | None, Query(alias="type")] = None,
    advice: str | None = None,
    start: Annotated[int, Query(ge=0, le=MAX_INTEGER)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MAX_PAGE_SIZE)] = 50,
) -> Response:
    """Events in the order of the log from index `start`, by type and advice. `next` is where to go on."""
    await auditor_of(request)
    return JSONAnswer(await asyncio.to_thread(_search, services_of(request).log, kind, advice, start, limit))


@router.get("/v1/audit/events/{index}/proof")
async def proof(request: Request, index: Annotated[int, Path(ge=0, le=MAX_INTEGER)]) -> Response:
    """One event with its inclusion proof (RFC 6962, 2.1.1) under the newest checkpoint; hashes in base64."""
    await auditor_of(request)
    services = services_of(request)
    proven = await services.database.run_in_thread(lambda: _prove(services.log, index))
    return JSONAnswer({**proven, "witnessed": services.witnessing.covers(index)})


def _search(log: Log, kind: str | None, advice: str | None, start: int, limit: int) -> dict[str, Any]:
    events: list[dict[str, Any]] = []
    index, size = start, log.size
    for index, raw in enumerate(log.read(start, min(size, start + _LOOKED_THROUGH)), start):
        event = decode_event(raw)
        if (kind is None or event["type"] == kind) and (advice is None or event.get("advice") == advice):
            events.append({"index": index, "event": event})
            if len(events) == limit:
                break
    return {
        "object": "list",
        "data": events,
        "next": index + 1 if index + 1 < size else None,
        "size": size,
    }


def _prove(log: Log, index: int) -> dict[str, Any]:
    note = log.checkpoint()
    size = parse_checkpoint(note).size
    if not 0 <= index < size:
        raise GatewayError("unknown_event", "The log has no event with this index yet.")
    raw = next(iter(log.read(index, index + 1)))
    return {
        "index": index,
        "size": size,
        "event": decode_event(raw),
        "entry": base64.b64encode(raw).decode(),
        "proof": [base64.b64encode(node).decode() for node in log.inclusion_proof(index, size)],
        "checkpoint": note.decode(),
    }
