"""Values that are known already, found again wherever they stand: subjects, the case's, the request's own.

A text and a value are compared by their words (runs of letters and digits, folded in case and accents), so that
"john  SMITH", "John-Smith" and "john_smith" are John Smith, and "Ann's" has Ann in it while "Anna" has not. An
identifier may be grouped otherwise than the value was: `AB 12 34 56 C` is `AB123456C`; a long one is found within
a word too: `refAB123456C`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from gateway.redaction.lexicon import is_common
from gateway.redaction.text.findings import SUBJECT_RANK, Finding
from gateway.redaction.text.long_texts import words_in
from gateway.redaction.text.normalised import WORD, Word, fold, lowered, words_of

_TOKEN: Final = re.compile(r"\w{2,80}")
_INITIALS: Final = re.compile(r"(?<![^\W_])[A-ZÀ-Þ]{2,4}(?![^\W_])")
_MAX_LENGTH: Final = 200
"""Words of a value, and characters within it: each character of an identifier may be a word."""
_MIN_PLURAL_LENGTH: Final = 4
"""Letters of a word that may end in the `s` of a plural."""

_CLOSE: Final = re.compile(r"\s{1,20}|[-_'/.,:()]{0,2} ?|\s{1,3}-\s{1,3}")
_MIN_PART_LENGTH: Final = 3
_MIN_WITHIN: Final = 6
"""Letters and digits of an identifier that is looked for within longer words: a shorter one stands there by chance."""
_MANY: Final = 400
"""Values from which on one look at each place of a text is quicker than a search for each value."""
_NOT_A_PART: Final = frozenset(["mr", "mrs", "ms", "miss", "dr", "sir", "the", "and", "née"])
_REACH: Final = 4
_MAX_FOUND_LENGTH: Final = 80
"""Characters of a value that is looked for elsewhere: a longer one is no name, and would stand nowhere else."""
_FOUND_RANK: Final = 0.9


@dataclass(frozen=True, slots=True)
class _Value:
    gaps: tuple[str, ...]
    digits: bool
    capital: bool
    common: bool
    type: str
    rank: float
    sure: bool
    ends: frozenset[int]
    """After how many letters one of the value's words ends."""

    def is_written_as(self, text: str, words: Sequence[Word]) -> bool:
        """Whether `words` of `text`, which have the value's letters and digits, are a writing of it."""
        start = words[0][0]
        if self.capital and not text[start].isupper():
            return False
        if self.common and (_opens_sentence(text, start) or text[start : start + 2].isupper()):
            return False
        lengths = accumulate(len(folded) for _, _, folded in words)
        if not self.digits and any(
            len(folded) > 1 and length not in self.ends
            for (_, _, folded), length in zip(words, lengths, strict=True)
        ):
            return False
        return all(self._joined(text[before[1] : after[0]], before) for before, after in pairwise(words))

    def _joined(self, gap: str, before: Word) -> bool:
        """Whether two words with `gap` between them can be parts of one value."""
        if gap in self.gaps:
            return True
        if not self.digits and "." in gap and len(before[2]) > 1:
            return False
        return _CLOSE.fullmatch(gap) is not None


