"""Persons' names from many sources: `faker`, `names-dataset`, lists by origin, ordinary words, and invented ones."""

import gzip
import pickle
import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from faker import Faker

from gateway.redaction.lexicon import common_words

ORIGINS: Final = Path(__file__).parent / "names" / "origins.txt"
ALSO: Final = Path(__file__).parent / "names" / "also_words.txt"
"""Words that are names too, by where they are used."""
TITLES: Final = Path(__file__).parent / "names" / "titles.txt"
_LOCALES: Final = (
    "en_GB en_GB en_GB en_IE en_US en_NZ pl_PL ro_RO hu_HU cs_CZ sk_SK de_DE fr_FR es_ES es_MX it_IT pt_PT pt_BR nl_NL "
    "sv_SE fi_FI tr_TR en_IN vi_VN id_ID fil_PH yo_NG zu_ZA hr_HR no_NO da_DK et_EE sl_SI lt_LT lv_LV"
).split()
_PER_COUNTRY: Final = 400
_NAME: Final = re.compile(r"[^\W\d_]{2,14}(?:[-'’ ][^\W\d_]{2,12})?")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’ -]+")
_TITLES: Final = (
    "Mr Mr Mrs Mrs Ms Ms Miss Dr Mx Prof Sir Mr. Mrs. Dr. PC DC DS DI Sgt PO SPO Cllr Rev Judge HHJ DJ Nurse Officer "
    "Sister Councillor Constable Inspector Professor Imam Father Auntie Uncle"
).split()
_PARTICLES: Final = (
    "de",
    "de la",
    "van",
    "van der",
    "von",
    "bin",
    "ibn",
    "al",
    "el",
    "da",
    "dos",
    "Mac",
    "Ó",
    "ap",
    "St",
)
_ONSETS: Final = (
    "b br ch d dr f g gh gr h j k kh kr l m mw n ng ny p ph qu r s sh shr st t th tr ts v w x y z".split()
)
_VOWELS: Final = "a aa ai e ee i ia ie io o oo ou u ue y".split()
_CODAS: Final = ["", "", "", *"b d k l m n ng nn r rd s sh st t th v x z".split()]


_Source = tuple[Callable[[], Callable[[], tuple[str, str]]], float]
"""What draws a source of names, and its share."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name of one to four words: `given` and `family`, either of which may be two words; `family` may be empty."""

    given: str
    family: str
    middle: str = ""
    short: str = ""

    @property
    def full(self) -> str:
        """All of it, in the usual order."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)

    @property
    def surname(self) -> str:
        """What stands where a surname would."""
        return self.family or self.given


class Names:
    """Draws persons. The same seed draws the same."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        Faker.seed(chance.random())
        self._fakers = [Faker(locale) for locale in _LOCALES]
        self._countries = list(_by_country())
        self._origins = by_origin()
        self._words = _words()
        self._sources: tuple[_Source, ...] = (
            (self._of_faker, 0.25),
            (self._of_country, 0.20),
            (self._of_origin, 0.30),
            (self._of_words, 0.16),
            (self._of_syllables, 0.09),
        )

    def people(self, letters: Sequence[str], *, bare: bool = False) -> dict[str, Person]:
        """A person for each letter; most of a document's are of one origin. None is an ordinary word if the text is
        `bare`, without anything that would say that it is a name.
        """
        chance = self._chance
        sources = [one for one in self._sources if not bare or one[0] != self._of_words]
        home = self._source(sources)
        return {
            letter: self._person(home if chance.random() < 0.6 else self._source(sources))
            for letter in letters
        }

    def _source(self, of: Sequence[_Source]) -> Callable[[], tuple[str, str]]:
        sources, weights = zip(*of, strict=True)
        (chosen,) = self._chance.choices(sources, weights)
        made: Callable[[], tuple[str, str]] = chosen()
        return made

    def _person(self, source: Callable[[], tuple[str, str]]) -> Person:
        chance = self._chance
        given, family = source()
        middle = source()[0] if chance.random() < 0.06 else ""
        if chance.random() < 0.03:
            middle = f"{chance.choice('ABCDEFGHJKLMNPRSTW')}{chance.choice(['', '.'])}"
        if chance.random() < 0.04:
            family = f"{family}-{source()[1]}"
        elif chance.random() < 0.03:
            family = f"{chance.choice(_PARTICLES)} {family}"
        elif chance.random() < 0.03:
            family = ""
        short = given.split()[0]
        if len(short) > 4 and chance.random() < 0.7:
            short = short[: chance.choice((3, 3, 4))] + chance.choice(("", "y", "ie", "o", "za", ""))
        return Person(given, family, middle, short)

    def _of_faker(self) -> Callable[[], tuple[str, str]]:
        fake = self._chance.choice(self._fakers)
        return lambda: (str(fake.first_name()), str(fake.last_name()))

    def _of_country(self) -> Callable[[], tuple[str, str]]:
        given, family = self._chance.choice(self._countries)
        return lambda: (self._chance.choice(given), self._chance.choice(family))

    def _of_origin(self) -> Callable[[], tuple[str, str]]:
        if not self._origins:
            return self._of_country()
        given, family = self._chance.choice(self._origins)
        return lambda: (self._chance.choice(given), self._chance.choice(family))

    def _of_words(self) -> Callable[[], tuple[str, str]]:
        """Ordinary words as names: Grace Best, Will Young, Even Long."""
        fake = self._chance.choice(self._fakers[:4])

        def drawn() -> tuple[str, str]:
            given = self._chance.choice(self._words).capitalize()
            family = self._chance.choice(self._words).capitalize()
            which = self._chance.random()
            if which < 0.3:
                return str(fake.first_name()), family
            return (given, str(fake.last_name())) if which < 0.6 else (given, family)

        return drawn

    def _of_syllables(self) -> Callable[[], tuple[str, str]]:
        """Names that nobody has, so that what stands around a name is learnt and not the name."""
        return lambda: (self._invented(), self._invented())

    def _invented(self) -> str:
        chance = self._chance
        count = chance.choices((1, 2, 3), (0.3, 0.5, 0.2))[0]
        name = "".join(
            chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS) for _ in range(count)
        )
        return name[:12].capitalize()


