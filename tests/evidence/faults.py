"""Answers with one planted fault each, made of the good ones of `cases_*.txt` with a fixed seed.

The marks of a good answer say what may be made wrong: `[d:…]` a date, `[t:…]` a time, `[m:…]` a sum, `[n:…]` a number,
`[i:…]` an identifier, `[s:…]` a statute or its section, `[c:…]` a court, `[p:…]` a person, `{neg}` where "not" may be
put in or taken away, `{if:…}` a condition that may be left out. The marks are by hand, so that what no recogniser reads
counts as missed.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
SEED: Final = 20261129
_MARK: Final = re.compile(r"\[([dtmniscp]):([^\]]+)\]|\{(neg)\}(not |no )?|\{if:([^}]*)\}")
_NAMES: Final = (
    "Martin Oduya",
    "Claire Whitcombe",
    "Sanjay Pillai",
    "Agnieszka Nowak",
    "Peter Lockhart",
    "Fatima Zaman",
)
_COURTS: Final = (
    "Snaresbrook Crown Court",
    "Truro Magistrates' Court",
    "Norwich County Court",
    "Employment Appeal Tribunal",
)
_ACTS: Final = (
    "Equality Act 2010",
    "Data Protection Act 2018",
    "Human Rights Act 1998",
    "Housing and Planning Act 2016",
)
_INVENTED: Final = (
    "A psychiatric report has confirmed a diagnosis of bipolar disorder.",
    "The police have closed the investigation without further action.",
    "An interpreter was present throughout and raised concerns about the translation.",
    "All parties have signed a written settlement agreement.",
    "The insurance company has refused to cover the loss.",
    "Social media posts show a history of threatening behaviour.",
    "The file was transferred to another department after a conflict of interest.",
    "A previous complaint about the same matter was withdrawn.",
)
_DATES: Final = ("%d %B %Y", "%d %B")
_WORDS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
_MAX_OF_A_KIND: Final = 4

KINDS: Final = {
    "d": "date off by a day",
    "m": "wrong sum",
    "n": "wrong number",
    "i": "wrong identifier",
    "s": "wrong statute or section",
    "c": "wrong court",
    "p": "unknown person",
    "swap": "persons swapped",
    "neg": "negation",
    "if": "condition omitted",
    "invent": "invented sentence",
}


@dataclass(frozen=True)
class Case:
    """A record and the good answer with its marks."""

    id: str
    record: str
    marked: str

    @property
    def answer(self) -> str:
        """The good answer."""
        return _written(self.marked, lambda start: None)[0]

    @property
    def marks(self) -> list[re.Match[str]]:
        """Its marks."""
        return list(_MARK.finditer(self.marked))


@dataclass(frozen=True)
class Faulty:
    """An answer with one fault, which stands in `ranges`."""

    case: Case
    kind: str
    answer: str
    ranges: tuple[tuple[int, int], ...]


def cases(name: str) -> list[Case]:
    """`tuning` or `measuring`."""
    text = (HERE / f"cases_{name}.txt").read_text("utf-8")
    found = []
    for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n")
        record, _, answer = rest.partition("--- answer\n")
        found.append(Case(head.strip(), record.strip(), answer.strip()))
    return found


def faulty_answers(case: Case) -> Iterator[Faulty]:
    """Answers for each kind that the case has a mark of, up to four."""
    chance = random.Random(f"{SEED} {case.id}")
    for kind in ("d", "m", "n", "i", "s", "c", "p", "neg", "if"):
        marks = [mark for mark in case.marks if _kind(mark) == kind]
        chance.shuffle(marks)
        for mark in marks[:_MAX_OF_A_KIND]:
            wrong = _wrong(kind, mark, case, chance)
            if wrong is not None:
                yield Faulty(case, KINDS[kind], *_written(case.marked, {mark.start(): wrong}.get))
    people = [mark for mark in case.marks if mark[1] == "p"]
    one, other = chance.sample(people, 2)
    swapped = {one.start(): other[2], other.start(): one[2]}
    yield Faulty(case, KINDS["swap"], *_written(case.marked, swapped.get))
    sentences = re.split(r"(?<=\.)\s", case.answer)
    place = chance.randrange(1, len(sentences) + 1)
    before, new = " ".join(sentences[:place]), chance.choice(_INVENTED)
    answer = " ".join([before, new, *sentences[place:]])
    yield Faulty(case, KINDS["invent"], answer, ((len(before) + 1, len(before) + 1 + len(new)),))


def _kind(mark: re.Match[str]) -> str:
    return mark[1] or mark[3] or "if"


def _written(marked: str, change: Callable[[int], str | None]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text without marks, and where it was changed."""
    out: list[str] = []
    ranges = []
    at = length = 0
    for mark in _MARK.finditer(marked):
        new = change(mark.start())
        plain = mark[2] or (mark[4] if mark[3] else mark[5]) or ""
        piece = plain if new is None else new
        piece = f" {piece}" if mark[5] and piece and piece[0] != "," and not piece.startswith(" ") else piece
        out += [marked[at : mark.start()], piece]
        length += mark.start() - at
        if new is not None:
            ranges.append(
                (max(0, length - 3), length + len(piece) + 3)
                if _kind(mark) in ("neg", "if")
                else (length, length + len(piece))
            )
        length += len(piece)
        at = mark.end()
    return "".join([*out, marked[at:]]), tuple(ranges)


def _wrong(kind: str, mark: re.Match[str], case: Case, chance: random.Random) -> str | None:
    text = mark[2] or ""
    if kind == "neg":
        if mark[4]:
            return " " if case.marked[mark.start() - 1] != " " else ""
        return "not "
    if kind == "if":
        return ""
    if kind == "p":
        return chance.choice(_NAMES)
    if kind == "c":
        return chance.choice([one for one in _COURTS if one.split()[0] not in case.record])
    if kind == "d":
        return _other_day(text, chance)
    if kind == "s":
        return chance.choice(_ACTS) if re.search(r"\d{4}$", text) else _other_digit(text, chance)
    if kind == "n":
        word = next((one for one in text.lower().split() if one in _WORDS), None)
        if word is not None:
            new = _WORDS[_WORDS.index(word) + chance.choice((1, 2))] if word != "fifteen" else "seventeen"
            return re.sub(rf"\b{word}\b", new, text.lower())
        return re.sub(r"\d+", lambda number: str(int(number[0]) + chance.choice((1, 2, 10))), text, count=1)
    return _other_digit(text, chance)


def _other_day(text: str, chance: random.Random) -> str | None:
    for form in _DATES:
        try:
            when = datetime.strptime(
                text if "%Y" in form else f"{text} 2026", form if "%Y" in form else f"{form} %Y"
            )
        except ValueError:
            continue
        new = when + timedelta(days=chance.choice((-1, 1)))
        return f"{new.day} {new:%B %Y}" if "%Y" in form else f"{new.day} {new:%B}"
    return None


def _other_digit(text: str, chance: random.Random) -> str | None:
    places = [at for at, char in enumerate(text) if char.isdigit()]
    if not places:
        return None
    at = chance.choice(places)
    first = at == 0 or not text[at - 1].isdigit()
    digit = chance.choice(
        [one for one in "123456789" if one != text[at]]
        if first
        else [one for one in "0123456789" if one != text[at]]
    )
    return text[:at] + digit + text[at + 1 :]
