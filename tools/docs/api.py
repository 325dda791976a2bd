"""Writes docs/reference/api.md from the gateway's OpenAPI document, and from the models of the requests' bodies.

`python -m tools.docs.api`; a test compares the file with the code.
"""

import asyncio
import inspect
import io
import re
import textwrap
from collections.abc import Iterator
from contextlib import nullcontext, redirect_stdout
from typing import Any, Final

import httpx
from fastapi import APIRouter
from fastapi.routing import APIRoute

from gateway.api import (
    advice,
    advice_events,
    audit,
    build_application,
    chat,
    credentials,
    embeddings,
    health,
    log_key,
    models,
    oversight,
    retention,
    transcriptions,
)
from gateway.api.messages import routes as messages
from gateway.api.openapi import body_model
from gateway.api.responses import routes as responses
from tools.docs.hooks import DOCS

PAGE: Final = DOCS / "reference" / "api.md"
RESOURCES: Final = (
    chat,
    responses,
    messages,
    embeddings,
    transcriptions,
    models,
    advice,
    advice_events,
    audit,
    oversight,
    credentials,
    retention,
    log_key,
    health,
)

_HEAD: Final = """# API

All paths of the gateway. `tools/docs/api.py` writes this page from the OpenAPI document, which a
running gateway serves at `/openapi.json`. `python -m tools.docs.api` writes it anew.

Send the credential as `Authorization: Bearer …`: an application's key, or a person's token. A body
is one JSON object in UTF-8. [Errors](../errors.md) have OpenAI's shape.

`POST /v1/chat/completions` takes OpenAI's own body. `model` names a policy. These are added, each
in `metadata` or as a header:

| in `metadata` | as a header | meaning |
|---|---|---|
| `case` | `X-Countersign-Case` | the application's reference of the case; pseudonyms are the same within a case |
| `subjects` | `X-Countersign-Subjects` | a JSON list of names and identifiers that are always redacted |
| `on_behalf_of` | `X-Countersign-On-Behalf-Of` | the id of the person who asks |
| | `Idempotency-Key` | the same request with the same key gets the state of the first |
| | `Prefer: wait=60` | wait so many seconds for a decision |
"""


class _NoPages:
    router = APIRouter()


def page() -> str:
    """The whole page."""
    with redirect_stdout(io.StringIO()):  # the request's own log line
        document = asyncio.run(_document())
    parts = [_HEAD, *(_resource(module, document) for module in RESOURCES)]
    return "\n".join(parts).rstrip() + "\n"


async def _document() -> dict[str, Any]:
    app = build_application(
        lambda _: nullcontext(),  # type: ignore[arg-type, return-value]  # never begun
        origin="",
        verifier_keys=list,
        control_token="",
        pages=_NoPages(),  # type: ignore[arg-type]
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def _resource(module: Any, document: dict[str, Any]) -> str:
    title = module.__name__.removeprefix("gateway.api.").partition(".")[0].replace("_", " ").capitalize()
    lines = [f"## {title}", "", *textwrap.wrap(_plain(inspect.getdoc(module) or ""), 100), ""]
    for route in (one for one in module.router.routes if isinstance(one, APIRoute)):
        for method in sorted(route.methods):
            described = document["paths"][route.path_format][method.lower()]
            lines += [*_endpoint(method, route, described), ""]
    return "\n".join(lines)


def _endpoint(method: str, route: APIRoute, described: dict[str, Any]) -> Iterator[str]:
    yield f"### `{method} {route.path_format}`"
    yield ""
    yield from textwrap.wrap(_plain(described.get("description", "")), 100)
    rows = [
        f"| `{one['name']}` | {one['in']} | {_type(one['schema'])} | {_default(one)} |"
        for one in described.get("parameters", ())
    ]
    body = body_model(route)
    if body is not None:
        schema = body.model_json_schema()
        required = schema.get("required", ())
        rows += [
            f"| `{name}` | body | {_type(field)} | {_default({'schema': field, 'required': name in required})} |"
            for name, field in schema["properties"].items()
        ]
    if rows:
        yield ""
        yield "| name | in | type | default |"
        yield "|---|---|---|---|"
        yield from rows


def _type(schema: dict[str, Any]) -> str:
    choices = [one for one in schema.get("anyOf", (schema,)) if one.get("type") != "null"]
    return " or ".join(_one_type(one) for one in choices)


def _one_type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    kind = str(schema.get("type", "object"))
    if kind == "array":
        return f"list of {_one_type(schema.get('items', {}))}s"
    most = schema.get("maxLength", schema.get("maximum"))
    return f"{kind}, at most {most:,}" + (" characters" if kind == "string" else "") if most else kind


def _default(parameter: dict[str, Any]) -> str:
    if parameter.get("required"):
        return "required"
    default = parameter["schema"].get("default")
    return "" if default in (None, []) else f"`{default}`"


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
