"""Gives an operator's model the text in pieces, and turns its findings into whole words of one line."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.text.findings import Finding

USUAL_LABELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("PERSON", "PER", "NAME", "GIVEN_NAME", "GIVENNAME", "FIRSTNAME", "SURNAME", "LASTNAME"), "PERSON"
    ),
    **dict.fromkeys(("LOCATION", "LOC", "GPE", "FAC", "CITY"), "LOCATION"),
    **dict.fromkeys(("NRP", "NORP"), "NRP"),
    **dict.fromkeys(("ORGANIZATION", "ORG"), "ORGANIZATION"),
}
"""What models call names and places, to Presidio's types."""
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


_PIECE: Final = 4000
"""Characters that are read at once: bounds memory, and a small model looks no further than a sentence anyway."""
_UNBROKEN: Final = 120
"""Longest run without white space that is read whole: spaCy's tokeniser takes quadratic time on such runs."""
_SIGNS: Final = re.compile(r"[^\w\s]{4,}")
_RUN: Final = re.compile(rf"\S{{{_UNBROKEN}}}(?=\S)")
_BREAKS: Final = tuple(re.compile(pattern) for pattern in (r"\n\s{0,20}\n", r"\n", r"[.!?] ", r"\s"))
"""Where a piece may end, best first: paragraph, line, sentence, word."""


def pieces_of(text: str, longest: int = _PIECE) -> Iterator[tuple[int, str]]:
    """`text` in pieces with their places; runs of signs are blank in them."""
    text = _SIGNS.sub(lambda run: " " * len(run[0]), text)
    start = 0
    for cut in [*(run.end() for run in _RUN.finditer(text)), len(text)]:
        while start < cut:
            end = cut if cut - start <= longest else _break(text, start, start + longest)
            yield start, text[start:end]
            start = end


def _break(text: str, start: int, end: int) -> int:
    """The best place to end a piece, in the second half of `start:end`."""
    middle = (start + end) // 2
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, middle, end)]
        if ends:
            return ends[-1]
    return end
