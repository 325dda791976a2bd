"""One document of any kind as text."""

from gateway.documents.document_limits import Budget
from gateway.documents.document_names import shown_name
from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.docx import read_docx
from gateway.documents.html import read_html
from gateway.documents.kinds import Document, Kind, kind_of
from gateway.documents.mail import Attachment, read_mail
from gateway.documents.pdf import read_pdf
from gateway.documents.plain_text import read_plain_text
from gateway.documents.sections import Section, written

_DEEPEST = 5
"""Mails within mails."""


def read_document(document: Document, number: int, budget: Budget) -> str:
    """The text of a request's document of this number, with a heading for each page.

    `DocumentUnreadable` for whatever goes wrong.
    """
    return _read(document, shown_name(document.name, f"document {number}"), budget, 0)


def _read(document: Document, name: str, budget: Budget, depth: int) -> str:
    budget.check_size(len(document.data), name)
    try:
        kind = kind_of(document, name)
        sections, attached = _sections(kind, document.data, name, budget)
    except DocumentUnreadable:
        raise
    except Exception:  # noqa: BLE001 - whatever a library raises on a hostile file, it could not be read
        sections, attached = [], None
    if attached is None:
        raise DocumentUnreadable(f"{name} is damaged and can't be read. Save it again.")
    if not any(section.text for section in sections):
        raise DocumentUnreadable(f"{name} holds no text.")
    texts = [written(name, sections, budget)]
    if attached and depth == _DEEPEST:
        raise DocumentUnreadable(
            f"In {name} mails are attached to mails too deeply. Send them by themselves."
        )
    for number, item in enumerate(attached, 1):
        inner = Document(item.name, item.media_type, item.data)
        texts.append(
            _read(
                inner,
                f"{shown_name(item.name, f'attachment {number}')}, in {name}",
                budget,
                depth + 1,
            )
        )
    return "\n\n".join(texts)


def _sections(kind: Kind, data: bytes, name: str, budget: Budget) -> tuple[list[Section], list[Attachment]]:
    match kind:
        case "pdf":
            return read_pdf(data, name, budget), []
        case "docx":
            return read_docx(data, name), []
        case "html":
            return read_html(data, name), []
        case "eml":
            return read_mail(data, name)
        case "text":
            return read_plain_text(data, name), []
