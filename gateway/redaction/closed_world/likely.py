"""Which of the words that no rule took for names are likely to be some, by their clues.

A logistic regression: what each clue is worth stands in `clues.txt`, made by `tests/redaction/learning/learn.py` on
texts of its own; a word whose clues add up to more than nothing is taken for a name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from gateway.redaction.closed_world.clues import Clues, Seen
from gateway.redaction.lexicon import Lexicon
from gateway.redaction.words import Line

_ROUNDS: Final = 1
"""Times that what was learnt of a text is made use of for the rest of it."""
_TOGETHER: Final = -2.0
"""What the clues of a word's two best places add up to where each alone is too little."""


def add_likely(
    text: str, lines: Sequence[Line], named: Sequence[list[bool]], seen: Sequence[Seen], lexicon: Lexicon
) -> None:
    """Mark in `named` what else is likely to be a name in the lines of a text."""
    clues = Clues(text, lines, named, seen, lexicon)
    scores = {one: _score(clues, one) for one in clues.candidates()}
    for _ in range(_ROUNDS):
        likely = _likely(scores, clues)
        for one in likely:
            clues.learn(*one)
            del scores[one]
        # What was learnt says something of the words around it, and of the same word elsewhere.
        near = {number for number, _ in likely}
        words = {clues.written(*one)[0] for one in likely}
        for one in scores:
            if one[0] in near or clues.written(*one)[0] in words:
                scores[one] = _score(clues, one)
    for one in _likely(scores, clues):
        clues.learn(*one)


def _score(clues: Clues, one: tuple[int, int]) -> float:
    style, seen = clues.of(*one)
    worth = _worth()[style]
    return sum([worth.get(clue, 0.0) for clue in seen])


def _likely(scores: Mapping[tuple[int, int], float], clues: Clues) -> list[tuple[int, int]]:
    """Those that are likely to be names, by themselves or together with another place where the word stands."""
    places: dict[tuple[str, bool], list[tuple[int, int]]] = {}
    for one in scores:
        places.setdefault(clues.written(*one), []).append(one)
    likely = []
    for same in places.values():
        best = sorted((scores[one] for one in same), reverse=True)[:2]
        together = len(best) > 1 and sum(best) > _TOGETHER
        likely += [one for one in same if together or scores[one] > 0.0]
    return likely


@cache
def _worth() -> dict[str, dict[str, float]]:
    """What each clue is worth, by how the word is written."""
    worth: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (files(__package__) / "clues.txt").read_text("utf-8").splitlines():
        style, _, rest = line.partition(" ")
        if style and style != "#":
            clue, _, value = rest.rpartition(" ")
            worth[style][clue] = float(value)
    return worth
