"""Masking a stream: what the model makes up is replaced before anybody sees it.

A sentence or a line is let go once it is whole and read, behind what came before it; JSON once all of it has come,
since its values are read with the names of their members.
"""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from gateway.redaction.answers.additions import TITLES
from gateway.redaction.answers.inspector import Inspection, Inspector
from gateway.redaction.answers.stream_texts import Filter, StreamTexts
from gateway.redaction.answers.texts import TextKind, TextPlace, gathered, rewrite_text, without_places

_END: Final = re.compile(r"\n|[.!?][\"'”’)\]*_]{0,3}\s+(?=\S)")
_LAST_WORD: Final = re.compile(r"([^\W_]+)\Z")
_BEFORE: Final = 300
"""How much of what was let go is read with what comes next, since it says what that is."""
_MAX_LENGTH: Final = 1_000
"""How much is kept back at most where no sentence ends."""


class StreamMask(StreamTexts):
    """Masks one stream: `feed` each chunk, then `end` for what is left if the stream ended early."""

    def __init__(self, inspector: Inspector, *, json_content: bool) -> None:
        super().__init__(partial(_mask, inspector), self._filter, without_places)
        self._inspector = inspector
        self._json_content = json_content

    def inspection(self, completion: Mapping[str, Any]) -> Inspection:
        """What stood in all that was fed, of which `completion` is what was let go."""
        return self._inspector.inspection(completion, marks=True)

    def _filter(self, place: TextPlace) -> Filter:
        is_json = place.kind is TextKind.ARGUMENTS or (place.kind is TextKind.CONTENT and self._json_content)
        return _Text(self._inspector, place, is_json=is_json)


def _mask(inspector: Inspector, text: str, place: TextPlace) -> str:
    added = inspector.read(gathered(lambda visit: rewrite_text(text, place, visit)))
    return rewrite_text(text, place, lambda text, place: inspector.masked(text, place, added))


class _Text:
    def __init__(self, inspector: Inspector, place: TextPlace, *, is_json: bool) -> None:
        self._inspector = inspector
        self._place = place
        self._is_json: bool | None = is_json or None  # until it has begun
        self._before = ""
        self._kept = ""

    def feed(self, text: str, *, final: bool = False) -> str:
        self._kept += text
        if self._is_json is None and self._kept.strip():
            self._is_json = self._kept.lstrip()[0] in "{["
        end = len(self._kept) if final else 0 if self._is_json else _end_of(self._kept)
        piece, self._kept = self._kept[:end], self._kept[end:]
        if not piece:
            return ""
        if self._is_json:
            return _mask(self._inspector, piece, self._place)
        text = self._before + piece
        added = self._inspector.read([(text, self._place)])
        masked = self._inspector.masked(text, self._place, added, first=len(self._before))
        self._before = text if len(text) <= _BEFORE else text[-_BEFORE:].partition(" ")[2]
        return masked


def _end_of(text: str) -> int:
    """Where the last sentence or line that is whole ends, else 0."""
    end = 0
    for match in _END.finditer(text):
        if "\n" in match[0] or not _is_short_form(text, match.start()):
            end = match.end()
    if not end and len(text) > _MAX_LENGTH:
        end = text.rfind(" ") + 1
    return end


def _is_short_form(text: str, stop: int) -> bool:
    """Whether the stop there stands behind an initial or a title: "Mr.", "J."."""
    word = _LAST_WORD.search(text, max(0, stop - 30), stop) if text[stop] == "." else None
    if word is None:
        return False
    return (len(word[1]) == 1 and word[1].isupper()) or word[1].lower() in TITLES
