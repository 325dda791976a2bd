"""A good answer with one of its facts made wrong: a date, a sum, a number, an identifier or a name."""

import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from gateway.evidence.fact_finder import AnalysedText, read
from gateway.evidence.facts import Fact
from gateway.evidence.material import Material
from gateway.evidence.name_facts import Names, People

PlantKind = Literal["date", "time", "sum", "percentage", "number", "identifier", "name"]
PLANT_KINDS: Final[tuple[PlantKind, ...]] = get_args(PlantKind)

_TRIES: Final = 40
_MIN: Final = 2
_SHORT: Final = 2
"""Characters of a fact: of a shorter one it could not be told whether a changed text still has it."""
_DIGITS: Final = "0123456789"
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_PERSON: Final = re.compile(
    r"\b(?P<before>(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?[ \u00a0]|(?:[A-Z][\w’'-]+[ \u00a0]))(?P<last>[A-Z][\w’'-]{2,})(?!\w)"
)
_SURNAMES: Final = (
    *(
        "Oduya",
        "Whitcombe",
        "Pillai",
        "Nowak",
        "Lockhart",
        "Zaman",
        "Ferreira",
        "Haddad",
        "Trevithick",
        "Mensah",
    ),
    *(
        "Kowalczyk",
        "Bevan",
        "Okonjo",
        "Rahimi",
        "Sandiford",
        "Llewellyn",
        "Achebe",
        "Castellano",
        "Vaughan",
        "Iqbal",
    ),
)


@dataclass(frozen=True)
class PlantedFault:
    """The answer with one fact made wrong: `right` stood where `wrong` stands now."""

    answer: str
    kind: PlantKind
    right: str
    wrong: str


def plant(
    messages: Sequence[str], answer: str, kinds: Collection[PlantKind], draw: random.Random
) -> PlantedFault | None:
    """Make one fact of one of `kinds` wrong that `answer` has from `messages`; None if none can be.

    The wrong value stands nowhere in `messages`, so whoever looks it up finds that it is wrong.
    """
    material = Material(messages, Names(People()))
    reading = read(answer, Names(People()), material.has_word)
    by_name: dict[str, PlantKind] = {kind: kind for kind in kinds}
    places = [
        (by_name[fact.kind], fact.start, fact.end)
        for fact in reading.facts
        if fact.kind in by_name and fact.asks and material.places_of(fact) and fact.end - fact.start >= _MIN
    ]
    if "name" in by_name:
        places += _people(reading, messages)
    draw.shuffle(places)
    faults = (_made(material, answer, *place, draw) for place in places)
    return next((fault for fault in faults if fault is not None), None)


def _people(reading: AnalysedText, messages: Sequence[str]) -> Iterator[tuple[PlantKind, int, int]]:
    """Names that both have: a title or a given name, and a last name; no court and no month."""
    for match in _PERSON.finditer(reading.text):
        apart = not any(fact.start < match.end() and match.start() < fact.end for fact in reading.facts)
        if apart and any(match[0] in message for message in messages):
            yield "name", match.start("last"), match.end()


def _made(
    material: Material, answer: str, kind: PlantKind, start: int, end: int, draw: random.Random
) -> PlantedFault | None:
    right = answer[start:end]
    change: Callable[[str, random.Random], str | None] = _other_name if kind == "name" else _other_digit
    sent = " ".join(reading.text for reading in material.readings).casefold()
    for _ in range(_TRIES):
        wrong = change(right, draw)
        if wrong is None or wrong.casefold() in sent or wrong.casefold() in answer.casefold():
            continue
        changed = answer[:start] + wrong + answer[end:]
        if kind == "name" or _is_wrong(material, changed, kind, start, start + len(wrong)):
            return PlantedFault(changed, kind, right, wrong)
    return None


def _is_wrong(material: Material, answer: str, kind: PlantKind, start: int, end: int) -> bool:
    """Whether the changed answer has one fact there, of the same kind, that the material has not."""
    reading = read(answer, Names(People()), material.has_word)
    there: list[Fact] = [fact for fact in reading.facts if fact.start < end and start < fact.end]
    return len(there) == 1 and there[0].kind == kind and not material.places_of(there[0])


def _other_digit(text: str, draw: random.Random) -> str | None:
    groups = list(re.finditer(r"\d+", text))
    # Of a date rather the day than the year: a letter of 2096 is no test of anybody.
    short = [group for group in groups if len(group[0]) <= _SHORT] if len(groups) > 1 else groups
    places = [at for group in short or groups for at in range(*group.span())]
    if not places:
        return None
    at = draw.choice(places)
    first = at == 0 or not text[at - 1].isdigit()
    digit = draw.choice([other for other in _DIGITS[first:] if other != text[at]])
    return _ORDINAL.sub(_with_ending, text[:at] + digit + text[at + 1 :])


def _with_ending(match: re.Match[str]) -> str:
    number = int(match[1])
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _other_name(_: str, draw: random.Random) -> str:
    return draw.choice(_SURNAMES)
