"""Whether a word is a name in a line without capitals, as speech recognition writes it."""

from collections.abc import Sequence

from gateway.redaction.closed_world.cues import (
    AFTER_NAME,
    ASKED_TO,
    AUXILIARIES,
    COMMON,
    EVERYDAY,
    HERE,
    HUMAN,
    INFLECTED,
    IS,
    IT_IS,
    LEAST_LETTERS,
    NAMES_IT,
    NO_NAMES,
    NO_SUBJECT,
    OBJECTS,
    QUESTIONS,
    RARE,
    SAYS,
    SPOKEN_TO,
    SPOKEN_WITH,
    SUBORDINATE,
    UNUSUAL,
    VERBS,
    WEAK_VERBS,
    WITH,
    and_me,
    introduced,
    is_followed,
    is_hyphened,
    is_surname_then,
    word_at,
)
from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, Lexicon
from gateway.redaction.words import Line, Word


class InSmallLetters:
    """What the closed world says of words in a line without capitals."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def is_name(self, line: Line, at: int) -> bool:
        word, before = line.words[at], word_at(line.words, at - 1)
        if len(word.base) < 2 or word.base in NO_NAMES:
            return False
        if before is not None and word.gap == " " and before.base in NAMES_IT:
            return word.size > EVERYDAY or self._lexicon.is_name(word.base)
        if word.size == UNLISTED:
            return len(word.base) >= LEAST_LETTERS or self._lexicon.is_name(word.base)
        if is_hyphened(word):
            return True
        if self._lexicon.is_given(word.base) and self._is_whom_speech_names(line.words, at):
            return True
        if self._lexicon.is_never_a_name(word.base) or (
            word.size == EVERYDAY and word.base in FUNCTION_WORDS
        ):
            return False
        return self._is_listed_in_small_letters(line.words, at)

    def _is_listed_in_small_letters(self, words: Sequence[Word], at: int) -> bool:
        word, before, after = words[at], word_at(words, at - 1), word_at(words, at + 1)
        known, named = self._lexicon.is_well_known(word.base), self._lexicon.is_name(word.base)
        if (known and word.size > COMMON) or (named and word.size > RARE):
            return True
        # "his dad drinks": an unusual word is a name only if a verb follows that is none of its own.
        likely = named or (word.size > UNUSUAL and is_followed(after, AFTER_NAME))
        if likely and word.base not in FUNCTION_WORDS and introduced(before, word):
            return True
        if self._is_rare_pair(word, before, after) or self._is_spoken_of(words, at):
            return True
        if (known or word.size > COMMON) and (named or word.size >= UNUSUAL) and and_me(words, at):
            return True
        if (
            named
            and word.size > COMMON
            and is_followed(after, IS)
            and before is not None
            and before.base in SAYS
        ):
            return True
        given = known or (word.size > COMMON and self._lexicon.is_given(word.base))
        return given and after is not None and after.gap == " " and self._is_spoken_surname(after)

    @staticmethod
    def _is_rare_pair(word: Word, before: Word | None, after: Word | None) -> bool:
        """Whether two words that hardly any text has stand side by side."""
        beside = (before is not None and word.gap == " " and before.size >= RARE) or (
            after is not None and after.gap == " " and after.size >= RARE
        )
        return word.size >= RARE and beside

    def _is_spoken_of(self, words: Sequence[Word], at: int) -> bool:
        """Whether what is said around a word that is a name too says so: "told mark that", "spoke to rose"."""
        word, before, after = words[at], word_at(words, at - 1), word_at(words, at + 1)
        usual = word.base in FUNCTION_WORDS
        if (
            before is not None
            and before.base in WITH
            and word.size >= RARE
            and is_followed(after, AFTER_NAME)
        ):
            return True
        if not self._lexicon.is_given(word.base):
            return False
        if before is None or word.gap != " ":
            return False
        followed = after is None or after.gap != " " or after.base in AFTER_NAME
        plain = usual and not self._lexicon.is_well_known(word.base)
        if not plain and is_followed(after, HUMAN) and before.base not in NO_SUBJECT:
            return True
        if not usual and self._is_in_clause(words, at):
            return True
        if before.base in QUESTIONS and (
            is_followed(after, ASKED_TO) or (not usual and is_followed(after, AFTER_NAME))
        ):
            return True
        if before.base in SPOKEN_TO and (followed or not usual):
            return True
        if not plain and before.base in OBJECTS and is_surname_then(words, at + 1):
            return True
        earlier = word_at(words, at - 2)
        asked = earlier is not None and earlier.base in SPOKEN_WITH and before.base in WITH
        return asked and (followed or is_surname_then(words, at + 1))

    @staticmethod
    def _is_in_clause(words: Sequence[Word], at: int) -> bool:
        """Whether a name that is hardly any other word of speech stands where a person does: "but rose did"."""
        word, before, after = words[at], words[at - 1], word_at(words, at + 1)
        if before.base in SAYS | SUBORDINATE:
            return is_followed(after, WEAK_VERBS)
        followed = after is None or after.gap != " " or after.base in AFTER_NAME
        return before.base in WITH and followed and word.size > EVERYDAY

    def _is_whom_speech_names(self, words: Sequence[Word], at: int) -> bool:
        """Whether a name that is any word too is somebody's by what is said around it."""
        within = at > 0 and words[at].gap == " "
        return within and (self._says_who_it_is(words, at) or self._does(words, at))

    def _says_who_it_is(self, words: Sequence[Word], at: int) -> bool:
        """Whether somebody says who they are: "this is gift from", "it's peace stone here"."""
        before, earlier = words[at - 1], word_at(words, at - 2)
        if before.base == "only" and earlier is not None and earlier.base in IT_IS:
            return is_followed(word_at(words, at + 1), HERE)
        if before.base not in IT_IS or not (
            before.base != "is" or (earlier and earlier.base in ("this", "name"))
        ):
            return False
        after, last = word_at(words, at + 1), word_at(words, at + 2)
        return is_followed(after, HERE) or (self._is_surname(after) and is_followed(last, HERE))

    def _is_surname(self, word: Word | None) -> bool:
        return (
            word is not None
            and word.gap == " "
            and (self._lexicon.is_surname(word.base) or word.size >= RARE)
        )

    def _does(self, words: Sequence[Word], at: int) -> bool:
        """Whether it is who does something: "and then gift knocked", "did gift come"."""
        word, before, after = words[at], words[at - 1], word_at(words, at + 1)
        if word.base in AUXILIARIES | NO_SUBJECT or after is None or after.gap != " ":
            return False
        verb = after.base in VERBS - WEAK_VERBS or (after.base.endswith("ed") and after.size < UNLISTED)
        return before.base in SUBORDINATE and verb and not word.base.endswith(INFLECTED)

    def _is_spoken_surname(self, word: Word) -> bool:
        if word.size == UNLISTED:
            return True
        return (
            self._lexicon.is_surname(word.base)
            and not self._lexicon.is_never_a_name(word.base)
            and word.base not in FUNCTION_WORDS
        )
