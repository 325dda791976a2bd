"""What a name model found, made fit to stand beside what patterns find."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.findings import Finding
from gateway.redaction.lexicon import lexicon, words_of_cue

_RANK: Final = 0.55
"""Below what a pattern is sure of: the model takes numbers and roads for places."""
_SENTENCE: Final = re.compile(r"(?:[^.!?;]|(?<![^\W\d_]{3})\.|[.!?;](?!\s))+")
"""A model's name may run on into the next sentence; a full stop after an initial ends none."""
_PART: Final = re.compile(r"[^\W\d_]+")
_COMMON: Final = 60
_USUAL: Final = 35
_WEEKDAYS: Final = words_of_cue("not persons")
_LINE: Final = re.compile(r"[^\n\r\t]+")
_WITHOUT_DIGITS: Final = re.compile(r"(?<!\S)[^\s\d]+(?:[ ]+[^\s\d]+)*(?!\S)")
_TITLE: Final = re.compile(
    r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|rev|revd|pc|dc|ds|di|hhj)\b\.?\s+",
    re.IGNORECASE,
)
_NAMES: Final = frozenset(["PERSON", "NRP", "ORGANIZATION"])
_NO_NAMES: Final = words_of_cue("labels")


def shaped(text: str, start: int, end: int, entity: str) -> Iterator[Finding]:
    """The findings that the model's `start:end` makes: one a line, no title in front, no signs around.

    A name has no digits, so that an identifier beside one stays for its own recogniser.
    """
    for line in _LINE.finditer(text, start, end):
        stretches = _WITHOUT_DIGITS.finditer(text, *line.span()) if entity in _NAMES else (line,)
        for stretch in stretches:
            for sentence in _SENTENCE.finditer(text, *stretch.span()):
                yield from _trimmed(text, *sentence.span(), entity)


def _trimmed(text: str, start: int, end: int, entity: str) -> Iterator[Finding]:
    if entity in ("PERSON", "LOCATION") and (title := _TITLE.match(text, start, end)):
        start, entity = title.end(), "PERSON"
    if text[start:end].lower().endswith("'s"):
        end -= 2
    if entity in ("PERSON", "LOCATION"):
        start, end = _without_prose(text, start, end)
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    words = text[start:end].lower()
    if any(map(str.isalpha, words)) and words not in _NO_NAMES and not _is_prose(words, entity):
        yield Finding(start, end, entity, _RANK)


def _without_prose(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the plain words at both ends: "Dear Ms Smith" is Smith."""
    words = [match.span() for match in _PART.finditer(text, start, end)]
    names = [span for span in words if not _is_beside(text[slice(*span)])]
    if not names or len(names) == len(words):
        return start, end
    return (start if names[0] == words[0] else names[0][0]), (end if names[-1] == words[-1] else names[-1][1])


def _is_beside(word: str) -> bool:
    """Whether a model takes the word with a name though it is none: in small letters, or a form of address."""
    lower = word.lower()
    listed = lexicon()
    plain = word in (lower, word.upper()) and len(word) > 1
    return (
        listed.is_never_a_name(lower)
        or lower in _WEEKDAYS
        or (plain and listed.size(lower) <= _USUAL and not listed.is_name(lower))
    )


def _is_prose(words: str, entity: str) -> bool:
    """Whether each word is a common one that no list has as a name: a small model takes "Curfew" for a person."""
    parts = _PART.findall(words)
    if entity == "LOCATION":
        listed = lexicon()
        return all(
            _is_plain(part) or (listed.size(part) <= _USUAL and not listed.is_name(part)) for part in parts
        )
    return entity == "PERSON" and (all(map(_is_plain, parts)) or (len(parts) == 1 and parts[0] in _WEEKDAYS))


def _is_plain(word: str) -> bool:
    """Whether the word names nobody, and no place either."""
    listed = lexicon()
    if listed.is_place(word):
        return False
    return listed.is_never_a_name(word) or (listed.size(word) <= _COMMON and not listed.is_name(word))
