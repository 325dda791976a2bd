"""Learns what each clue is worth, and writes `clues.txt`: `python -m tests.redaction.learning.learn`.

Needs scikit-learn, which nothing else here does: `pip install scikit-learn` into the environment first. Documents are
made of the templates beside, with names of `faker`'s locales and, so that nothing depends on which words are names,
with words of the lexicon as names; as they are written, and in small letters as speech recognition writes. What no
rule and no model took for a name is then asked about: is it one? A logistic regression with few terms (L1) answers.
"""

import pydoc_data.topics
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from faker import Faker

from gateway.redaction import RedactionSettings, Redactor, Unreadable
from gateway.redaction.closed_world import likely
from gateway.redaction.closed_world.clues import Clues, Seen
from gateway.redaction.lexicon import FUNCTION_WORDS, lexicon
from gateway.redaction.recognisers.person_unlisted import PersonUnlisted
from gateway.redaction.words import Line
from tests.redaction.learning.templates import NOBODY, TEMPLATES

FILE = Path(likely.__file__).with_name("clues.txt")
ROOT = Path(__file__).parents[3]
_LOCALES = [
    "en_GB",
    "en_IE",
    "en_US",
    "pl_PL",
    "ro_RO",
    "hu_HU",
    "cs_CZ",
    "de_DE",
    "fr_FR",
    "es_ES",
    "it_IT",
    "pt_PT",
    "nl_NL",
    "sv_SE",
    "fi_FI",
    "tr_TR",
    "en_IN",
    "vi_VN",
    "id_ID",
    "fil_PH",
    "yo_NG",
    "zu_ZA",
    "hr_HR",
    "no_NO",
    "da_DK",
    "et_EE",
    "sl_SI",
]
_SLOT = re.compile(r"\{([a-f])(?:\.(\w+))?\}")
_SURNAME_TITLES = ("Mr", "Mrs", "Ms", "Miss")
_SHORT = 4
_KINDS = (("faker", 1.0), ("faker", 1.0), ("both", 1.0), ("both", 1.0), ("word", 0.5), ("function", 0.5))
"""Whose names a document has, and how much it counts."""
_NOBODYS = frozenset(["a", "i", "the", "and", "of", "is", "was", "you", "we", "they", "she"])
_TERM = re.compile(r"(?<=[a-z,] )[a-z]{4,12}\b")
_SEED = 1912
_TIMES = 20
_STRENGTH = 0.4
_COST = 2.0
_LEAST_SEEN = 8
_LEAST_WORTH = 0.05
_HEAD = """# What each clue of `clues.py` is worth, by how the word is written. Made by tests/redaction/learning/learn.py."""

Labelled = tuple[str, list[tuple[int, int]], float]
"""A text, where its names are, and how much it counts."""


class Names:
    """Names of three kinds: persons', usual words', and words that are names too."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        Faker.seed(chance.random())
        self._fakers = [Faker(locale) for locale in _LOCALES]
        listed = lexicon()
        words = [word for word in listed.words if word.isascii() and word.isalpha() and 2 <= len(word) <= 9]
        self._function = sorted(word for word in words if word in FUNCTION_WORDS and word not in _NOBODYS)
        words = [word for word in words if word not in FUNCTION_WORDS]
        self._words = {
            size: sorted(word for word in words if listed.size(word) == size) for size in (10, 20, 35, 50, 70)
        }
        self._both = sorted(word for word in words if listed.is_name(word))

    def people(self, kind: str) -> dict[str, tuple[str, str]]:
        """Six persons, by the letters of the slots."""
        return {slot: (self._one(kind, given=True), self._one(kind, given=False)) for slot in "abcdef"}

    def _one(self, kind: str, *, given: bool) -> str:
        chance = self.chance
        if kind == "faker":
            fake = chance.choice(self._fakers)
            return str(fake.first_name() if given else fake.last_name())
        words = self._both if kind == "both" else self._words[chance.choice((10, 20, 20, 35, 35, 50, 70))]
        if kind == "function" and chance.random() < 0.6:
            return chance.choice(self._function).capitalize()
        short = chance.random() < 0.4
        while True:
            word = chance.choice(words)
            if not short or len(word) <= _SHORT:
                return word.capitalize()


def filled(
    template: str, people: dict[str, tuple[str, str]], chance: random.Random
) -> tuple[str, list[tuple[int, int]]]:
    """The template with the people's names, and where they are."""
    text, spans, last = "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[last : slot.start()]
        given, surname = people[slot[1]]
        form = slot[2] or ""
        if form in ("m", "t"):
            text += f"{chance.choice(_SURNAME_TITLES) if form == 'm' else 'Dr'} "
        name = {
            "": f"{given} {surname}", "g": given, "s": surname, "U": surname.upper(), "m": surname, "t": surname,
            "U2": f"{given} {surname}".upper(), "sg": f"{surname.upper()}, {given}", "l": f"{given} {surname}".lower(),
            "lg": given.lower(), "ls": surname.lower(),
        }[form]  # fmt: skip
        spans.append((len(text), len(text) + len(name)))
        text += name
        last = slot.end()
    return text + template[last:], spans


