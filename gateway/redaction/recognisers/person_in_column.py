"""PERSON in a table: what stands beneath "Name", "Officer" or "Attendee"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import UNLISTED, lexicon, words_of_cue
from gateway.redaction.recognisers.columns import beneath

_SCORE: Final = 0.6
_HEADS: Final = re.compile(
    r"(?:(?:full |client |offender |case |staff |first |last |given |family )?names?|forenames?|surname|attendees?|"
    r"(?:(?:probation|supervising|case|police|prison|responsible|reporting|interviewing) )?officers?|workers?|"
    r"(?:social|key|support|case|link)[ -]?workers?|practitioner|with|client|offender|defendant|victim|witness|"
    r"complainant|child|children|parents?|mother|father|guardian|carer|contact|person|people|nominal|associates?|"
    r"solicitor|counsel|author|staff|(?:[a-z]+ )?(?:taken|seen|recorded|entered|completed|allocated|assigned|referred|"
    r"interviewed|reviewed|approved|led|chaired|supervised|prepared|"
    r"written|signed) (?:by|to)|manager|supervisor|tenant|landlord|prisoner|"
    r"sender|from|to|participants?|members?|present|visitor|next of kin|suspect|accused|appellant|applicant|"
    r"respondent|claimant|oic|officer in (?:the )?case|patient|pupil|student|driver|interpreter|assessor|referrer|"
    r"caller|partner|spouse|sibling|friend|chair|minute taker|doctor|gp|nurse|psychologist|co-?defendant|"
    r"responsible|lead|owner|apologies|who|dependant|beneficiary|payee|payer|employee|employer|passenger)"
)
_OF_NAMES: Final = re.compile(r"(?:full |first |last |given |family )?names?|forenames?|surnames?")
"""Beneath these, what has a capital is a name, whatever word it is."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_PARTICLES: Final = words_of_cue("particles")
_USUAL: Final = 35
_NAME: Final = re.compile(r"[^\W\d_][^\W\d_]*(?:['’.-]{1,2} ?[^\W\d_]+| [^\W\d_]+\.?){0,4}\.?")
_BODIES: Final = words_of_cue("bodies")
_NONE: Final = words_of_cue("no one")


class PersonInColumn(EntityRecognizer):
    """Reads tables of cells between bars, tabs, commas or semicolons, beneath a line of heads."""

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonInColumn", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Each cell in a column of persons that may be a name."""
        return [RecognizerResult("PERSON", start, end, _SCORE) for start, end in _found(text)]


def _found(text: str) -> Iterator[tuple[int, int]]:
    columns: list[_Column] = []

    def of_persons(head: str) -> _Column | None:
        if _HEADS.fullmatch(head) is None:
            return None
        columns.append(_Column(_OF_NAMES.fullmatch(head) is not None))
        return columns[-1]

    for column, start, end in beneath(text, of_persons):
        column.add(text[start:end], (start, end))
    for column in columns:
        yield from column.names()


@dataclass(slots=True)
class _Column:
    """The cells of a column of persons; `named` says that nothing but names stands there."""

    named: bool
    sure: list[tuple[int, int]] = field(default_factory=list)
    doubtful: list[tuple[int, int]] = field(default_factory=list)

    def add(self, cell: str, place: tuple[int, int]) -> None:
        """Take note of a cell, if it is written as a name is."""
        if _is_written_as_one(cell, named=self.named):
            (self.sure if self.named or _is_likely(cell) else self.doubtful).append(place)

    def names(self) -> list[tuple[int, int]]:
        """The names; a word that may be anything is one where most of the others are."""
        return sorted(self.sure + (self.doubtful if len(self.sure) > len(self.doubtful) else []))


def is_written_as_name(words: list[str]) -> bool:
    """Whether words in small letters can be somebody's names: none is another thing, but a surname may be any word."""
    listed = lexicon()
    if (
        words[-1] in _BODIES
        or listed.is_never_a_name(words[0])
        or (len(words) == 1 and listed.is_abbreviation(words[0]))
    ):
        return False
    given = listed.is_given(words[0]) or listed.size(words[0]) == UNLISTED
    return (given and len(words) > 1) or not any(map(listed.is_never_a_name, words))


def _is_written_as_one(cell: str, *, named: bool) -> bool:
    """Whether a cell is written as a name is: no sentence, and not a word like "none" or "police"."""
    if _NAME.fullmatch(cell) is None:
        return False
    listed, words = lexicon(), _WORD.findall(cell)
    folded = [word.lower() for word in words]
    if folded[0] in _NONE or not (named or is_written_as_name(folded)):
        return False
    if cell == cell.lower():
        return all(listed.size(word) == UNLISTED or listed.is_name(word) for word in folded)
    return all(word[0].isupper() or word in _PARTICLES for word in words)


def _is_likely(cell: str) -> bool:
    """Whether a cell that is written as a name is hardly anything else."""
    listed, words = lexicon(), _WORD.findall(cell.lower())
    return len(words) > 1 or any(listed.size(word) > _USUAL or listed.is_name(word) for word in words)
