"""PERSON by the closed world: a capitalised word that is in no list of common words is a name until shown otherwise.

What is in such a list may still be a name (Grace, May, Young, Do): then what stands beside it decides. In a line
without capitals, as speech recognition writes it, an unlisted word is a name, and a listed one only with a cue.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import UNLISTED, Lexicon, lexicon
from gateway.redaction.words import Line, Word, lines_of

_SCORE: Final = 0.52
"""Below spaCy's: a place that it knows is a place."""
_VERBS: Final = frozenset(
    """said says told is was has had will would did does asked replied stated states reported reports attended attends
    called rang phoned texted emailed wrote sent came left went arrived lives lived works worked feels felt thinks thought
    wants wanted needs needed knows knew accepts accepted denies denied admits admitted agreed agrees started stopped
    moved missed failed remains received gets got makes made took takes looks looked seems seemed appears appeared
    described describes explained explains confirmed confirms disclosed discloses presented presents and who can can't
    could should might hasn't hadn't wasn't isn't didn't doesn't won't wouldn't also then still just never""".split()
)
_DETERMINERS: Final = frozenset(
    "the a an this that these those each every any some no my your our its another first second one two".split()
)
_MONTHS: Final = frozenset("may april june august march january february july september october november december".split())
_DATED: Final = frozenset("in on by since until till of from last next early late mid end this before after during to for".split())
_INTRODUCES: Final = frozenset(
    """called named nicknamed mr mrs ms miss mx dr doctor sir dame lady lord rev revd pc dc ds di ps sgt auntie aunty uncle aunt
    cousin brother sister son daughter stepson stepdaughter stepdad stepmum dad mum mother father wife husband partner
    girlfriend boyfriend fiancé fiancée nephew niece nan nana gran grandad grandma grandmother grandfather friend mate neighbour
    landlord landlady solicitor dear hi hello hey cheers thanks defendant victim complainant witness client tutor twin
    ex ex-partner ex-wife ex-husband ex-girlfriend ex-boyfriend co-defendant alias aka officer judge constable sergeant
    inspector worker keyworker manager practitioner""".split()
)
_NAMES_IT: Final = frozenset("called named nicknamed mr mrs ms mx name's alias aka".split())
_PARTICLES: Final = frozenset(
    "de da do dos das di del della der den van von ten ter la le du bin bint ibn abu al el ap ab ferch mac mc y e st".split()
)
_VOWELS: Final = frozenset("aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœýÿ")
_COMMON: Final = 35
_EVERYDAY: Final = 10
_RARE: Final = 70
_LEAST_LETTERS: Final = 3


class PersonUnlisted(EntityRecognizer):
    """Reads line by line; finds single words and runs of them."""

    def __init__(self) -> None:
        super().__init__(["PERSON"], name="PersonUnlisted", supported_language="en")
        self._lexicon: Lexicon = lexicon()

    def load(self) -> None:
        """Nothing more: the lists are read when it is made."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """Every run of words that is taken for a name."""
        found = []
        for line in lines_of(text, self._lexicon):
            named = self._named(line)
            found += [RecognizerResult("PERSON", start, end, _SCORE) for start, end in _runs(line.words, named, text)]
        return found

    def _named(self, line: Line) -> list[bool]:
        words = line.words
        judge = self._in_small_letters if line.lower else self._in_capitals
        named = [judge(line, at) for at in range(len(words))]
        for _ in range(2):
            for at in range(len(words)):
                if not named[at]:
                    named[at] = self._beside(words, at, named, line.lower)
        return named

    # With capitals

    def _in_capitals(self, line: Line, at: int) -> bool:
        word = line.words[at]
        if not word.capital or word.initial:
            return False
        if word.shouted and not self._may_shout(word, line):
            return False
        if word.size == UNLISTED:
            return len(word.base) > 1
        if self._lexicon.is_never_a_name(word.base):
            return False
        return self._is_listed_name(line, at)

    def _may_shout(self, word: Word, line: Line) -> bool:
        """Whether capitals throughout may be a name's: not those of a short form."""
        if self._lexicon.is_abbreviation(word.base) or not _VOWELS & set(word.base):
            return False
        return len(word.base) > _LEAST_LETTERS or line.shouted

    def _is_listed_name(self, line: Line, at: int) -> bool:
        word, before, after = line.words[at], _at(line.words, at - 1), _at(line.words, at + 1)
        given, surname = self._lexicon.is_given(word.base), self._lexicon.is_surname(word.base)
        if not (given or surname):
            return _introduced(before, word) and word.size > _COMMON
        if word.size >= _RARE or (given and word.size > _COMMON):
            return True
        if self._is_full_name(word, after) or _introduced(before, word):
            return True
        if word.base in _MONTHS and (before is None or before.base in _DATED or _dated(word, after)):
            return False
        if word.first or line.shouted:
            return given and after is not None and after.gap == " " and after.base in _VERBS and word.size > _EVERYDAY
        if line.titled or before is None or before.base in _DETERMINERS:
            return False
        if self._lexicon.is_place(word.base):
            return False
        plain_before = not before.capital and (word.gap == " " or word.gap == ", ")
        return plain_before and (given or after is None or not after.capital or after.gap != " ")

    def _is_full_name(self, word: Word, after: Word | None) -> bool:
        """Whether the two are a given name and a surname."""
        if after is None or after.gap != " " or not after.capital or not self._lexicon.is_given(word.base):
            return False
        if word.shouted != after.shouted and not after.shouted:
            return False
        known = self._lexicon.is_surname(after.base) and not self._lexicon.is_never_a_name(after.base)
        return known or after.size == UNLISTED

    # Without capitals

    def _in_small_letters(self, line: Line, at: int) -> bool:
        word, before, after = line.words[at], _at(line.words, at - 1), _at(line.words, at + 1)
        if len(word.base) < 2:
            return False
        if before is not None and word.gap == " " and before.base in _NAMES_IT:
            return word.size > _EVERYDAY or self._lexicon.is_name(word.base)
        if word.size == UNLISTED:
            return len(word.base) >= _LEAST_LETTERS or self._lexicon.is_name(word.base)
        if self._lexicon.is_never_a_name(word.base) or word.size == _EVERYDAY and word.base in _FUNCTION:
            return False
        known = self._lexicon.is_well_known(word.base)
        if (known and word.size > _COMMON) or (word.size > _RARE and self._lexicon.is_name(word.base)):
            return True
        if _introduced(before, word) and self._lexicon.is_name(word.base):
            return True
        return known and after is not None and after.gap == " " and self._is_spoken_surname(after)

    def _is_spoken_surname(self, word: Word) -> bool:
        if word.size == UNLISTED:
            return True
        return (
            self._lexicon.is_surname(word.base)
            and not self._lexicon.is_never_a_name(word.base)
            and word.base not in _FUNCTION
        )

    # Beside a name

    def _beside(self, words: Sequence[Word], at: int, named: Sequence[bool], lower: bool) -> bool:
        """Whether a word belongs to the name that stands before or after it."""
        word = words[at]
        after_name = at > 0 and named[at - 1] and word.gap in (" ", ". ", "-", " '")
        before_name = at + 1 < len(words) and named[at + 1] and words[at + 1].gap in (" ", ". ", ".", "-")
        if not (after_name or before_name):
            return False
        if word.initial:
            return True
        if lower:
            return self._is_spoken_beside(word, after_name)
        if not word.capital or self._lexicon.is_never_a_name(word.base):
            return after_name and before_name and word.base in _PARTICLES
        if after_name:
            return self._lexicon.is_name(word.base) or word.size > _COMMON
        return (not word.first or self._lexicon.is_given(word.base)) and self._lexicon.is_name(word.base)

    def _is_spoken_beside(self, word: Word, after_name: bool) -> bool:
        if word.base in _FUNCTION or self._lexicon.is_never_a_name(word.base):
            return False
        return self._lexicon.is_surname(word.base) if after_name else self._lexicon.is_well_known(word.base)


