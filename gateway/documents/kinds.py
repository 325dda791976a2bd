"""Determines the kind of a document: its content, its name and its media type must agree."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from gateway.documents.document_unreadable import DocumentUnreadable

Kind = Literal["pdf", "docx", "html", "eml", "text"]

READABLE: Final = "PDF, DOCX, HTML, EML and plain text can be read"
_ENDINGS: Final[dict[str, Kind]] = {
    "pdf": "pdf",
    "docx": "docx",
    "html": "html",
    "htm": "html",
    "eml": "eml",
    "txt": "text",
    "text": "text",
    "md": "text",
    "csv": "text",
}
_MEDIA_TYPES: Final[dict[str, Kind]] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/html": "html",
    "message/rfc822": "eml",
    "text/plain": "text",
    "text/markdown": "text",
    "text/csv": "text",
}
_SAYS_NOTHING: Final = frozenset(["", "application/octet-stream", "binary/octet-stream"])
_ENDING: Final = re.compile(r"\.([A-Za-z0-9]{1,10})$")
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_HTML_START: Final = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_HEADER: Final = re.compile(rb"([!-9;-~]{1,76}):[^\n]*\n(?:[ \t][^\n]*\n)*")
_MAIL_HEADERS: Final = frozenset(
    [b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path"]
)
_BEGINNING: Final = 65_536


@dataclass(frozen=True)
class Document:
    """A file as it came: its name and media type as its sender gave them, or empty."""

    name: str
    media_type: str
    data: bytes


def kind_of(document: Document, name: str) -> Kind:
    """The kind to read it as; `DocumentUnreadable` if it is none that can be read, or its signs disagree."""
    kind = _declared_kind(document, name)
    if not document.data.strip():
        raise DocumentUnreadable(f"{name} is empty.")
    if not _is_of(kind, document.data):
        _refuse_by_content(document.data, name)
        raise DocumentUnreadable(
            f"{name} holds something else than its name or its media type says. Send it as what it is."
        )
    return kind


def _declared_kind(document: Document, name: str) -> Kind:
    media_type = document.media_type.partition(";")[0].strip().lower()
    ending = _ENDING.search(document.name)
    kinds = set()
    if ending is not None:
        kinds.add(_ENDINGS.get(ending[1].lower()))
    if media_type not in _SAYS_NOTHING:
        kinds.add(_MEDIA_TYPES.get(media_type))
    if len(kinds) > 1 and None not in kinds:
        raise DocumentUnreadable(f"The name of {name} and its media type say different kinds of file.")
    kind = next(iter(kinds), None)
    if len(kinds) != 1 or kind is None:
        raise DocumentUnreadable(f"{name} is of a kind that can't be read. {READABLE}.")
    return kind


def _is_of(kind: Kind, data: bytes) -> bool:
    match kind:
        case "pdf":
            return data.startswith(b"%PDF-")
        case "docx":
            return data.startswith(b"PK\x03\x04")
        case "html":
            return not _is_binary(data) and _HTML.search(_beginning(data)) is not None
        case "eml":
            return b"\x00" not in data and len(_mail_headers(data)) > 1
        case "text":
            beginning = _beginning(data)
            mail = b"mime-version" in _mail_headers(data)
            return not (_is_binary(data) or mail or _HTML_START.match(beginning))


def _refuse_by_content(data: bytes, name: str) -> None:
    """Say of what is often mistaken what it is."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise DocumentUnreadable(
            f"{name} is encrypted, or of an old format. Save it as DOCX, without a password."
        )


def _is_binary(data: bytes) -> bool:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        return False
    return b"\x00" in data or data.startswith((b"%PDF-", b"PK\x03\x04", b"{\\rtf"))


def _beginning(data: bytes) -> bytes:
    """The first characters of a text; of UTF-16 those of ASCII."""
    beginning = data[:_BEGINNING].removeprefix(b"\xef\xbb\xbf")
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning[2:].replace(b"\x00", b"")
    return beginning


def _mail_headers(data: bytes) -> set[bytes]:
    """The names of the headers that a mail begins with, of those that mails have."""
    beginning = _beginning(data).replace(b"\r\n", b"\n")
    headers: set[bytes] = set()
    at = 0
    while header := _HEADER.match(beginning, at):
        headers.add(header[1].lower())
        at = header.end()
    return headers & _MAIL_HEADERS
