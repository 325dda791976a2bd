"""PERSON by the closed world: a capitalised word that is in no list of common words is a name until shown otherwise.

What is in such a list may still be a name (Grace, May, Young, Do): then what stands beside it decides. In a line
without capitals, as speech recognition writes it, an unlisted word is a name, and a listed one only with a cue.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from presidio_analyzer import EntityRecognizer, RecognizerResult

from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, Lexicon, lexicon, words_of_cue
from gateway.redaction.words import Line, Word, lines_of

_SCORE: Final = 0.52
"""Below spaCy's: a place that it knows is a place."""
_VERBS: Final = words_of_cue("verbs")
_WEAK_VERBS: Final = words_of_cue("weak verbs")
"""Verbs that may follow a common word that opens a sentence: "Will is", "May has"."""
_HUMAN: Final = words_of_cue("human verbs")
_DETERMINERS: Final = words_of_cue("determiners")
_MONTHS: Final = words_of_cue("calendar")
_DATED: Final = words_of_cue("dated")
_INTRODUCES: Final = words_of_cue("introductions")
_NAMES_IT: Final = words_of_cue("namings")
_SPOKEN_TO: Final = words_of_cue("spoken to")
_SPOKEN_WITH: Final = words_of_cue("spoken with")
_AFTER_NAME: Final = words_of_cue("after a name")
_ADVERBS: Final = words_of_cue("adverbs")
_NUMBERED: Final = words_of_cue("numbered")
_NO_SUBJECT: Final = _DETERMINERS | {"i", "you", "he", "she", "it", "we", "they", "who"}
_ASKS: Final = frozenset(
    ["did", "does", "was", "is", "has", "had", "would", "could", "should", "if", "when", "as"]
)
_WITH: Final = frozenset(["to", "with", "from"])
_NO_PARTICLE_ALONE: Final = frozenset(["y", "e", "st", "la", "le", "mac", "mc", "san"])
"""Of the particles, those that are other words too often to begin a name."""
_AUXILIARIES: Final = words_of_cue("auxiliaries")
_PARTICLES: Final = words_of_cue("particles")
_NO_NAMES: Final = words_of_cue("titles") | {"she", "the", "i", "bye"}
_VOWELS: Final = frozenset("aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœýÿ")
_INITIALS: Final = 6
_COMMON: Final = 35
_EVERYDAY: Final = 10
_RARE: Final = 70
_LISTED: Final = 70
"""The size up to which a word with a capital counts as listed; longer lists have names among their words."""
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
            found += [
                RecognizerResult("PERSON", start, end, _SCORE)
                for start, end in _runs(line.words, named, text)
            ]
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
        if not word.capital or word.initial or word.base in _NO_NAMES:
            return False
        if word.shouted and not self._may_shout(word, line):
            return False
        if word.size > _LISTED:
            return len(word.base) > 1
        if self._lexicon.is_never_a_name(word.base):
            return False
        return self._follows_initial(line, at) or self._is_listed_name(line, at)

    def _follows_initial(self, line: Line, at: int) -> bool:
        """Whether it is the surname after an initial: "G. Street", but not after "Section B."."""
        word, initial, before = line.words[at], _at(line.words, at - 1), _at(line.words, at - 2)
        if initial is None or not initial.initial or word.gap not in (". ", "."):
            return False
        apart = initial.first or initial.gap != " " or before is None or before.base not in _NUMBERED
        return apart and (word.size > _COMMON or self._lexicon.is_surname(word.base))

    def _may_shout(self, word: Word, line: Line) -> bool:
        """Whether capitals throughout may be a name's: not those of a short form."""
        if self._lexicon.is_abbreviation(word.base) or not _VOWELS & set(word.base):
            return False
        return len(word.base) > _LEAST_LETTERS or line.shouted

    def _is_listed_name(self, line: Line, at: int) -> bool:
        word, before, after = line.words[at], _at(line.words, at - 1), _at(line.words, at + 1)
        given, surname = self._lexicon.is_given(word.base), self._lexicon.is_surname(word.base)
        if not (given or surname):
            alone = _stands_alone(line, before, word, after)
            met = alone and word.gap == " " and before is not None and before.base in (_SPOKEN_TO | _WITH)
            opens = word.size > _COMMON and word.first and _followed(after, _HUMAN)
            least = _EVERYDAY if met else _COMMON
            return self._is_hyphened(word) or opens or (word.size > least and alone)
        if not self._lexicon.is_place(word.base) and (word.size >= _RARE or (given and word.size > _COMMON)):
            return True
        if self._is_full_name(word, after) or _introduced(before, word) or self._leads_particle(line, at):
            return True
        if word.base in _MONTHS and (before is None or before.base in _DATED or _dated(word, after)):
            return False
        if word.first or line.shouted:
            verbs = _VERBS if word.size > _EVERYDAY else _VERBS - _WEAK_VERBS
            return _followed(after, verbs if given else _HUMAN)
        if line.titled or before is None or self._lexicon.is_place(word.base):
            return False
        if before.first and before.base in _ASKS and word.gap == " ":
            return after is None or not after.capital or after.gap != " "
        within = not before.capital and word.gap in (" ", ", ") and before.base not in _DETERMINERS
        return within and (given or after is None or not after.capital or after.gap != " ")

    def _is_hyphened(self, word: Word) -> bool:
        """Whether it is put together of names, as no list of words has it: Sang-woo."""
        parts = word.base.split("-")
        put_together = len(parts) > 1 and self._lexicon.size(word.base) == UNLISTED
        return put_together and all(map(self._lexicon.is_name, parts))

    def _leads_particle(self, line: Line, at: int) -> bool:
        """Whether a particle and a capital follow, as in "Maria da Silva"."""
        particle, after = _at(line.words, at + 1), _at(line.words, at + 2)
        joined = (
            particle is not None
            and particle.gap == " "
            and particle.base in _PARTICLES
            and not particle.capital
        )
        return joined and after is not None and after.capital and self._lexicon.is_given(line.words[at].base)

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
        if len(word.base) < 2 or word.base in _NO_NAMES:
            return False
        if before is not None and word.gap == " " and before.base in _NAMES_IT:
            return word.size > _EVERYDAY or self._lexicon.is_name(word.base)
        if word.size == UNLISTED:
            return len(word.base) >= _LEAST_LETTERS or self._lexicon.is_name(word.base)
        if self._is_hyphened(word):
            return True
        if self._lexicon.is_never_a_name(word.base) or (
            word.size == _EVERYDAY and word.base in FUNCTION_WORDS
        ):
            return False
        known = self._lexicon.is_well_known(word.base)
        if (known and word.size > _COMMON) or (word.size > _RARE and self._lexicon.is_name(word.base)):
            return True
        addressed = _introduced(before, word) and word.base not in FUNCTION_WORDS
        if addressed and self._lexicon.is_name(word.base):
            return True
        if self._is_spoken_of(line.words, at):
            return True
        if after is None or after.gap != " ":
            return False
        given = self._lexicon.is_given(word.base) and word.size > _COMMON
        return (known or given) and self._is_spoken_surname(after)

    def _is_spoken_of(self, words: Sequence[Word], at: int) -> bool:
        """Whether what is said around a word that is a name too says so: "told mark that", "spoke to rose"."""
        word, before, after = words[at], _at(words, at - 1), _at(words, at + 1)
        usual = word.base in FUNCTION_WORDS
        if not (self._lexicon.is_well_known(word.base) or (self._lexicon.is_given(word.base) and not usual)):
            return False
        if before is None or word.gap != " ":
            return False
        followed = after is None or after.gap != " " or after.base in _AFTER_NAME
        if _followed(after, _HUMAN) and before.base not in _NO_SUBJECT:
            return True
        if before.base in _SPOKEN_TO and (followed or not usual):
            return True
        earlier = _at(words, at - 2)
        asked = earlier is not None and earlier.base in _SPOKEN_WITH and before.base in _WITH
        return asked and (followed or self._is_surname_then(words, at + 1))

    def _is_surname_then(self, words: Sequence[Word], at: int) -> bool:
        """Whether a surname stands there, and behind it what follows a name."""
        word, after = _at(words, at), _at(words, at + 1)
        if word is None or word.gap != " " or not self._lexicon.is_surname(word.base):
            return False
        return after is None or after.gap != " " or after.base in _AFTER_NAME

    def _is_spoken_surname(self, word: Word) -> bool:
        if word.size == UNLISTED:
            return True
        return (
            self._lexicon.is_surname(word.base)
            and not self._lexicon.is_never_a_name(word.base)
            and word.base not in FUNCTION_WORDS
        )

    # Beside a name

    def _beside(self, words: Sequence[Word], at: int, named: Sequence[bool], lower: bool) -> bool:
        """Whether a word belongs to the name that stands before or after it."""
        word = words[at]
        if word.base in _NO_NAMES and not word.initial:
            return False
        if self._is_coordinated(words, at, named):
            return True
        # A full stop stands within a name only after an initial: "J. Smith".
        after_name = (
            at > 0
            and named[at - 1]
            and (word.gap in (" ", "-", " '") or (word.gap == ". " and words[at - 1].initial))
        )
        before_name = (
            at + 1 < len(words)
            and named[at + 1]
            and (words[at + 1].gap in (" ", "-") or (word.initial and words[at + 1].gap in (". ", ".")))
        )
        if not (after_name or before_name):
            return False
        if word.initial:
            return True
        if word.base in _PARTICLES and not word.capital and (before_name or after_name):
            # "van" and "den" are words too, after "the" they are no part of a name.
            return (after_name and before_name) or (
                before_name and not _is_determined(_at(words, at - 1)) and word.base not in _NO_PARTICLE_ALONE
            )
        if lower:
            return self._is_spoken_beside(words, at, after_name=after_name)
        if not word.capital or self._lexicon.is_never_a_name(word.base):
            return after_name and before_name and word.base in _PARTICLES
        if after_name:
            return word.base not in _MONTHS and (word.gap == " " or self._lexicon.is_name(word.base))
        return word.size > _COMMON or (
            self._lexicon.is_given(word.base) or (not word.first and self._lexicon.is_surname(word.base))
        )

    def _is_coordinated(self, words: Sequence[Word], at: int, named: Sequence[bool]) -> bool:
        """Whether it is joined with a name: "Hung and Thuy"."""
        word = words[at]
        if word.base in _AUXILIARIES or not (self._lexicon.is_given(word.base) or self._is_odd(word)):
            return False
        return any(
            0 <= other < len(words) and named[other] and words[(at + other) // 2].base == "and"
            for other in (at - 2, at + 2)
        )

    def _is_odd(self, word: Word) -> bool:
        """Whether nothing but a name gives the word its capital."""
        known = self._lexicon.is_never_a_name(word.base) or self._lexicon.is_place(word.base)
        return word.capital and not (word.first or word.shouted or known or word.base in _MONTHS)

    def _is_spoken_beside(self, words: Sequence[Word], at: int, *, after_name: bool) -> bool:
        word = words[at]
        if word.base in FUNCTION_WORDS or self._lexicon.is_never_a_name(word.base):
            verb = word.base in _VERBS or word.base in _ADVERBS
            owned = at > 0 and word.start - words[at - 1].end > 1
            return after_name and not (verb or owned) and self._is_surname_then(words, at)
        known = self._lexicon.is_surname(word.base) if after_name else self._lexicon.is_well_known(word.base)
        return known or word.size >= _RARE


def _at(words: Sequence[Word], at: int) -> Word | None:
    return words[at] if 0 <= at < len(words) else None


def _stands_alone(line: Line, before: Word | None, word: Word, after: Word | None) -> bool:
    """Whether a common word has a capital within a sentence, and no other word with a capital beside it."""
    if word.first or line.titled or line.shouted or word.shouted or before is None or before.capital:
        return False
    if before.base in _DETERMINERS or word.gap != " ":
        return _introduced(before, word)
    return after is None or not after.capital or after.gap != " "


def _followed(after: Word | None, verbs: frozenset[str]) -> bool:
    return after is not None and after.gap == " " and after.base in verbs


def _introduced(before: Word | None, word: Word) -> bool:
    """Whether what stands before says that a name follows: "his sister Do"."""
    return before is not None and word.gap in (" ", ". ", ": ", ", ") and before.base in _INTRODUCES


def _is_determined(before: Word | None) -> bool:
    return before is not None and before.base in _DETERMINERS


def _dated(word: Word, after: Word | None) -> bool:
    beside = word.gap + (after.gap if after is not None else "")
    return any(map(str.isdigit, beside))


def _runs(words: Sequence[Word], named: Sequence[bool], text: str) -> Iterator[tuple[int, int]]:
    """The names that stand side by side, as one range each."""
    start = end = -1
    for word, is_named in zip(words, named, strict=True):
        within = text[end : word.start] in (" ", "-", "  ") or (
            text[end : word.start] in (". ", ".") and end - start < _INITIALS and text[end - 1].isupper()
        )
        if is_named and start >= 0 and within:
            end = word.end
        else:
            if start >= 0:
                yield start, end
            start, end = (word.start, word.end) if is_named else (-1, -1)
    if start >= 0:
        yield start, end
