"""`document` blocks of the Messages API as file parts of a chat message, which the pipeline reads."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from gateway.api.messages.fields import invalid, the_object, the_string
from gateway.errors import GatewayError

_MEMBERS: Final = frozenset(["type", "source", "title", "context", "citations", "cache_control"])
_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/html": ".html",
    "message/rfc822": ".eml",
    "text/plain": ".txt",
}
_NOT_HERE: Final = frozenset(["url", "file", "content"])


def document_parts(block: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    """The document as a file part, behind its `context` where it has one."""
    if not block.keys() <= _MEMBERS:
        raise invalid(field, "has a member that can't be passed on to a model here; leave it out.")
    if the_object(block.get("citations") or {}, f"{field}.citations").get("enabled"):
        raise invalid(f"{field}.citations", "can't be passed on to a model here; leave it out.")
    media_type, content = _source(block, field)
    file = {"file_data": f"data:{media_type};base64,{content}", "filename": _name(block, field, media_type)}
    part = {"type": "file", "file": file}
    if block.get("context") is None:
        return [part]
    return [{"type": "text", "text": the_string(block["context"], f"{field}.context")}, part]


def _source(block: Mapping[str, Any], field: str) -> tuple[str, str]:
    """The media type, and the content in base64."""
    source, within = the_object(block.get("source"), f"{field}.source"), f"{field}.source"
    kind = the_string(source.get("type"), f"{within}.type")
    if kind in _NOT_HERE:
        raise GatewayError(
            "unreadable_content",
            f"A source of type `{kind}` can't be read here: the gateway keeps no files and fetches none."
            " Send the content in base64 or as text.",
            param=field,
        )
    if kind not in ("base64", "text"):
        raise invalid(f"{within}.type", "must be `base64` or `text`.")
    data = the_string(source.get("data"), f"{within}.data")
    if kind == "base64":
        return the_string(source.get("media_type"), f"{within}.media_type"), data
    return "text/plain", base64.b64encode(data.encode(errors="surrogatepass")).decode()


def _name(block: Mapping[str, Any], field: str, media_type: str) -> str:
    """Its title; what stands behind a title's last dot says nothing of its kind, so that the kind's ending follows."""
    title = "document" if block.get("title") is None else the_string(block["title"], f"{field}.title")
    ending = _ENDINGS.get(media_type, "")
    return title if title.lower().endswith(ending) else title + ending
