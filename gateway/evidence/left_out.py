"""What the material says and the answer does not mention: whole dates, sums of money, people."""

from collections.abc import Iterator, Sequence
from typing import Final

from gateway.evidence.fact_finder import AnalysedText
from gateway.evidence.facts import Key, Kind
from gateway.evidence.material import FoundFact, Material

_KINDS: Final[frozenset[Kind]] = frozenset(["date", "sum", "name"])
MAX_LEFT_OUT: Final = 100


def left_out(material: Material, answers: Sequence[AnalysedText]) -> Iterator[FoundFact]:
    """Each value once, where it stands first, in the order of the material."""
    mentioned: set[Key] = set()
    for answer in answers:
        for fact in answer.facts:
            mentioned.update(key for group in fact.asks for key in group)
            mentioned.update(fact.says)
    seen: set[Key] = set()
    count = 0
    for fact_found in material.facts:
        fact = fact_found.fact
        if fact.kind not in _KINDS or not fact.asks or not _is_whole(fact.asks[0][0]):
            continue
        if mentioned.intersection(fact.asks[0]) or seen.intersection(fact.asks[0]):
            continue
        seen.update(fact.asks[0])
        count += 1
        if count > MAX_LEFT_OUT:
            return
        yield fact_found


def _is_whole(key: Key) -> bool:
    """Whether a date has a day: years, months and days of the week alone are everywhere."""
    return key[0] in ("ymd", "md", "sum", "name")
