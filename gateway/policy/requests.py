"""Which sentences ask for something: records hold statements by the page, and what they tell of is no request."""

import functools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from gateway.policy.compared_sentences import hands_over

_FEW: Final = 3
"""Sentences at the beginning and at the end of what is asked, where people ask."""
_AMID: Final = 1.0
_SHORT: Final = 400
"""Characters of a short message."""
_TOGETHER: Final = 0.2
"""What the score of sentences that are compared together lacks."""
_IN_PART: Final = 0.1
"""What the score of a clause lacks, as the rest of the sentence may say otherwise."""
_UNASKED: Final = 0.2
"""What the score of sentences lacks that do not look like a request, where nothing else in a short message does."""
_CLAUSE_WORDS: Final = 3
"""Words of the shortest clause that is compared by itself."""
_HURRIED: Final = Path(__file__).with_name("hurried_words.txt")
_WORDS: Final = Path(__file__).with_name("request_words.txt")
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\?")
_PERSON: Final = re.compile(r"<PERSON_\d+>|\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_OPENINGS: Final = frozenset(
    {"please", "so", "then", "now", "and", "ok", "okay", "also", "or", "but", "next", "finally"}
)
_ASKING: Final = re.compile(
    r"\bplease\b|\b(?:can|could|would|will) you\b|\bi(?:'d| would)? (?:need|want|like|wonder|wish)\b"
    r"|\bi(?:'d| would) (?:\w+ )?(?:value|welcome|appreciate|be (?:\w+ )?g(?:rateful|lad))\b"
    r"|\bif you (?:could|would|can)\b"
    r"|\bneed (?:your|you to)\b|\b(?:help|tell|give|show|advise) (?:me|us)\b"
    r"|\blet (?:me|us|him|her|them) know\b|\bshould (?:i|we)\b"
    r"|\byour (?:view|opinion|advice|recommendation|assessment|judgement)\b"
    r"|[,;:] *(?:so |and |then )?(?:advise|answer|assess|decide|draft|estimate|explain|forecast"
    r"|give|inform|judge|predict|propose|rate|recommend|reply|say|send|suggest|tell|warn|write)\b"
)
_INVERTED: Final = re.compile(
    r"^(?:am|are|can|could|did|do|does|had|has|have|is|may|must|shall|should|was|were|will|would)(?:n't)?"
    r" (?:any|anybody|anyone|he|her|him|his|i|it|my|our|she|that|the|their|there|these|they|this|those|we|you|your)\b"
)
"""How a question begins that has no question mark; "Is living with his mother" is an entry of a record."""
_ASKING_ALONE: Final = re.compile(
    r"^some(?:thing|body|one) (?:\w+ ){0,2}(?:for|to|on|that|about|telling|saying|explaining)\b"
    r"|, (?:is|are|was|were|do|does|did|has|have|can|could|should|would|will)"
    r" (?:an?|the|he|she|they|it|we|i|you|this|that)\b"
    r"|^in (?:the|this|your|my|a) (?:letter|reply|answer|note|report|summary|message)\b"
    r"|\bi(?:'ve got| have| need|'m| am) to\b|\bi must\b"
    r"|[,;:] *(?:so |and |then |just )?(?:do|get|help|issue|let|make|mark|prepare|produce|provide|put)\b"
)
_DOCUMENT: Final = re.compile(
    r"^(?:(?:a|an|the|this|one|another|and|first|second|third|last|final|formal|written|official|standard|short|quick|new"
    r"|stern|firm|strong|kind|friendly|warm|proper|breach|recall|compliance|enforcement|absence|appointment)[ ,]+){0,5}"
    r"(?:letter|notice|notification|note|warning|reply|answer|email|text|message|paragraph|leaflet|card)s?\b"
)
"""How somebody orders a text without a verb: "A short letter about his bus pass."."""
_TOLD: Final = re.compile(r"\b(?:is|are|was|were|has|had|have|did|said|told|[a-z]+ed)\b")
_CLAUSE: Final = re.compile(
    r"\s*(?:[,;:]|\s[-–—])\s+(?:(?:and|then|so|but|or)\s+){0,2}|\s+and\s+(?:then\s+)?|\s+then\s+"
)
"""Where a clause may begin that asks for something else: "Check the dates and then say who is right."."""


