"""The input items of a stored request, as OpenAI lists them."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from gateway.errors import GatewayError

_PREFIXES: Final = {"message": "msg", "function_call": "fc", "function_call_output": "fco", "reasoning": "rs"}
MAX_ITEMS: Final = 100
"""On one page."""


def list_items(
    advice: str, original: str | list[Any], *, order: Literal["asc", "desc"], after: str | None, limit: int
) -> dict[str, Any]:
    """A page of the items of `input`; `after` is the id of the last one of the page before."""
    messages = [{"role": "user", "content": original}] if isinstance(original, str) else original
    items = [_item(item, advice, at) for at, item in enumerate(messages)]
    if order == "desc":
        items.reverse()
    if after is not None:
        ids = [item["id"] for item in items]
        if after not in ids:
            raise GatewayError("invalid_request", "`after` names none of these items.", param="after")
        items = items[ids.index(after) + 1 :]
    page = items[:limit]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": len(items) > limit,
    }


def _item(item: Mapping[str, Any], advice: str, at: int) -> dict[str, Any]:
    kind = item.get("type") or "message"
    complete = {**item, "type": kind, "id": item.get("id") or f"{_PREFIXES[kind]}_{advice}_in_{at}"}
    if kind == "message":
        part = _output_text if item["role"] == "assistant" else _input_text
        content = item["content"]
        complete["content"] = [part(content)] if isinstance(content, str) else content
    return complete if kind == "reasoning" else {**complete, "status": item.get("status") or "completed"}


def _input_text(text: str) -> dict[str, Any]:
    return {"type": "input_text", "text": text}


def _output_text(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}
