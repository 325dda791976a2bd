"""Whether a word with a capital is a name."""

from gateway.redaction.closed_world.cues import (
    APPOSED,
    ASKS,
    AUXILIARIES,
    BETWEEN,
    BODIES,
    CLOSINGS,
    COMMON,
    DATED,
    DETERMINERS,
    EVERYDAY,
    HUMAN,
    LEAST_LETTERS,
    LISTED,
    MONTHS,
    NO_NAMES,
    NO_PARTICLE_ALONE,
    NOW,
    NUMBERED,
    PAIRS,
    PARTICLES,
    RARE,
    VERBS,
    VOWELS,
    WEAK_VERBS,
    acts,
    dated,
    introduced,
    is_called_out,
    is_followed,
    is_hyphened,
    is_known,
    is_said_of,
    stands_alone,
    word_at,
)
from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, Lexicon
from gateway.redaction.words import Line, Word


class WithCapitals:
    """What the closed world says of words in a line that has capitals."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def is_name(self, line: Line, at: int) -> bool:
        word = line.words[at]
        if not word.capital or word.initial or word.base in NO_NAMES:
            return False
        if (
            word.base in FUNCTION_WORDS
            and self._lexicon.is_name(word.base)
            and self._is_odd_function(line, at)
        ):
            return True
        if word.shouted and not self._may_shout(word, line):
            return False
        if word.size > LISTED:
            return len(word.base) > 1
        if self._lexicon.is_never_a_name(word.base):
            after = word_at(line.words, at + 1)
            return (
                self._is_full_name(word, after)
                and after is not None
                and self._lexicon.is_well_known(after.base)
            )
        return self._follows_initial(line, at) or self._is_listed_name(line, at)

    def _follows_initial(self, line: Line, at: int) -> bool:
        """Whether it is the surname after an initial: "G. Street", but not after "Section B."."""
        word, initial, before = line.words[at], word_at(line.words, at - 1), word_at(line.words, at - 2)
        if initial is None or not initial.initial or word.gap not in (". ", "."):
            return False
        apart = initial.first or initial.gap != " " or before is None or before.base not in NUMBERED
        return apart and (word.size > COMMON or self._lexicon.is_surname(word.base))

    def _is_odd_function(self, line: Line, at: int) -> bool:
        """Whether a word like "He" has a capital where only a name has one."""
        word, before = line.words[at], word_at(line.words, at - 1)
        if self._follows_initial(line, at):
            return True
        within = before is not None and not before.capital and word.gap == " " and word.base not in MONTHS
        plain = not (word.first or word.shouted or line.titled or line.shouted)
        return within and plain and before is not None and before.base not in DETERMINERS

    def _may_shout(self, word: Word, line: Line) -> bool:
        """Whether capitals throughout may be a name's: not those of a short form."""
        if self._lexicon.is_abbreviation(word.base) or not VOWELS & set(word.base):
            return False
        return len(word.base) > LEAST_LETTERS or line.shouted

    def _is_listed_name(self, line: Line, at: int) -> bool:
        word, before, after = line.words[at], word_at(line.words, at - 1), word_at(line.words, at + 1)
        given, surname = self._lexicon.is_given(word.base), self._lexicon.is_surname(word.base)
        if self._leads_particle(line, at):
            return True
        if not (given or surname):
            return self._is_odd_word(line, at)
        if not self._lexicon.is_place(word.base) and (word.size >= RARE or (given and word.size > COMMON)):
            return True
        if self._is_full_name(word, after) or introduced(before, word):
            return True
        if word.base in MONTHS and (before is None or before.base in DATED or dated(word, after)):
            return False
        if len(line.words) == 1 and self._lexicon.is_well_known(word.base) and not word.shouted:
            return word.base not in CLOSINGS
        if word.first or line.shouted:
            return self._is_subject(line, at, given=given)
        if line.titled or before is None or self._lexicon.is_place(word.base):
            return False
        if is_said_of(line, before, word, after):
            return True
        return self._is_within_sentence(line, at, given=given)

    def _is_within_sentence(self, line: Line, at: int, *, given: bool) -> bool:
        """Whether a name in some list has its capital within a sentence, where no other word has one."""
        word, before, after = line.words[at], line.words[at - 1], word_at(line.words, at + 1)
        alone = after is None or not after.capital or after.gap != " "
        if before.first and before.base in ASKS and word.gap == " ":
            return alone
        within = not before.capital and word.gap in (" ", ", ") and before.base not in DETERMINERS
        return within and (given or alone or self._is_odd_pair(line, at))

    def _is_odd_word(self, line: Line, at: int) -> bool:
        """Whether a word that no list has as a name has its capital for no other reason."""
        word, before, after = line.words[at], word_at(line.words, at - 1), word_at(line.words, at + 1)
        if is_hyphened(word):
            return True
        if word.size > COMMON and word.first and (is_followed(after, HUMAN) or is_called_out(word, after)):
            return True
        if self._lexicon.is_place(word.base) or word.base in MONTHS:
            return False
        if is_said_of(line, before, word, after):
            return word.size > EVERYDAY
        if word.size > EVERYDAY and stands_alone(line, before, word, after):
            return True
        return self._is_odd_pair(line, at)

    def _is_odd_pair(self, line: Line, at: int) -> bool:
        """Whether the word and the next are the only ones with capitals within a sentence, and one may be a name."""
        word, before, after, last = (word_at(line.words, other) for other in (at, at - 1, at + 1, at + 2))
        if word is None or word.first or line.titled or line.shouted or word.shouted or word.gap != " ":
            return False
        if before is None or before.capital or before.base in DETERMINERS:
            return False
        if after is None or not after.capital or after.shouted or after.gap != " " or is_known(after):
            return False
        alone = last is None or not last.capital or last.gap != " "
        return alone and any(one.size > COMMON or self._lexicon.is_name(one.base) for one in (word, after))

    def _is_subject(self, line: Line, at: int, *, given: bool) -> bool:
        """Whether a word that opens a sentence is who does what follows."""
        word, after = line.words[at], word_at(line.words, at + 1)
        if word.base in AUXILIARIES and (is_followed(after, PAIRS) or acts(after)):
            return given
        if (
            after is not None
            and after.gap == ", "
            and after.base in APPOSED
            and word.base not in FUNCTION_WORDS
        ):
            return True
        if given and word.base not in FUNCTION_WORDS and (is_followed(after, NOW) or acts(after)):
            return True
        verbs = VERBS if word.size > EVERYDAY else VERBS - WEAK_VERBS
        if given and self._is_whole_name(line, at):
            return True
        return is_followed(self._verb(line, at + 1), verbs | HUMAN if given else HUMAN)

    def _is_whole_name(self, line: Line, at: int) -> bool:
        """Whether a given name and one more word with a capital open a sentence: "River Poor from number 9"."""
        word, after, last = (word_at(line.words, other) for other in (at, at + 1, at + 2))
        if word is None or after is None or word.base in FUNCTION_WORDS or line.titled or line.shouted:
            return False
        plain = after.capital and after.gap == " " and not after.shouted and after.base not in BODIES
        goes_on = last is not None and last.gap == " " and not last.capital
        return plain and goes_on and not is_known(after)

    @staticmethod
    def _verb(line: Line, at: int) -> Word | None:
        """The word there, or behind an adverb there: "now says"."""
        word = word_at(line.words, at)
        return word_at(line.words, at + 1) if word is not None and word.base in BETWEEN else word

    def _leads_particle(self, line: Line, at: int) -> bool:
        """Whether a particle and a capital follow, as in "Maria da Silva"."""
        particle, after = word_at(line.words, at + 1), word_at(line.words, at + 2)
        joined = (
            particle is not None
            and particle.gap == " "
            and particle.base in PARTICLES
            and not particle.capital
        )
        given = particle is not None and (
            particle.base not in NO_PARTICLE_ALONE or self._lexicon.is_given(line.words[at].base)
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
