"""The text of a document as it goes on: sections, each under a heading that names the file and the page."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from gateway.documents.document_limits import Budget
from gateway.documents.document_unreadable import DocumentUnreadable

_LINE_ENDS: Final = re.compile(r"[ \t]*(?:\r\n?|\n|\f|\v|\x85|\u2028|\u2029)")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_MAX_UNDECODED: Final = 0.01
"""The share of a section's characters that may stand for nothing; above it the text can't have been decoded."""
_UNDECODED: Final = frozenset(["Cc", "Cn", "Co", "Cs"])


@dataclass(frozen=True)
class Section:
    """One page or other part of a document: `place` is such as "page 1", or empty for all of it."""

    place: str
    text: str


def tidied(text: str, whose: str) -> str:
    """`text` with plain line ends; refused if much of it stands for no character."""
    lines = _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", text)).strip()
    if lines.isascii() and lines.replace("\n", " ").replace("\t", " ").isprintable():
        return lines
    kept = [line for line in lines if line in "\n\t" or not _is_undecoded(line)]
    if len(lines) - len(kept) > _MAX_UNDECODED * len(lines):
        raise DocumentUnreadable(f"{whose} holds characters that can't be decoded. Send it as text.")
    return "".join(kept)


def written(name: str, sections: list[Section], budget: Budget) -> str:
    """All sections, each under its heading."""
    parts = []
    for section in sections:
        heading = f"[{name}, {section.place}]" if section.place else f"[{name}]"
        parts.append(f"{heading}\n{section.text}".rstrip())
        budget.use_characters(len(parts[-1]), name)
    return "\n\n".join(parts)


def _is_undecoded(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in _UNDECODED