def requests_in(asked: Sequence[str]) -> dict[str, float]:
    """The sentences that ask for something, each with what its score lacks: amid a long text, which is mostly handed
    over and not asked, a sentence has to be more like the examples.

    In a short message each clause that asks counts, too, and so do all sentences together: "They differ. Who is right?"
    asks in no sentence alone.
    """
    asked = [spelt_out(one) for one in asked]
    alone = len(asked) <= _FEW
    amid = range(_FEW, len(asked) - _FEW)
    found = {one: _AMID if place in amid else 0.0 for place, one in enumerate(asked)}
    requests = {one: lacks for one, lacks in found.items() if is_request(one, alone=alone)}
    if alone and not requests and not hands_over(asked):
        requests = dict.fromkeys(found, _UNASKED)
    together = " ".join(asked)
    if requests and alone and len(together) <= _SHORT and not hands_over(asked):
        requests.setdefault(together, _TOGETHER)
    clauses = {one: _IN_PART for whole in asked for one in _clauses(whole) if alone and whole in requests}
    return {**clauses, **requests}


def spelt_out(text: str) -> str:
    """Without the short forms of people in a hurry: "can u" is "can you"."""
    words, pattern = _hurried_words()
    return pattern.sub(lambda found: words[found[0].lower()], text)


def plain(sentence: str) -> str:
    """In small letters and with straight apostrophes; every person with a title is "him"."""
    return _PERSON.sub("him", sentence).replace("’", "'").lower()


def words_in(sentence: str) -> list[str]:
    """The words of a plain sentence, and its question marks."""
    return _WORD.findall(sentence)


def is_request(sentence: str, *, alone: bool = False) -> bool:
    """Whether a sentence asks for something.

    A question does, a sentence with words of asking, and one that begins with a verb of asking; in a message that is
    hardly more than this (`alone`) so does one that begins with the name of a text, or that tells of a task, and
    whatever does not look like a statement or an entry of a list.
    """
    text = plain(sentence)
    words = words_in(text)
    if not words:
        return False
    start = next((place for place, word in enumerate(words) if word not in _OPENINGS), 0)
    verbs, subjects = _word_lists()
    begins = " ".join(words[start:])
    if (
        "?" in words
        or _ASKING.search(text)
        or _INVERTED.match(begins)
        or words[start].removesuffix("'s") in verbs
    ):
        return True
    if alone and (_DOCUMENT.match(text) or _ASKING_ALONE.search(text)):
        return True
    if not alone or any(character.isdigit() for character in sentence):
        return False
    return words[start] not in subjects and not _TOLD.search(" ".join(words[start + 1 :]))


@functools.cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs of asking, and first words of statements."""
    _, verbs, subjects = re.split(r"^#.*$", _WORDS.read_text("utf-8"), flags=re.MULTILINE)
    return frozenset(verbs.split()), frozenset(subjects.split())


def _clauses(sentence: str) -> Iterator[str]:
    """Its parts that ask for something by themselves, if it has more than one part."""
    verbs, _ = _word_lists()
    start, pieces = 0, []
    for found in _CLAUSE.finditer(sentence):
        word = _WORD.match(sentence[found.end() :].lower())
        if word and word[0] in verbs:
            pieces.append(sentence[start : found.start()].strip())
            start = found.end()
    if start:
        for piece in (*pieces, sentence[start:].strip()):
            if len(piece.split()) >= _CLAUSE_WORDS and is_request(piece, alone=True):
                yield piece


@functools.cache
def _hurried_words() -> tuple[dict[str, str], re.Pattern[str]]:
    """What each short form stands for, and a pattern that finds them."""
    words = dict(re.findall(r"^(\S+) (.+)$", _HURRIED.read_text("utf-8"), re.MULTILINE))
    longest = sorted(words, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest))
    return words, re.compile(rf"(?<![\w'’./-])(?i:{pattern})(?![\w'’./-])")
