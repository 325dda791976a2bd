"""Words and places that say that a name stands beside them, for the closed world."""

from collections.abc import Sequence
from typing import Final

from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, lexicon, words_of_cue
from gateway.redaction.words import Line, Word

VERBS: Final = words_of_cue("verbs")
WEAK_VERBS: Final = words_of_cue("weak verbs")
"""Verbs that may follow a common word that opens a sentence: "Will is", "May has"."""
HUMAN: Final = words_of_cue("human verbs")
DETERMINERS: Final = words_of_cue("determiners")
MONTHS: Final = words_of_cue("calendar")
DATED: Final = words_of_cue("dated")
INTRODUCES: Final = words_of_cue("introductions")
NAMES_IT: Final = words_of_cue("namings")
SPOKEN_TO: Final = words_of_cue("spoken to")
SPOKEN_WITH: Final = words_of_cue("spoken with")
AFTER_NAME: Final = words_of_cue("after a name")
ADVERBS: Final = words_of_cue("adverbs")
OBJECTS: Final = words_of_cue("objects")
PAIRS: Final = words_of_cue("pairs")
INFLECTED: Final = ("ed", "ing", "ly", "s")
NUMBERED: Final = words_of_cue("numbered")
NO_SUBJECT: Final = DETERMINERS | {"i", "you", "he", "she", "it", "we", "they", "who"}
ASKS: Final = frozenset(
    ["did", "does", "was", "is", "has", "had", "would", "could", "should", "if", "when", "as"]
)
HERE: Final = words_of_cue("here")
SUBORDINATE: Final = words_of_cue("subordinate")
QUESTIONS: Final = words_of_cue("questions")
APPOSED: Final = frozenset(["the", "his", "her", "their", "a", "an", "who", "whose", "aged", "my"])
"""Behind a comma, what says who somebody is."""
ASKED_TO: Final = words_of_cue("asked to")
SIGNS: Final = frozenset([" & ", "/", " / ", " + "])
JOINED: Final = frozenset(["and", "or", "&"])
OFF: Final = frozenset(
    ["off", "in", "out", "here", "coming", "late", "not", "back", "still", "ok", "away", "on", "busy"]
)
NOW: Final = frozenset(["now", "with", "aka", "nee"])
IT_IS: Final = frozenset(["is", "its", "it's", "it"])
CLOSINGS: Final = frozenset(["best", "love"])
ALONGSIDE: Final = frozenset(["w/", "c/o"])
SAYS: Final = frozenset(["said", "says", "that", "reckons", "thinks"])
IS: Final = frozenset(["is", "was", "has", "had"])
ME: Final = frozenset(["me", "i", "him", "her", "myself"])
BETWEEN: Final = frozenset(["now", "also", "then", "still", "never", "just", "later", "since"])
WITH: Final = frozenset(["to", "with", "from", "w"])
NO_PARTICLE_ALONE: Final = frozenset(["y", "e", "st", "la", "le", "mac", "mc", "san", "an", "na"])
"""Of the particles, those that are other words too often to begin a name."""
AUXILIARIES: Final = words_of_cue("auxiliaries")
PARTICLES: Final = words_of_cue("particles")
BODIES: Final = words_of_cue("bodies") | words_of_cue("labels")
NO_NAMES: Final = words_of_cue("titles") | {"she", "the", "i", "bye"}
VOWELS: Final = frozenset("aeiouyáéíóúàèìòùäëïöüâêîôûãõåæøœýÿ")
COMMON: Final = 35
EVERYDAY: Final = 10
USUAL: Final = 20
UNUSUAL: Final = 50
RARE: Final = 70
LISTED: Final = 70
"""The size up to which a word with a capital counts as listed; longer lists have names among their words."""
LEAST_LETTERS: Final = 3
PAIR: Final = 2


def word_at(words: Sequence[Word], at: int) -> Word | None:
    return words[at] if 0 <= at < len(words) else None


def stands_alone(line: Line, before: Word | None, word: Word, after: Word | None) -> bool:
    """Whether a common word has a capital within a sentence, and no other word with a capital beside it."""
    if word.first or line.titled or line.shouted or word.shouted or before is None or before.capital:
        return False
    if before.base in DETERMINERS or word.gap != " ":
        return introduced(before, word)
    return after is None or not after.capital or after.gap != " "


def is_said_of(line: Line, before: Word | None, word: Word, after: Word | None) -> bool:
    """Whether a word with a capital is who a clause is about: "it was noted that Lei would"."""
    plain = not (word.first or word.shouted or line.titled or line.shouted) and word.gap == " "
    return plain and before is not None and before.base == "that" and is_followed(after, VERBS)


def is_called_out(word: Word, after: Word | None) -> bool:
    """Whether somebody is called by it: "Pollen, stop!"."""
    return word.gap.endswith(('"', "'")) and after is not None and after.gap == ", "


def is_part_of_name(word: Word, *, after_name: bool) -> bool:
    """Whether a word with a capital before a name belongs to it: "Di Stefano", "Jose A Bosquez", "Jp Katiana"."""
    if (
        len(word.text) == PAIR
        and word.text.istitle()
        and word.base not in FUNCTION_WORDS
        and word.size > COMMON
    ):
        return True
    return (word.base in PARTICLES and word.size > EVERYDAY) or (after_name and len(word.text) == 1)


def is_followed(after: Word | None, verbs: frozenset[str]) -> bool:
    return after is not None and after.gap == " " and after.base in verbs


def and_me(words: Sequence[Word], at: int) -> bool:
    """Whether "and me" follows."""
    joined, other = word_at(words, at + 1), word_at(words, at + 2)
    return joined is not None and joined.base == "and" and other is not None and other.base in ME


def acts(after: Word | None) -> bool:
    """Whether it is a verb of the third person, before which no auxiliary stands: "Will charges"."""
    verb = after is not None and after.gap == " " and not after.capital and after.base not in FUNCTION_WORDS
    return (
        verb
        and after is not None
        and after.base.endswith("s")
        and not after.base.endswith(("ss", "is", "us"))
    )


def introduced(before: Word | None, word: Word) -> bool:
    """Whether what stands before says that a name follows: "his sister Do"."""
    if word.gap.strip() in ALONGSIDE:
        return True
    return before is not None and word.gap in (" ", ". ", ": ", ", ") and before.base in INTRODUCES


def is_determined(before: Word | None) -> bool:
    return before is not None and before.base in DETERMINERS and not before.initial


def dated(word: Word, after: Word | None) -> bool:
    beside = word.gap + (after.gap if after is not None else "")
    return any(map(str.isdigit, beside))


def is_hyphened(word: Word) -> bool:
    """Whether it is put together of names, as no list of words has it: Sang-woo."""
    parts = word.base.split("-")
    put_together = len(parts) > 1 and lexicon().size(word.base) == UNLISTED
    return put_together and all(map(lexicon().is_name, parts))


def is_surname_then(words: Sequence[Word], at: int) -> bool:
    """Whether a surname stands there, and behind it what follows a name."""
    word, after = word_at(words, at), word_at(words, at + 1)
    if word is None or word.gap != " " or not lexicon().is_surname(word.base):
        return False
    return after is None or after.gap != " " or after.base in AFTER_NAME


def is_known(word: Word) -> bool:
    known = lexicon().is_never_a_name(word.base) or lexicon().is_abbreviation(word.base)
    return known or word.base in MONTHS or word.base in FUNCTION_WORDS
