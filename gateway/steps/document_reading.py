"""Before step 3 of the pipeline: each file of a request becomes a text part in its place, to be redacted like any."""

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.documents import DocumentAtFault, DocumentLimits, read_apart
from gateway.errors import GatewayError

_DATA_URL: Final = re.compile(r"data:([^;,]{0,200})((?:;[^;,]{0,200}){0,5}),")
_MEMBERS: Final = frozenset(["filename", "file_data", "file_id"])
_MAX_NAME_LENGTH: Final = 500

Place = tuple[int, int]
"""The number of a message, and of a part within it."""


class DocumentReader:
    """Reads the documents of requests, as many requests at once as there are processors."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._turns = asyncio.Semaphore(os.cpu_count() or 1)

    async def read(self, request: dict[str, Any]) -> dict[str, Any]:
        """The request with text in place of its files; a `GatewayError` names the part that can't be read."""
        files = dict(_files(request["messages"]))
        if not files:
            return request
        documents = [_document(part, _param(place), self._limits) for place, part in files.items()]
        try:
            async with self._turns:
                texts = await asyncio.to_thread(read_apart, documents, self._limits)
        except DocumentAtFault as error:
            raise _unreadable(error.message, _param(list(files)[error.at])) from None
        read = {
            place: {**_other_members(part), "type": "text", "text": text}
            for (place, part), text in zip(files.items(), texts, strict=True)
        }
        return {**request, "messages": _replaced(request["messages"], read)}


def _files(messages: list[Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    for number, message in enumerate(messages):
        content = message.get("content") if isinstance(message, Mapping) else None
        for at, part in enumerate(content if isinstance(content, list) else ()):
            if isinstance(part, Mapping) and part.get("type") == "file":
                yield (number, at), part


def _replaced(messages: list[Any], read: Mapping[Place, dict[str, Any]]) -> list[Any]:
    changed = {number for number, _ in read}
    return [
        {**message, "content": [read.get((number, at), part) for at, part in enumerate(message["content"])]}
        if number in changed
        else message
        for number, message in enumerate(messages)
    ]


def _document(part: Mapping[str, Any], param: str, limits: DocumentLimits) -> tuple[str, str, str]:
    """Its name, media type and content in base64, which is decoded where it is read."""
    file = part.get("file")
    if not isinstance(file, Mapping):
        raise GatewayError("invalid_request", "A `file` part needs its `file`, an object.", param=param)
    if file.get("file_id") is not None:
        raise _unreadable(
            "The gateway keeps no files, so a `file_id` can't be read. Send the content as `file_data`.",
            param,
        )
    if not file.keys() <= _MEMBERS:
        raise GatewayError("invalid_request", "`file` has `filename` and `file_data` alone.", param=param)
    name, data = file.get("filename"), file.get("file_data")
    if not isinstance(data, str) or not (
        name is None or (isinstance(name, str) and len(name) <= _MAX_NAME_LENGTH)
    ):
        raise GatewayError(
            "invalid_request",
            f"`file_data` must be a string, and `filename` one of at most {_MAX_NAME_LENGTH} characters.",
            param=param,
        )
    media_type, content = _content(data, param)
    if len(content) // 4 * 3 > limits.bytes + 2:
        raise _unreadable(f"The file is larger than {limits.bytes} bytes. Send a smaller one.", param)
    return name or "", media_type, content


def _content(data: str, param: str) -> tuple[str, str]:
    """The media type and the base64 of a data URL, or of base64 alone."""
    if re.match(r"[a-z][a-z0-9+.-]*://", data, re.IGNORECASE):
        raise _unreadable(
            "The gateway fetches nothing, so a URL can't be read. Send the file's content.", param
        )
    if not data.startswith("data:"):
        return "", data
    url = _DATA_URL.match(data)
    if url is None or not url[2].endswith(";base64"):
        raise GatewayError(
            "invalid_request",
            "`file_data` must be a data URL in base64, such as data:application/pdf;base64,…",
            param=param,
        )
    return url[1], data[url.end() :]


def _other_members(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in ("type", "file")}


def _param(place: Place) -> str:
    return f"messages[{place[0]}].content[{place[1]}]"


def _unreadable(message: str, param: str) -> GatewayError:
    return GatewayError("unreadable_content", message, param=param)