class KnownValues:
    """An index of values, to be found again in any number of readings. Build it, then search it."""

    def __init__(self) -> None:
        self._by_whole: dict[str, list[_Value]] = {}
        self._firsts: set[str] = set()
        self._beginnings: set[str] = set()
        self._gaps: set[str] = set()
        self._within: dict[str, dict[str, _Value]] = {}
        self._disguised: set[str] = set()
        self._seen: set[tuple[str, bool]] = set()
        self._words_of_names: set[str] = set()
        self._initials: set[str] = set()

    def add_subject(self, subject: str, entity: str) -> None:
        """A name or identifier that is always redacted, and each of a name's parts."""
        words = words_of(subject)
        self._add(subject, entity, SUBJECT_RANK, any_case=True)
        if entity != "PERSON" or any(map(str.isdigit, subject)):
            return
        parts = [word for word in words if word[2] not in _NOT_A_PART]
        self._disguised.update(folded for _, _, folded in parts if len(folded) >= _MIN_PART_LENGTH)
        if len(words) < 2:
            return
        self._add_initials(parts)
        for joined in subject.split():
            if any(not char.isalnum() for char in joined):
                self._add(joined, entity, SUBJECT_RANK, any_case=True)
        given, family = (parts[0][2], parts[-1][2]) if parts else ("", "")
        if len(family) > 2:  # as user names and files write a name: "jsmith", "smithj"
            self._disguised.update((given[0] + family, family + given[0]))
        for start, end, folded in parts:
            # So short a part is a word too, unless it has a capital.
            long = len(folded) >= _MIN_PART_LENGTH
            if long or (len(folded) > 1 and subject[start].isupper()):
                self._add(subject[start:end], entity, SUBJECT_RANK, any_case=long)

    def has_name(self, text: str) -> bool:
        """Whether each word of `text` is one of a known name's, or it is a name's initials."""
        return text in self._initials or all(
            folded in self._words_of_names for _, _, folded in words_of(text)
        )

    def add_phrase(self, phrase: str) -> None:
        """A phrase as a whole, in any case."""
        self._add(phrase, "", _FOUND_RANK, any_case=True)

    def add_found(self, value: str, entity: str) -> None:
        """A value that was found once; too short a one would stand everywhere, and is left where it was found."""
        if len(value) > _MAX_FOUND_LENGTH:
            return
        letters = sum(map(str.isalnum, value))
        if letters >= (4 if value.isdigit() else 3):
            self._add(value, entity, _FOUND_RANK, any_case=False)

    def add_sure(self, value: str, entity: str) -> None:
        """A value that was surely found, or that the case knows."""
        if entity == "PERSON":
            self.add_name(value)
        else:
            self.add_found(value, entity)

    def add_unsure(self, value: str, entity: str) -> None:
        """A value that is not sure: several words of a name are found again as they stand, none of them alone."""
        words = words_of(value)
        if entity == "PERSON" and len(words) > 1 and len(value) <= _MAX_FOUND_LENGTH:
            self._add(value, entity, _FOUND_RANK, any_case=False, sure=False)
        if entity == "PERSON":
            self._words_of_names.update(folded for _, _, folded in words if not is_common(folded))

    def add_name(self, name: str) -> None:
        """A person's name that was found, and each of its parts, but not words that only documents capitalise."""
        if len(name) > _MAX_FOUND_LENGTH:
            return
        words = words_of(name)
        if len(words) > 1:
            self.add_found(name, "PERSON")
        self._add_initials(words)
        for start, end, folded in words:
            self._words_of_names.add(folded)
            self._add_part(name[start:end], folded)

    def _add_initials(self, words: Sequence[Word]) -> None:
        """Look for the initials of a name, all of them or the first and the last, in capitals."""
        if len(words) > 1:
            letters = "".join(folded[0] for _, _, folded in words).upper()
            self._initials.update((letters, letters[0] + letters[-1]))

    def _add_part(self, part: str, folded: str) -> None:
        """Look for a part of a name; a word that is a common one too, only where it has a capital of its own."""
        common = is_common(folded) or len(folded) < _MIN_PART_LENGTH
        if len(folded) > 1 and folded not in _NOT_A_PART and (part[:1].isupper() or not common):
            self._add(part, "PERSON", _FOUND_RANK, any_case=not common, common=common)

    def _add(
        self, value: str, entity: str, rank: float, *, any_case: bool, common: bool = False, sure: bool = True
    ) -> None:
        if (value, any_case) in self._seen:
            return
        self._seen.add((value, any_case))
        words = words_of(value)
        if not words:
            return
        whole = "".join(folded for _, _, folded in words)
        entry = _Value(
            gaps=tuple(value[before[1] : after[0]] for before, after in pairwise(words)),
            digits=any(map(str.isdigit, whole)),
            capital=not any_case and len(words) == 1 and value[words[0][0]].isupper(),
            common=common,
            type=entity,
            rank=rank,
            sure=sure,
            ends=frozenset(accumulate(len(folded) for _, _, folded in words)),
        )
        self._by_whole.setdefault(whole, []).append(entry)
        beginnings = [whole[:end] for end in {*range(1, min(len(whole), _MAX_LENGTH)), *entry.ends}]
        self._beginnings.update(beginnings)
        self._firsts.update(beginnings if entry.digits else (whole[:end] for end in (1, *entry.ends)))
        self._gaps.update(entry.gaps)
        if entry.digits or "@" in value:
            for writing in (whole, lowered(value)):
                if len(writing) >= _MIN_WITHIN:
                    self._within.setdefault(writing[:_MIN_WITHIN], {})[writing] = entry

    def search(self, text: str) -> Iterator[Finding]:
        """Each place where one of the values stands in the reading `text`."""
        if self._by_whole and text:
            yield from self._as_words(text)
            yield from self._within_words(text)
        if self._disguised:
            yield from self._in_disguise(text)
        for token in _INITIALS.finditer(text) if self._initials else ():
            # Of those that are a word too, something else must say that they are somebody's.
            if token[0] in self._initials and not is_common(token[0].lower()):
                yield Finding(*token.span(), "PERSON", _FOUND_RANK, sure=False)

    def _in_disguise(self, text: str) -> Iterator[Finding]:
        """Each word that is a part of a subject's name in the plural, numbered, or as a user name."""
        for token in _TOKEN.finditer(text):
            if not self._disguised.isdisjoint(_without_ending(fold(token[0]))):
                yield Finding(token.start(), token.end(), "PERSON", SUBJECT_RANK)

    def _within_words(self, text: str) -> Iterator[Finding]:
        lower = lowered(text) if self._within else ""
        for start in self._places_within(lower):
            for writing, value in self._within[lower[start : start + _MIN_WITHIN]].items():
                if lower.startswith(writing, start):
                    yield Finding(start, start + len(writing), value.type, value.rank, value.sure)

    def _places_within(self, lower: str) -> Iterator[int]:
        """Where one of the values that are looked for within words may begin."""
        if len(self._within) > _MANY:
            for start in range(len(lower) - _MIN_WITHIN + 1):
                if lower[start : start + _MIN_WITHIN] in self._within:
                    yield start
            return
        for beginning in self._within:
            start = lower.find(beginning)
            while start >= 0:
                yield start
                start = lower.find(beginning, start + 1)

    def _as_words(self, text: str) -> Iterator[Finding]:
        if text.isascii() and self._firsts.isdisjoint(words_in(WORD, text.lower())):
            return
        words = words_of(text)
        for first, (start, _, folded) in enumerate(words):
            if folded in self._firsts:
                for value, end in self._values_at(text, words, first):
                    yield Finding(start, end, value.type, value.rank, value.sure)

    def _values_at(self, text: str, words: Sequence[Word], first: int) -> Iterator[tuple[_Value, int]]:
        """The values that begin with the word `first`, and where each ends."""
        whole = ""
        for at in range(first, min(first + _MAX_LENGTH, len(words))):
            start, end, folded = words[at]
            whole += folded
            if whole not in self._beginnings:
                return
            gap = text[words[at - 1][1] : start] if at > first else " "
            if gap not in self._gaps and not _CLOSE.fullmatch(gap):
                return
            for value in self._by_whole.get(whole, ()):
                if value.is_written_as(text, words[first : at + 1]):
                    yield value, end


def _opens_sentence(text: str, at: int) -> bool:
    """Whether the word at `at` has its capital from its place."""
    before = text[max(0, at - _REACH) : at].rstrip(" \"'")
    return not before or before[-1] in ".!?:;\n\r\t|*-"


def _without_ending(word: str) -> Iterator[str]:
    """A word as it stands, without digits and underscores at its ends, and without the ending of a plural."""
    bare = word.strip("0123456789_")
    yield from (word, bare)
    if bare.endswith("s") and len(bare) >= _MIN_PLURAL_LENGTH:
        yield from (bare[:-1], bare.removesuffix("es"))


SUBJECT_TYPES: Final = frozenset(["PERSON", "IDENTIFIER"])


def subject_type(subject: str) -> str:
    """What a subject that no recogniser knows is called."""
    return "IDENTIFIER" if any(map(str.isdigit, subject)) else "PERSON"
