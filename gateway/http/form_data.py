"""Forms with files, multipart/form-data (RFC 7578), read in memory: what comes with them never lies in a file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Final

from gateway.errors import GatewayError

_MAX_PARTS: Final = 64
_MAX_HEAD: Final = 8_192
_PARAMETER: Final = re.compile(r';\s*(name|filename)="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_ESCAPED: Final = re.compile(r'\\(["\\])')


@dataclass(frozen=True)
class Part:
    """One field of a form: a file if it has a name of one."""

    name: str
    data: bytes = field(repr=False)
    file_name: str | None = field(default=None, repr=False)
    media_type: str = ""


def parse_form(body: bytes, content_type: str) -> list[Part]:
    """The fields in their order; a 400 `GatewayError` where it is no such form."""
    delimiter = b"--" + _boundary(content_type)
    delimited = body if body.startswith(delimiter) else body[body.find(b"\r\n" + delimiter) + 2 :]
    if not delimited.startswith(delimiter) or delimited.count(b"\r\n" + delimiter) > _MAX_PARTS:
        raise _no_form()
    pieces = delimited[len(delimiter) :].split(b"\r\n" + delimiter)
    if not pieces.pop().startswith(b"--"):
        raise _no_form()
    return [_part(piece) for piece in pieces]


def _boundary(content_type: str) -> bytes:
    header = Message()
    header["content-type"] = content_type
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str) or not boundary:
        raise _no_form()
    return boundary.encode("latin-1", "replace")


def _part(piece: bytes) -> Part:
    padding, line, rest = piece.partition(b"\r\n")
    head, blank, data = rest.partition(b"\r\n\r\n")
    if padding.strip(b" \t") or not line or not blank or len(head) > _MAX_HEAD:
        raise _no_form()
    headers = dict(_headers(head))
    disposition = headers.get("content-disposition", "")
    parameters = {name.lower(): _ESCAPED.sub(r"\1", value) for name, value in _PARAMETER.findall(disposition)}
    if not disposition.lower().startswith("form-data") or "name" not in parameters:
        raise _no_form()
    return Part(parameters["name"], data, parameters.get("filename"), headers.get("content-type", ""))


def _headers(head: bytes) -> Iterator[tuple[str, str]]:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _no_form() -> GatewayError:
    return GatewayError(
        "invalid_request", "The body must be a whole form, multipart/form-data, with a `file` and a `model`."
    )
