"""Mails (EML) by the standard library: headers, the body, and what is attached."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Final

from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.html import text_of_html
from gateway.documents.plain_text import decoded
from gateway.documents.sections import Section, tidied

_HEADERS: Final = ("From", "To", "Cc", "Subject", "Date")
_TEXTS: Final = ("text/plain", "text/html")
_SIGNATURES: Final = frozenset(
    ["application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"]
)
_ENDINGS: Final = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "message/rfc822": ".eml",
    "text/html": ".html",
    "text/plain": ".txt",
}
_MAX_PARTS: Final = 500


@dataclass(frozen=True)
class Attachment:
    """A file within a mail, still to be read."""

    name: str
    media_type: str
    data: bytes


def read_mail(data: bytes, name: str) -> tuple[list[Section], list[Attachment]]:
    """The mail's own text as one section, and its attachments in order."""
    mail = message_from_bytes(data, policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes these
    lines = [f"{header}: {value}" for header in _HEADERS for value in mail.get_all(header, [])]
    body: list[str] = []
    attached: list[Attachment] = []
    for number, part in enumerate(_parts(mail, name), 1):
        if number > _MAX_PARTS:
            raise DocumentUnreadable(f"{name} has more than {_MAX_PARTS} parts.")
        kind = part.get_content_type()
        if _is_body(part):
            body.append(_text(part, name))
        elif kind in _SIGNATURES:
            body.append("[a signature here was not checked]")
        elif kind.startswith("image/") and not _is_attached(part):
            body.append("[an image here was not read]")
        else:
            attached.append(_attachment(part, len(attached) + 1, name))
    text = "\n".join(lines) + "\n\n" + "\n\n".join(body)
    return [Section("", tidied(text, name))], attached


def _parts(part: EmailMessage, name: str) -> Iterator[EmailMessage]:
    """The leaves of a mail in order; of alternatives the one that is read best."""
    if part.defects:
        raise DocumentUnreadable(f"{name} is damaged: it breaks off, or its parts don't end. Save it again.")
    if part.get_content_maintype() != "multipart":
        yield part
        return
    parts = [child for child in part.iter_parts() if isinstance(child, EmailMessage)]
    if part.get_content_type() == "multipart/alternative":
        leaves = [list(_parts(child, name)) for child in parts]
        yield from _best(leaves, name)
        return
    for child in parts:
        yield from _parts(child, name)


def _best(alternatives: list[list[EmailMessage]], name: str) -> list[EmailMessage]:
    """Plain text that says something, else HTML, else what comes last; attachments of the others stay."""
    for kind in _TEXTS:
        for parts in alternatives:
            if any(part.get_content_type() == kind and _text(part, name).strip() for part in parts):
                others = [other_part for rest in alternatives if rest is not parts for other_part in rest]
                return [*parts, *(other for other in others if _is_attached(other))]
    return alternatives[-1] if alternatives else []


def _is_body(part: EmailMessage) -> bool:
    return part.get_content_type() in _TEXTS and not _is_attached(part) and part.get_filename() is None


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment"


def _text(part: EmailMessage, name: str) -> str:
    """The words of a part, in the character set that it says."""
    text = decoded(_content(part, name), name, part.get_content_charset("utf-8"))
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _content(part: EmailMessage, name: str) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], Message):
            return inner[0].as_bytes()
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or part.defects:
        raise DocumentUnreadable(f"{name} is damaged: a part of it can't be decoded. Save it again.")
    return payload


def _attachment(part: EmailMessage, number: int, name: str) -> Attachment:
    kind = part.get_content_type()
    file_name = part.get_filename() or f"attachment {number}{_ENDINGS.get(kind, '')}"
    if kind == "message/rfc822" and not file_name.lower().endswith(".eml"):
        file_name += ".eml"
    if (
        kind in _TEXTS
    ):  # its character set is said in the mail alone, so that it goes on in UTF-8 with its mark
        text = decoded(_content(part, name), name, part.get_content_charset("utf-8"))
        return Attachment(file_name, kind, text.encode("utf-8-sig"))
    return Attachment(file_name, kind, _content(part, name))
