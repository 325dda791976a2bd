"""PERSON in a list behind a role: "Present: Ann Hill (chair), Baby Ace; Apologies: Honest Rivers"."""

import re
from collections.abc import Iterator
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import words_of_cue
from gateway.redaction.reading import lowered
from gateway.redaction.recognisers.person_in_column import is_written_as_name
from gateway.redaction.recognisers.person_titled import PERSON_NAME

_SCORE: Final = 0.6
_ROLE: Final = re.compile(
    r"(?<![^\W_])(?:(?:persons?|people|others?|also) )?(?:present|in attendance|attend(?:ed|ees?|ing)"
    r"|absent|apologies|chair(?:ed by)?|"
    r"minutes(?: by)?|minute taker|invited|supervisors?|supervised by|(?:[a-z]+ )?officers?|(?:line "
    r"|case |team |ward )?managers?|"
    r"(?:[a-z]+ )?workers?|parents?|(?:maternal |paternal )?grand(?:mother|father|parents?)|mother"
    r"|father|mum|dad|step(?:mother|father)|"
    r"siblings?|brothers?|sisters?|child(?:ren)?|sons?|daughters?|partner|spouse|wife|husband"
    r"|girlfriend|boyfriend|"
    r"carers?|guardians?|relatives?|household|associates?|co-?defendants?|co-?accused|defendants?"
    r"|victims?|witness(?:es|ed by)?|"
    r"complainants?|suspects?|offender|client|subject|person|young person|patient|pupil|student"
    r"|tenants?|prisoner|"
    r"appellant|applicant|respondent|claimant|petitioner|interpreter|appropriate adult|solicitors?"
    r"|counsel|advocate|judge|"
    r"doctor|gp|dentist|nurse|consultant|psychologist|psychiatrist|teacher|tutor|referrer|referred by"
    r"|reported by|"
    r"entered by|recorded by|taken by|written by|author|assessor|interviewer|interviewee|interviewed by|"
    r"(?:emergency |main |next of kin )?contact|next of kin|signature(?: of [a-z ]{3,20})?|signed"
    r"|statement of|visitors?|driver|passengers?|sender|from|to|cc|bcc|"
    r"names?|alias(?:es)?|aka|caller|key ?holder|landlord|employer|friends?|neighbours?|action|owner"
    r"|lead|contacted by)"
    r"[*_]{0,2} ?:[*_]{0,2}[ \t]{0,12}"
)
_NAME: Final = regex.compile(rf"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|PC|DC|DS|PS|HHJ)\.? )?({PERSON_NAME}\.?)")
_BETWEEN: Final = regex.compile(
    r"[ \t]{0,2}(?:\([^()\n]{1,60}\)|<[^<>\n]{1,80}>)?[ \t]{0,2}(?:(?:[,;&/]|\band\b)[ \t]{0,2}){1,2}"
)
_END: Final = regex.compile(r"[ \t*_]{0,4}(?:[\n,;.|(<&)/]|$|and\b|-|–| {2})")
_NO_NAMES: Final = words_of_cue("no one")
_MANY: Final = 40


class PersonInRole(EntityRecognizer):
    """Reads what follows the colon behind a role as a list of names, up to what is not written as one."""

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonInRole", supported_language="en")

    def load(self) -> None:
        """Nothing to load."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Each name behind each role."""
        return [
            RecognizerResult("PERSON", start, end, _SCORE)
            for role in _ROLE.finditer(lowered(text))
            for start, end in _listed(text, role.end())
        ]


def _listed(text: str, at: int) -> Iterator[tuple[int, int]]:
    for _ in range(_MANY):
        name = _NAME.match(text, at)
        if name is None or _END.match(text, name.end()) is None:
            return
        if _may_be_name(name[1]):
            yield name.span(1)
        between = _BETWEEN.match(text, name.end())
        if between is None:
            return
        at = between.end()


def _may_be_name(name: str) -> bool:
    """Whether no word of it is one that such lists have for nobody: "Police", "None", "Housing Team"."""
    words = regex.findall(r"[\p{L}'-]+", name.lower())
    return words[0] not in _NO_NAMES and is_written_as_name(words)
