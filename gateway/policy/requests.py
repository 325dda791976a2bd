"""Which sentences ask for something: records hold statements by the page, and what they tell of is no request."""

import functools
import re
from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).with_name("request_words.txt")
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?|\?")
_PERSON: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)*")
_OPENINGS: Final = frozenset(
    {"please", "so", "then", "now", "and", "ok", "okay", "also", "or", "but", "next", "finally"}
)
_ASKING: Final = re.compile(
    r"\bplease\b|\b(?:can|could|would|will) you\b|\bi(?:'d| would)? (?:need|want|like|wonder|wish)\b"
    r"|\b(?:help|tell|give|show|advise) (?:me|us)\b|\blet (?:me|us|him|her|them) know\b|\bshould (?:i|we)\b"
    r"|\byour (?:view|opinion|advice|recommendation|assessment|judgement)\b"
    r"|[,;:] *(?:so |and |then )?(?:advise|answer|assess|decide|draft|estimate|explain|forecast"
    r"|give|inform|judge|predict|propose|rate|recommend|reply|say|send|suggest|tell|warn|write)\b"
)
_ASKING_ALONE: Final = re.compile(
    r"^in (?:the|this|your|my|a) (?:letter|reply|answer|note|report|summary|message)\b"
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


def is_request(sentence: str, *, alone: bool = False) -> bool:
    """Whether a sentence asks for something.

    A question does, a sentence with words of asking, and one that begins with a verb of asking; in a message that is
    hardly more than this (`alone`) so does one that begins with the name of a text, or that tells of a task, and
    whatever does not look like a statement or an entry of a list.
    """
    plain = _PERSON.sub("him", sentence).replace("’", "'").lower()
    words = _WORD.findall(plain)
    if not words:
        return False
    start = next((place for place, word in enumerate(words) if word not in _OPENINGS), 0)
    verbs, subjects = _word_lists()
    if "?" in words or _ASKING.search(plain) or words[start] in verbs:
        return True
    if alone and (_DOCUMENT.match(plain) or _ASKING_ALONE.search(plain)):
        return True
    if not alone or any(character.isdigit() for character in sentence):
        return False
    return words[start] not in subjects and not _TOLD.search(" ".join(words[start + 1 :]))


@functools.cache
def _word_lists() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs of asking, and first words of statements."""
    _, verbs, subjects = re.split(r"^#.*$", _WORDS.read_text("utf-8"), flags=re.MULTILINE)
    return frozenset(verbs.split()), frozenset(subjects.split())
