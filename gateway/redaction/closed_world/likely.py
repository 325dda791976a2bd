"""Which of the words that no rule took for names are likely to be some, by their clues.

A logistic regression: what each clue is worth stands in `clues.txt`, made by `tests/redaction/learning/learn.py` on
texts of its own; a word whose clues add up to more than nothing is taken for a name.
"""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from gateway.redaction.closed_world.clues import Clues, Seen
from gateway.redaction.lexicon import Lexicon
from gateway.redaction.words import Line

_ROUNDS: Final = 2
"""Times that a text is looked at: what is known for a name says something of the words around it."""
_TOGETHER: Final = -2.0
"""What the clues of a word's two best places add up to where each alone is too little."""


def add_likely(
    text: str, lines: Sequence[Line], named: Sequence[list[bool]], seen: Sequence[Seen], lexicon: Lexicon
) -> None:
    """Mark in `named` what else is likely to be a name in the lines of a text."""
    clues = Clues(text, lines, named, seen, lexicon)
    asked = list(clues.candidates())
    for _ in range(_ROUNDS):
        likely = _likely(asked, clues)
        if not likely:
            return
        for one in likely:
            clues.learn(*one)
        asked = [one for one in asked if one not in likely]


def _likely(asked: Sequence[tuple[int, int]], clues: Clues) -> set[tuple[int, int]]:
    """Those that are likely to be names, by themselves or together with another place where the word stands."""
    worth = _worth()
    scores: dict[tuple[str, bool], list[tuple[float, tuple[int, int]]]] = {}
    for one in asked:
        score = sum([worth.get(clue, 0.0) for clue in clues.of(*one)])
        scores.setdefault(clues.written(*one), []).append((score, one))
    likely = set()
    for places in scores.values():
        best = sorted((score for score, _ in places), reverse=True)[:2]
        together = len(best) > 1 and sum(best) > _TOGETHER
        likely |= {one for score, one in places if together or score > 0.0}
    return likely


@cache
def _worth() -> dict[str, float]:
    """What each clue is worth."""
    lines = (files(__package__) / "clues.txt").read_text("utf-8").splitlines()
    rows = (line.rpartition(" ") for line in lines if line and not line.startswith("#"))
    return {clue: float(worth) for clue, _, worth in rows}