@cache
def titles() -> tuple[Sequence[str], Sequence[str]]:
    """What stands before a surname: usual titles, and those of other ranks, kin and languages."""
    lines = TITLES.read_text("utf-8").splitlines()
    return _TITLES, [title for line in lines if not line.startswith("#") for title in line.split()]


@cache
def _by_country() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The most usual given names and surnames of each country of `names-dataset`."""
    spec = find_spec("names_dataset")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "names-dataset is not installed. Run `make name-model`, which installs what training needs."
        )
    folder = Path(spec.origin).parent / "v3"
    given, family = (_most_usual(folder / f"{kind}_names.pkl.gz") for kind in ("first", "last"))
    return tuple((given[country], family[country]) for country in sorted(given.keys() & family.keys()))


def _most_usual(path: Path) -> dict[str, tuple[str, ...]]:
    with gzip.open(path) as file:
        listed = pickle.load(file)  # noqa: S301  # a pinned package's own data
    ranked: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, known in listed.items():
        if _NAME.fullmatch(name) and _LATIN.fullmatch(name):
            for country, rank in known["rank"].items():
                if rank and rank <= _PER_COUNTRY:
                    ranked[country].append((rank, name.title()))
    return {
        country: tuple(name for _, name in sorted(names))
        for country, names in ranked.items()
        if len(names) > 40
    }


@cache
def by_origin() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The lists by hand, for origins that the others lack."""
    text = ORIGINS.read_text("utf-8") if ORIGINS.exists() else ""
    lists = re.findall(r"^given:(.*)\nsurname:(.*)$", text, re.MULTILINE)
    return tuple((_listed(given), _listed(family)) for given, family in lists)


def _listed(line: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in line.split(",") if name.strip()))


@cache
def _words() -> tuple[str, ...]:
    """Common words of a name's length, and as often those of the list by hand that are names somewhere."""
    words = sorted(
        word for word in common_words() if word.isascii() and word.isalpha() and 2 <= len(word) <= 9
    )
    lines = ALSO.read_text("utf-8").splitlines()
    names = [word for line in lines if not line.startswith("#") for word in line.split()]
    return tuple(words + names * (len(words) // len(names)))
