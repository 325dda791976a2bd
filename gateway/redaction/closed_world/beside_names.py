"""Whether a word belongs to the name that stands beside it."""

from collections.abc import Sequence

from gateway.redaction.closed_world.cues import (
    ADVERBS,
    AUXILIARIES,
    BODIES,
    COMMON,
    EVERYDAY,
    INFLECTED,
    JOINED,
    MONTHS,
    NO_NAMES,
    NO_PARTICLE_ALONE,
    OBJECTS,
    PAIR,
    PARTICLES,
    RARE,
    SIGNS,
    SUBORDINATE,
    UNUSUAL,
    USUAL,
    VERBS,
    is_determined,
    is_part_of_name,
    is_surname_then,
    word_at,
)
from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, Lexicon
from gateway.redaction.words import Word


class BesideNames:
    """What the closed world says of words beside those that are names already."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def is_name(self, words: Sequence[Word], at: int, named: Sequence[bool], lower: bool) -> bool:
        """Whether a word belongs to the name that stands before or after it."""
        word = words[at]
        if word.base in NO_NAMES and not word.initial:
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
        if word.initial or (before_name and is_part_of_name(word, after_name=after_name)):
            return True
        if word.base in PARTICLES and not word.capital and (before_name or after_name):
            # "van" and "den" are words too, after "the" they are no part of a name.
            return (after_name and before_name) or (
                before_name
                and not is_determined(word_at(words, at - 1))
                and word.base not in NO_PARTICLE_ALONE
            )
        if lower:
            return self._is_spoken_beside(words, at, after_name=after_name)
        return self._has_capital_beside(words, at, after_name=after_name, before_name=before_name)

    def _has_capital_beside(
        self, words: Sequence[Word], at: int, *, after_name: bool, before_name: bool
    ) -> bool:
        word = words[at]
        if word.capital and after_name and word.gap == " " and word.base in FUNCTION_WORDS:
            return self._lexicon.is_name(word.base) or self._is_odd_surname(words, at)
        if word.capital and self._lexicon.is_never_a_name(word.base):
            return after_name and self._is_odd_surname(words, at)
        if not word.capital:
            return after_name and before_name and word.base in PARTICLES
        if after_name:
            return word.base not in MONTHS and (word.gap == " " or self._lexicon.is_name(word.base))
        usual = word.size < COMMON or word.base.endswith(INFLECTED)
        return (word.size > COMMON or not usual) or (
            self._lexicon.is_given(word.base) or (not word.first and self._lexicon.is_surname(word.base))
        )

    def _is_odd_surname(self, words: Sequence[Word], at: int) -> bool:
        """Whether a word that is no name elsewhere is a surname: it ends a name of two words, within a sentence."""
        word, given, after = words[at], words[at - 1], word_at(words, at + 1)
        alone = after is None or not after.capital or after.gap != " "
        single = at < PAIR or not (words[at - 2].capital and given.gap == " ")
        plain = word.gap == " " and not word.shouted and word.base not in BODIES and word.base not in MONTHS
        return plain and alone and single and (self._lexicon.is_given(given.base) or given.size > COMMON)

    def _is_coordinated(self, words: Sequence[Word], at: int, named: Sequence[bool]) -> bool:
        """Whether it is joined with a name: "Hung and Thuy"."""
        word = words[at]
        if word.base in AUXILIARIES or word.base in MONTHS:
            return False
        if not (self._lexicon.is_given(word.base) or self._is_odd(word)):
            return False
        if (at > 0 and named[at - 1] and word.gap in SIGNS) or (
            at + 1 < len(words) and named[at + 1] and words[at + 1].gap in SIGNS
        ):
            return True
        return any(
            0 <= other < len(words) and named[other] and words[(at + other) // 2].base in JOINED
            for other in (at - 2, at + 2)
        )

    def _is_odd(self, word: Word) -> bool:
        """Whether nothing but a name gives the word its capital."""
        known = self._lexicon.is_never_a_name(word.base) or self._lexicon.is_place(word.base)
        return word.capital and not (word.first or word.shouted or known or word.base in MONTHS)

    def _is_spoken_beside(self, words: Sequence[Word], at: int, *, after_name: bool) -> bool:
        word = words[at]
        if word.base in FUNCTION_WORDS or self._lexicon.is_never_a_name(word.base):
            verb = word.base in VERBS or word.base in ADVERBS or word.base in AUXILIARIES
            owned = at > 0 and word.start - words[at - 1].end > 1
            if after_name:
                return not (verb or owned) and is_surname_then(words, at)
            before = word_at(words, at - 1)
            cued = before is not None and before.base in OBJECTS and before.base != "and"
            plain = word.base in AUXILIARIES and not self._lexicon.is_well_known(word.base)
            return cued and not plain and self._lexicon.is_name(word.base) and words[at + 1].size == UNLISTED
        if after_name:
            odd = words[at - 1].size == UNLISTED and not word.base.endswith(INFLECTED)
            return self._lexicon.is_surname(word.base) or word.size >= (UNUSUAL if odd else RARE)
        before = word_at(words, at - 1)
        if before is not None and before.base in SUBORDINATE | OBJECTS | {"got"} and word.size > USUAL:
            return words[at + 1].size == UNLISTED
        unusual = word.size >= UNUSUAL and not word.base.endswith(INFLECTED)
        known = unusual or (self._lexicon.is_given(word.base) and word.size > EVERYDAY)
        given = known and words[at + 1].size == UNLISTED
        return self._lexicon.is_well_known(word.base) or given or word.size >= RARE