def spoken(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """As speech recognition writes it: without capitals, most signs and lines."""
    kept = [at for at, char in enumerate(text) if char.isalnum() or char in "' -\n\t"]
    place = {at: new for new, at in enumerate(kept)}
    flat = "".join(" " if text[at] in "\n\t" else text[at].lower() for at in kept)
    moved = []
    for start, end in spans:
        within = [place[at] for at in range(start, end) if at in place]
        if within:
            moved.append((within[0], within[-1] + 1))
    return flat, moved


def with_terms(text: str, chance: random.Random) -> str:
    """The text with a few of its words as a contract or a form writes them: the Client, every Safety Plan."""
    found = sorted({term[0] for term in _TERM.finditer(text)} - FUNCTION_WORDS)
    chosen = chance.sample(found, min(len(found), 6))
    for first in chosen[:3]:
        beside = re.search(rf"\b{first} ([a-z]{{4,12}})\b", text)
        if beside is not None and beside[1] not in FUNCTION_WORDS:
            chosen.append(beside[1])
    terms = frozenset(chosen)
    write = chance.choice((str.capitalize, str.capitalize, str.upper))
    return re.sub(r"\b[a-z]{4,12}\b", lambda word: write(word[0]) if word[0] in terms else word[0], text)


def documents(chance: random.Random, times: int) -> Iterator[Labelled]:
    """The texts to learn from."""
    names = Names(chance)
    for template in TEMPLATES:
        for _ in range(times):
            kind, counts = chance.choice(_KINDS)
            text, spans = filled(template, names.people(kind), chance)
            yield text, spans, counts
            if chance.random() < 0.35:
                yield (*spoken(text, spans), counts)
            elif chance.random() < 0.1:
                yield text.lower(), spans, counts
    paragraphs = [*NOBODY] * 6
    for source in [
        *pydoc_data.topics.topics.values(),
        *(path.read_text("utf-8") for path in ROOT.glob("docs/*.md")),
    ]:
        paragraphs += [
            re.sub(r"\s+", " ", one)[:1200]
            for one in re.split(r"\n\s*\n", source)
            if len(one) > 200 and "|" not in one
        ]
    for paragraph in paragraphs:
        yield paragraph, [], 1.0
        for share, changed in (
            (0.6, with_terms(paragraph, chance)),
            (0.3, spoken(paragraph, [])[0]),
            (0.15, paragraph[:400].upper()),
            (0.15, paragraph[:80].title()),
        ):
            if chance.random() < share:
                yield changed, [], 1.0


class Asking(PersonUnlisted):
    """Notes of every word that is asked about its clues, whether it is a name, and how much it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.text: Labelled = ("", [], 0.0)
        self.rows: list[tuple[list[str], bool, float]] = []

    def _add_likely(
        self, text: str, lines: Sequence[Line], named: Sequence[list[bool]], seen: Sequence[Seen]
    ) -> None:
        whole, spans, counts = self.text
        if text != whole:
            return  # another view of it
        clues = Clues(text, lines, named, seen, lexicon())
        for number, at in clues.candidates():
            place = lines[number].words[at].start
            is_name = any(start <= place < end for start, end in spans)
            style, seen_of = clues.of(number, at)
            self.rows.append(([f"{style} {clue}" for clue in seen_of], is_name, counts))


def asked(texts: Iterable[Labelled]) -> list[tuple[list[str], bool, float]]:
    """What is asked of the texts: clues, whether they are a name's, and how much that counts."""
    asking = Asking()
    redactor = Redactor.load(RedactionSettings(), recognisers=[asking])
    for text in texts:
        asking.text = text
        with suppress(Unreadable):
            redactor.places(text[0])
    return asking.rows


def learnt(rows: Sequence[tuple[list[str], bool, float]], strength: float, cost: float) -> dict[str, float]:
    """What each clue is worth. `strength` is of the fit, `cost` what a word taken in vain costs beside a name left."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    seen = Counter(clue for clues, _, _ in rows for clue in clues)
    vectors = DictVectorizer()
    table = vectors.fit_transform(
        {clue: 1.0 for clue in clues if seen[clue] >= _LEAST_SEEN} for clues, _, _ in rows
    )
    table.indices, table.indptr = (
        table.indices.astype("int32"),
        table.indptr.astype("int32"),
    )  # all that it takes
    is_name = [name for _, name, _ in rows]
    counts = [weight if name else weight * cost for _, name, weight in rows]
    fit = LogisticRegression(solver="liblinear", l1_ratio=1.0, C=strength, fit_intercept=False, max_iter=300)
    fit.fit(table, is_name, sample_weight=counts)
    worth = dict(zip(vectors.feature_names_, fit.coef_[0], strict=True))
    return {clue: round(float(one), 2) for clue, one in worth.items() if abs(one) >= _LEAST_WORTH}


def main() -> None:
    """Learn, and write the file."""
    rows = asked(documents(random.Random(_SEED), _TIMES))
    worth = learnt(rows, _STRENGTH, _COST)
    lines = [
        f"{clue} {one:.2f}"
        for clue, one in sorted(worth.items(), key=lambda item: (item[0].split()[0], -item[1]))
    ]
    FILE.write_text("\n".join([_HEAD, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
