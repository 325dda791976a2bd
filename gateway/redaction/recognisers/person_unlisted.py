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
_OBJECTS: Final = words_of_cue("objects")
_PAIRS: Final = words_of_cue("pairs")
_INFLECTED: Final = ("ed", "ing", "ly", "s")
_NUMBERED: Final = words_of_cue("numbered")
_NO_SUBJECT: Final = _DETERMINERS | {"i", "you", "he", "she", "it", "we", "they", "who"}
_ASKS: Final = frozenset(
    ["did", "does", "was", "is", "has", "had", "would", "could", "should", "if", "when", "as"]
)
_HERE: Final = words_of_cue("here")
_SUBORDINATE: Final = words_of_cue("subordinate")
_QUESTIONS: Final = words_of_cue("questions")
_APPOSED: Final = frozenset(["the", "his", "her", "their", "a", "an", "who", "whose", "aged", "my"])
"""Behind a comma, what says who somebody is."""
_ASKED_TO: Final = words_of_cue("asked to")
_JOINED: Final = frozenset(["and", "or", "&"])
_OFF: Final = frozenset(
    ["off", "in", "out", "here", "coming", "late", "not", "back", "still", "ok", "away", "on", "busy"]
)
_NOW: Final = frozenset(["now", "with", "aka", "nee"])
_IT_IS: Final = frozenset(["is", "its", "it's", "it"])
_CLOSINGS: Final = frozenset(["best", "love"])
_ALONGSIDE: Final = frozenset(["w/", "c/o"])
_SAYS: Final = frozenset(["said", "says", "that", "reckons", "thinks"])
_IS: Final = frozenset(["is", "was", "has", "had"])
_ME: Final = frozenset(["me", "i", "him", "her", "myself"])
_BETWEEN: Final = frozenset(["now", "also", "then", "still", "never", "just", "later", "since"])
_WITH: Final = frozenset(["to", "with", "from"])
_NO_PARTICLE_ALONE: Final = frozenset(["y", "e", "st", "la", "le", "mac", "mc", "san", "an", "na"])
"""Of the particles, those that are other words too often to begin a name."""
_AUXILIARIES: Final = words_of_cue("auxiliaries")
_PARTICLES: Final = words_of_cue("particles")
_BODIES: Final = words_of_cue("bodies") | words_of_cue("labels")
_NO_NAMES: Final = words_of_cue("titles") | {"she", "the", "i", "bye"}
_VOWELS: Final = frozenset("aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœýÿ")
_INITIALS: Final = 6
_COMMON: Final = 35
_EVERYDAY: Final = 10
_USUAL: Final = 20
_UNUSUAL: Final = 50
_RARE: Final = 70
_LISTED: Final = 70
"""The size up to which a word with a capital counts as listed; longer lists have names among their words."""
_LEAST_LETTERS: Final = 3
_PAIR: Final = 2


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
        if (
            word.base in FUNCTION_WORDS
            and self._lexicon.is_name(word.base)
            and self._is_odd_function(line, at)
        ):
            return True
        if word.shouted and not self._may_shout(word, line):
            return False
        if word.size > _LISTED:
            return len(word.base) > 1
        if self._lexicon.is_never_a_name(word.base):
            after = _at(line.words, at + 1)
            return (
                self._is_full_name(word, after)
                and after is not None
                and self._lexicon.is_well_known(after.base)
            )
        return self._follows_initial(line, at) or self._is_listed_name(line, at)

    def _follows_initial(self, line: Line, at: int) -> bool:
        """Whether it is the surname after an initial: "G. Street", but not after "Section B."."""
        word, initial, before = line.words[at], _at(line.words, at - 1), _at(line.words, at - 2)
        if initial is None or not initial.initial or word.gap not in (". ", "."):
            return False
        apart = initial.first or initial.gap != " " or before is None or before.base not in _NUMBERED
        return apart and (word.size > _COMMON or self._lexicon.is_surname(word.base))

    def _is_odd_function(self, line: Line, at: int) -> bool:
        """Whether a word like "He" has a capital where only a name has one."""
        word, before = line.words[at], _at(line.words, at - 1)
        if self._follows_initial(line, at):
            return True
        within = before is not None and not before.capital and word.gap == " " and word.base not in _MONTHS
        plain = not (word.first or word.shouted or line.titled or line.shouted)
        return within and plain and before is not None and before.base not in _DETERMINERS

    def _may_shout(self, word: Word, line: Line) -> bool:
        """Whether capitals throughout may be a name's: not those of a short form."""
        if self._lexicon.is_abbreviation(word.base) or not _VOWELS & set(word.base):
            return False
        return len(word.base) > _LEAST_LETTERS or line.shouted

    def _is_listed_name(self, line: Line, at: int) -> bool:
        word, before, after = line.words[at], _at(line.words, at - 1), _at(line.words, at + 1)
        given, surname = self._lexicon.is_given(word.base), self._lexicon.is_surname(word.base)
        if self._leads_particle(line, at):
            return True
        if not (given or surname):
            return self._is_odd_word(line, at)
        if not self._lexicon.is_place(word.base) and (word.size >= _RARE or (given and word.size > _COMMON)):
            return True
        if self._is_full_name(word, after) or _introduced(before, word):
            return True
        if word.base in _MONTHS and (before is None or before.base in _DATED or _dated(word, after)):
            return False
        if len(line.words) == 1 and self._lexicon.is_well_known(word.base) and not word.shouted:
            return word.base not in _CLOSINGS
        if word.first or line.shouted:
            return self._is_subject(line, at, given=given)
        if line.titled or before is None or self._lexicon.is_place(word.base):
            return False
        if before.base == "that" and word.gap == " " and _followed(after, _VERBS):
            return True
        alone = after is None or not after.capital or after.gap != " "
        if before.first and before.base in _ASKS and word.gap == " ":
            return alone
        within = not before.capital and word.gap in (" ", ", ") and before.base not in _DETERMINERS
        return within and (given or alone or self._is_odd_pair(line, at))

    def _is_odd_word(self, line: Line, at: int) -> bool:
        """Whether a word that no list has as a name has its capital for no other reason."""
        word, before, after = line.words[at], _at(line.words, at - 1), _at(line.words, at + 1)
        if self._is_hyphened(word):
            return True
        if word.size > _COMMON and word.first and (_followed(after, _HUMAN) or _is_called_out(word, after)):
            return True
        if self._lexicon.is_place(word.base) or word.base in _MONTHS:
            return False
        if word.size > _EVERYDAY and _stands_alone(line, before, word, after):
            return True
        return self._is_odd_pair(line, at)

    def _is_odd_pair(self, line: Line, at: int) -> bool:
        """Whether the word and the next are the only ones with capitals within a sentence, and one may be a name."""
        word, before, after, last = (_at(line.words, other) for other in (at, at - 1, at + 1, at + 2))
        if word is None or word.first or line.titled or line.shouted or word.shouted or word.gap != " ":
            return False
        if before is None or before.capital or before.base in _DETERMINERS:
            return False
        if after is None or not after.capital or after.shouted or after.gap != " " or self._is_known(after):
            return False
        alone = last is None or not last.capital or last.gap != " "
        return alone and any(one.size > _COMMON or self._lexicon.is_name(one.base) for one in (word, after))

    def _is_known(self, word: Word) -> bool:
        known = self._lexicon.is_never_a_name(word.base) or self._lexicon.is_abbreviation(word.base)
        return known or word.base in _MONTHS or word.base in FUNCTION_WORDS

    def _is_subject(self, line: Line, at: int, *, given: bool) -> bool:
        """Whether a word that opens a sentence is who does what follows."""
        word, after = line.words[at], _at(line.words, at + 1)
        if word.base in _AUXILIARIES and (_followed(after, _PAIRS) or _acts(after)):
            return given
        if (
            after is not None
            and after.gap == ", "
            and after.base in _APPOSED
            and word.base not in FUNCTION_WORDS
        ):
            return True
        if given and word.base not in FUNCTION_WORDS and (_followed(after, _NOW) or _acts(after)):
            return True
        verbs = _VERBS if word.size > _EVERYDAY else _VERBS - _WEAK_VERBS
        return _followed(self._verb(line, at + 1), verbs if given else _HUMAN)

    @staticmethod
    def _verb(line: Line, at: int) -> Word | None:
        """The word there, or behind an adverb there: "now says"."""
        word = _at(line.words, at)
        return _at(line.words, at + 1) if word is not None and word.base in _BETWEEN else word

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
        given = particle is not None and (
            particle.base not in _NO_PARTICLE_ALONE or self._lexicon.is_given(line.words[at].base)
        )
        return joined and given and after is not None and after.capital

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
        word, before = line.words[at], _at(line.words, at - 1)
        if len(word.base) < 2 or word.base in _NO_NAMES:
            return False
        if before is not None and word.gap == " " and before.base in _NAMES_IT:
            return word.size > _EVERYDAY or self._lexicon.is_name(word.base)
        if word.size == UNLISTED:
            return len(word.base) >= _LEAST_LETTERS or self._lexicon.is_name(word.base)
        if self._is_hyphened(word):
            return True
        if self._lexicon.is_given(word.base) and self._is_whom_speech_names(line.words, at):
            return True
        if self._lexicon.is_never_a_name(word.base) or (
            word.size == _EVERYDAY and word.base in FUNCTION_WORDS
        ):
            return False
        return self._is_listed_in_small_letters(line.words, at)

    def _is_listed_in_small_letters(self, words: Sequence[Word], at: int) -> bool:
        word, before, after = words[at], _at(words, at - 1), _at(words, at + 1)
        known, named = self._lexicon.is_well_known(word.base), self._lexicon.is_name(word.base)
        if (known and word.size > _COMMON) or (named and word.size > _RARE):
            return True
        # "his dad drinks": an unusual word is a name only if a verb follows that is none of its own.
        likely = named or (word.size > _UNUSUAL and _followed(after, _AFTER_NAME))
        if likely and word.base not in FUNCTION_WORDS and _introduced(before, word):
            return True
        if self._is_rare_pair(word, before, after) or self._is_spoken_of(words, at):
            return True
        if (known or word.size > _COMMON) and (named or word.size >= _UNUSUAL) and _and_me(words, at):
            return True
        if (
            named
            and word.size > _COMMON
            and _followed(after, _IS)
            and before is not None
            and before.base in _SAYS
        ):
            return True
        given = known or (word.size > _COMMON and self._lexicon.is_given(word.base))
        return given and after is not None and after.gap == " " and self._is_spoken_surname(after)

    @staticmethod
    def _is_rare_pair(word: Word, before: Word | None, after: Word | None) -> bool:
        """Whether two words that hardly any text has stand side by side."""
        beside = (before is not None and word.gap == " " and before.size >= _RARE) or (
            after is not None and after.gap == " " and after.size >= _RARE
        )
        return word.size >= _RARE and beside

    def _is_spoken_of(self, words: Sequence[Word], at: int) -> bool:
        """Whether what is said around a word that is a name too says so: "told mark that", "spoke to rose"."""
        word, before, after = words[at], _at(words, at - 1), _at(words, at + 1)
        usual = word.base in FUNCTION_WORDS
        if (
            before is not None
            and before.base in _WITH
            and word.size >= _RARE
            and _followed(after, _AFTER_NAME)
        ):
            return True
        if not self._lexicon.is_given(word.base):
            return False
        if before is None or word.gap != " ":
            return False
        followed = after is None or after.gap != " " or after.base in _AFTER_NAME
        plain = usual and not self._lexicon.is_well_known(word.base)
        if not plain and _followed(after, _HUMAN) and before.base not in _NO_SUBJECT:
            return True
        if before.base in _QUESTIONS and (
            _followed(after, _ASKED_TO) or (not usual and _followed(after, _AFTER_NAME))
        ):
            return True
        if before.base in _SPOKEN_TO and (followed or not usual):
            return True
        if not plain and before.base in _OBJECTS and self._is_surname_then(words, at + 1):
            return True
        earlier = _at(words, at - 2)
        asked = earlier is not None and earlier.base in _SPOKEN_WITH and before.base in _WITH
        return asked and (followed or self._is_surname_then(words, at + 1))

    def _is_whom_speech_names(self, words: Sequence[Word], at: int) -> bool:
        """Whether a name that is any word too is somebody's by what is said around it."""
        within = at > 0 and words[at].gap == " "
        return within and (self._says_who_it_is(words, at) or self._does(words, at))

    def _says_who_it_is(self, words: Sequence[Word], at: int) -> bool:
        """Whether somebody says who they are: "this is gift from", "it's peace stone here"."""
        before, earlier = words[at - 1], _at(words, at - 2)
        if before.base not in _IT_IS or not (
            before.base != "is" or (earlier and earlier.base in ("this", "name"))
        ):
            return False
        after, last = _at(words, at + 1), _at(words, at + 2)
        return _followed(after, _HERE) or (self._is_surname(after) and _followed(last, _HERE))

    def _is_surname(self, word: Word | None) -> bool:
        return (
            word is not None
            and word.gap == " "
            and (self._lexicon.is_surname(word.base) or word.size >= _RARE)
        )

    def _does(self, words: Sequence[Word], at: int) -> bool:
        """Whether it is who does something: "and then gift knocked", "did gift come"."""
        word, before, after = words[at], words[at - 1], _at(words, at + 1)
        if word.base in _AUXILIARIES | _NO_SUBJECT or after is None or after.gap != " ":
            return False
        verb = after.base in _VERBS - _WEAK_VERBS or (after.base.endswith("ed") and after.size < UNLISTED)
        return before.base in _SUBORDINATE and verb and not word.base.endswith(_INFLECTED)

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
        if word.initial or (word.capital and before_name and _is_part_of_name(word, after_name=after_name)):
            return True
        if word.base in _PARTICLES and not word.capital and (before_name or after_name):
            # "van" and "den" are words too, after "the" they are no part of a name.
            return (after_name and before_name) or (
                before_name and not _is_determined(_at(words, at - 1)) and word.base not in _NO_PARTICLE_ALONE
            )
        if lower:
            return self._is_spoken_beside(words, at, after_name=after_name)
        if word.capital and after_name and word.gap == " " and word.base in FUNCTION_WORDS:
            return self._lexicon.is_name(word.base)
        if word.capital and self._lexicon.is_never_a_name(word.base):
            return after_name and self._is_odd_surname(words, at)
        if not word.capital:
            return after_name and before_name and word.base in _PARTICLES
        if after_name:
            return word.base not in _MONTHS and (word.gap == " " or self._lexicon.is_name(word.base))
        usual = word.size < _COMMON or word.base.endswith(_INFLECTED)
        return (word.size > _COMMON or not usual) or (
            self._lexicon.is_given(word.base) or (not word.first and self._lexicon.is_surname(word.base))
        )

    def _is_odd_surname(self, words: Sequence[Word], at: int) -> bool:
        """Whether a word that is no name elsewhere is a surname: it ends a name of two words, within a sentence."""
        word, given, after = words[at], words[at - 1], _at(words, at + 1)
        alone = after is None or not after.capital or after.gap != " "
        single = at < _PAIR or not (words[at - 2].capital and given.gap == " ")
        plain = word.gap == " " and not word.shouted and word.base not in _BODIES and word.base not in _MONTHS
        return plain and alone and single and (self._lexicon.is_given(given.base) or given.size == UNLISTED)

    def _is_coordinated(self, words: Sequence[Word], at: int, named: Sequence[bool]) -> bool:
        """Whether it is joined with a name: "Hung and Thuy"."""
        word = words[at]
        if word.base in _AUXILIARIES or word.base in _MONTHS:
            return False
        if not (self._lexicon.is_given(word.base) or self._is_odd(word)):
            return False
        return any(
            0 <= other < len(words) and named[other] and words[(at + other) // 2].base in _JOINED
            for other in (at - 2, at + 2)
        )

    def _is_odd(self, word: Word) -> bool:
        """Whether nothing but a name gives the word its capital."""
        known = self._lexicon.is_never_a_name(word.base) or self._lexicon.is_place(word.base)
        return word.capital and not (word.first or word.shouted or known or word.base in _MONTHS)

    def _is_spoken_beside(self, words: Sequence[Word], at: int, *, after_name: bool) -> bool:
        word = words[at]
        if word.base in FUNCTION_WORDS or self._lexicon.is_never_a_name(word.base):
            verb = word.base in _VERBS or word.base in _ADVERBS or word.base in _AUXILIARIES
            owned = at > 0 and word.start - words[at - 1].end > 1
            if after_name:
                return not (verb or owned) and self._is_surname_then(words, at)
            before = _at(words, at - 1)
            cued = before is not None and before.base in _OBJECTS and before.base != "and"
            plain = word.base in _AUXILIARIES and not self._lexicon.is_well_known(word.base)
            return cued and not plain and self._lexicon.is_name(word.base) and words[at + 1].size == UNLISTED
        if after_name:
            odd = words[at - 1].size == UNLISTED and not word.base.endswith(_INFLECTED)
            return self._lexicon.is_surname(word.base) or word.size >= (_UNUSUAL if odd else _RARE)
        before = _at(words, at - 1)
        if before is not None and before.base in _SUBORDINATE | _OBJECTS | {"got"} and word.size > _USUAL:
            return words[at + 1].size == UNLISTED
        unusual = word.size >= _UNUSUAL and not word.base.endswith(_INFLECTED)
        known = unusual or (self._lexicon.is_given(word.base) and word.size > _EVERYDAY)
        given = known and words[at + 1].size == UNLISTED
        return self._lexicon.is_well_known(word.base) or given or word.size >= _RARE


def _at(words: Sequence[Word], at: int) -> Word | None:
    return words[at] if 0 <= at < len(words) else None


def _stands_alone(line: Line, before: Word | None, word: Word, after: Word | None) -> bool:
    """Whether a common word has a capital within a sentence, and no other word with a capital beside it."""
    if word.first or line.titled or line.shouted or word.shouted or before is None or before.capital:
        return False
    if before.base in _DETERMINERS or word.gap != " ":
        return _introduced(before, word)
    return after is None or not after.capital or after.gap != " "


def _is_called_out(word: Word, after: Word | None) -> bool:
    """Whether somebody is called by it: "Pollen, stop!"."""
    return word.gap.endswith(('"', "'")) and after is not None and after.gap == ", "


def _is_part_of_name(word: Word, *, after_name: bool) -> bool:
    """Whether a word with a capital before a name belongs to it: "Di Stefano", "Jose A Bosquez", "Jp Katiana"."""
    if (
        len(word.text) == _PAIR
        and word.text.istitle()
        and word.base not in FUNCTION_WORDS
        and word.size > _COMMON
    ):
        return True
    return (word.base in _PARTICLES and word.size > _EVERYDAY) or (after_name and len(word.text) == 1)


def _followed(after: Word | None, verbs: frozenset[str]) -> bool:
    return after is not None and after.gap == " " and after.base in verbs


def _and_me(words: Sequence[Word], at: int) -> bool:
    """Whether "and me" follows."""
    joined, other = _at(words, at + 1), _at(words, at + 2)
    return joined is not None and joined.base == "and" and other is not None and other.base in _ME


def _acts(after: Word | None) -> bool:
    """Whether it is a verb of the third person, before which no auxiliary stands: "Will charges"."""
    verb = after is not None and after.gap == " " and not after.capital and after.base not in FUNCTION_WORDS
    return (
        verb
        and after is not None
        and after.base.endswith("s")
        and not after.base.endswith(("ss", "is", "us"))
    )


def _introduced(before: Word | None, word: Word) -> bool:
    """Whether what stands before says that a name follows: "his sister Do"."""
    if word.gap.strip() in _ALONGSIDE:
        return True
    return before is not None and word.gap in (" ", ". ", ": ", ", ") and before.base in _INTRODUCES


def _is_determined(before: Word | None) -> bool:
    return before is not None and before.base in _DETERMINERS and not before.initial


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
