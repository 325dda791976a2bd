"""What a model of an operator's found, made fit to stand beside what the others find: whole words of one line."""

from collections.abc import Iterator
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.text.findings import Finding

_RANK: Final = 0.55
"""Below what a pattern is sure of: a model takes numbers and roads for places."""
_LINE: Final = regex.compile(r"[^\n\r\t]+")
_TITLE: Final = regex.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|revd|pc|dc|ds|di|hhj)\b\.?\s+",
    regex.IGNORECASE,
)


def in_whole_words(text: str, start: int, end: int, entity: str) -> Iterator[Finding]:
    """The findings that a model's `start:end` makes: one a line, without a title, signs or `'s` around."""
    for line in _LINE.finditer(text, start, end):
        first, last = line.span()
        title = _TITLE.match(text, first, last) if entity in ("PERSON", "LOCATION") else None
        if title is not None:
            first, entity = title.end(), "PERSON"
        if text[first:last].lower().endswith(("'s", "’s")):
            last -= 2
        while first < last and not text[first].isalnum():
            first += 1
        while first < last and not text[last - 1].isalnum():
            last -= 1
        if any(map(str.isalpha, text[first:last])):
            yield Finding(first, last, entity, _RANK)