_FUNCTION: Final = frozenset(
    """i me my you your he him his she her it its we us our they them their a an the this that these those and or but if
    so no not in on at to of by up off out for from with as is am are was were be been do does did done has have had will
    would can could may might must shall should go goes went get got come came say said see saw seen know think like just
    really very well okay ok yeah yes right now then there here when where who what why how which all any some one two
    long good man love way day old new young little big bad own same time back down over more much many most only even
    also still never ever again about after before because than too sure fine great nice happy lucky sunday monday friday
    king queen lady lord miss sir son dad mum father mother brother sister baby boy girl guy home house work job money
    police court park bank street road lane hall hill church field green black white brown gray grey red blue
    best better bit bright call car case cash chance change child cold cool cook cross cut dance dean deal early else end
    english face fair far fast few field find fire first fish ford free friend game gift give given glad gold
    good-bye half hand hard head hear heart heat heavy help high hold hope hot hour hung key kid kind land large last late lay
    lead least leave left less let life light line list live lock look lost lot low make mark may mean meet men mind moment
    moon more morning move must nan near need never next night noon north nothing off once open order other paper part pass
    past pay peace person pet phone pick piece place plain plan play please point pool poor pop post pound power pray pretty
    price pride rain ram read ready real rest rice rich ride ring rise river rock room rose row run rush safe sale sand sang
    save scott self sell send sense set shall sharp sheet shine ship shop short show shut sick side sign silver sin since
    sing sit skip sky sleep slow small smart smoke snow soft some soon sort sound speak speed spring stand star start stay
    step stick still stone stop store storm story straight strange strong stuff such sugar summer sun sweet swift tail take
    talk tall tan tell ten thank thanks thing tie tin tiny today told toll tom-tom tonight took top touch town track train
    tree tried true trust try turn under until use view wait wake walk wall want warm wash waste watch water wear week wee
    west wet wild win wind wine winter wise wish woman wonder wood word world worth wrong year yet""".split()
)
"""Words of speech that are some list's names, and hardly ever are names there."""


def _at(words: Sequence[Word], at: int) -> Word | None:
    return words[at] if 0 <= at < len(words) else None


def _introduced(before: Word | None, word: Word) -> bool:
    """Whether what stands before says that a name follows: "his sister Do"."""
    return before is not None and word.gap in (" ", ". ", ": ", ", ") and before.base in _INTRODUCES


def _dated(word: Word, after: Word | None) -> bool:
    return after is not None and not after.gap.strip(" ,") == "" and any(map(str.isdigit, after.gap)) or any(
        map(str.isdigit, word.gap)
    )


def _runs(words: Sequence[Word], named: Sequence[bool], text: str) -> Iterator[tuple[int, int]]:
    """The names that stand side by side, as one range each."""
    start = end = -1
    for word, is_named in zip(words, named, strict=True):
        if is_named and start >= 0 and text[end : word.start] in (" ", ". ", "-", "  "):
            end = word.end
        else:
            if start >= 0:
                yield start, end
            start, end = (word.start, word.end) if is_named else (-1, -1)
    if start >= 0:
        yield start, end
