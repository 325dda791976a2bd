"""What can be seen of a word that no rule took for a name: how it is written, what it is, what stands around it.

Each clue is a few letters, so that `clues.txt` can say in one readable line what one is worth. Nothing in a clue is a
word of the text: what was learnt of names in one text holds for others.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from gateway.redaction.closed_world.cues import dated, word_at
from gateway.redaction.lexicon import FUNCTION_WORDS, UNLISTED, Lexicon, words_of_cue
from gateway.redaction.words import Line, Word

Seen = tuple[int, int, float]
"""Where a model saw a name, and how sure it was, from 0 to 1."""

_SURENESS: Final = (0.005, 0.02, 0.05, 0.1, 0.2, 0.4)
_SURE: Final = ("p0", "p1", "p2", "p3", "p4", "p5", "p6")
"""What a model's sureness is called: from each of the values above on the next."""
_SIZES: Final = (10, 20, 35, 60, 99)
_SIZE: Final = "abcdef"
"""What a word's size is called: up to each of the sizes above, and beyond."""
_GAPS: Final = (
    (".!?", "stop"),
    (":", "colon"),
    (";", "semi"),
    ("(", "paren"),
    (",", "comma"),
    ("/&+", "sign"),
    ("-–—", "dash"),
    ("\"'“‘", "quote"),
    ("0123456789", "number"),
)
_POSSESSIVES: Final = frozenset(["my", "his", "her", "their", "our", "your", "its"])
_ARTICLES: Final = frozenset(["a", "an", "the"])
_PRONOUNS: Final = frozenset(["i", "you", "he", "she", "it", "we", "they", "him", "me", "them", "us"])
_PREPOSITIONS: Final = frozenset(
    ["of", "for", "about", "on", "at", "in", "over", "into", "near", "behind", "without", "against", "than"]
)


def _by_word(*kinds: tuple[str, frozenset[str]]) -> dict[str, str]:
    """Each word's kind: the first that has it."""
    return {word: kind for kind, words in reversed(kinds) for word in words}


_MONTHS: Final = words_of_cue("calendar")
_BODIES: Final = words_of_cue("bodies")
_KINDS: Final = _by_word(("month", _MONTHS), ("body", _BODIES), ("related", words_of_cue("introductions")))
_FAR: Final = 12
_BEFORE: Final = _by_word(
    ("titled", words_of_cue("titles") | words_of_cue("namings")),
    ("poss", _POSSESSIVES),
    ("art", _ARTICLES),
    ("related", words_of_cue("introductions")),
    ("and", frozenset(["and", "or"])),
    ("with", frozenset(["with", "from", "w", "to"])),
    ("by", frozenset(["by"])),
    ("told", words_of_cue("spoken to")),
    ("pron", _PRONOUNS),
    ("det", words_of_cue("determiners")),
    ("saw", frozenset(["met", "saw", "for", "see", "seen", "called", "ring", "about", "re"])),
    ("aux", words_of_cue("questions")),
    ("sub", words_of_cue("subordinate")),
    ("prep", _PREPOSITIONS),
    ("verb", words_of_cue("verbs")),
)
_AFTER: Final = _by_word(
    ("and", frozenset(["and", "or"])),
    ("human", words_of_cue("human verbs")),
    ("weak", words_of_cue("weak verbs")),
    ("verb", words_of_cue("verbs")),
    ("pron", _PRONOUNS),
    ("art", _ARTICLES | _POSSESSIVES),
    ("after", words_of_cue("after a name")),
    ("prep", _PREPOSITIONS | {"with", "from", "to", "by"}),
    ("adverb", words_of_cue("adverbs")),
)


class Clues:
    """The clues of a text's words. `named` says which are names already, and may change while they are read."""

    def __init__(
        self,
        text: str,
        lines: Sequence[Line],
        named: Sequence[list[bool]],
        seen: Sequence[Seen],
        lexicon: Lexicon,
    ) -> None:
        self._text = text
        self._lines = lines
        self._named = named
        self._lexicon = lexicon
        self._sure = self._surest(seen)
        self._kinds: dict[str, str] = {}
        self._names: set[str] = set()
        self._surest_of: dict[str, float] = {}
        self._within: dict[str, int] = {}
        self._small: set[str] = set()
        self._opening: dict[str, int] = {}
        self._behind: dict[tuple[str, str], int] = {}
        for number, line in enumerate(lines):
            for at, word in enumerate(line.words):
                self._note(number, at, line, word)

    def _surest(self, seen: Sequence[Seen]) -> dict[int, float]:
        """By where a word starts, how sure a model was at most that it is a name."""
        sure: dict[int, float] = {}
        words = [word for line in self._lines for word in line.words] if seen else []
        ends = [word.end for word in words]
        for start, end, how in seen:
            at = bisect_left(ends, start + 1)
            while at < len(words) and words[at].start < end:
                sure[words[at].start] = max(how, sure.get(words[at].start, 0.0))
                at += 1
        return sure

    def _note(self, number: int, at: int, line: Line, word: Word) -> None:
        base = word.base
        if self._named[number][at]:
            self._names.add(base)
        if at and word.gap == " " and self._named[number][at - 1]:
            pair = (line.words[at - 1].base, base)
            self._behind[pair] = self._behind.get(pair, 0) + 1
        if word.capital:
            if at == 0:
                self._opening[base] = self._opening.get(base, 0) + 1
            if not (word.first or line.titled or line.shouted or word.shouted) and word.gap == " ":
                self._within[base] = self._within.get(base, 0) + 1
        elif not line.lower:
            self._small.add(base)
        how = self._sure.get(word.start)
        if how is not None:
            self._surest_of[base] = max(how, self._surest_of.get(base, 0.0))

    def learn(self, number: int, at: int) -> None:
        """Take note that a word is a name."""
        self._named[number][at] = True
        self._names.add(self._lines[number].words[at].base)

    def candidates(self) -> Iterator[tuple[int, int]]:
        """The words of which it is worth asking."""
        for number, line in enumerate(self._lines):
            named = self._named[number]
            for at, word in enumerate(line.words):
                if named[at] or len(word.base) < 2:
                    continue
                if word.base in _MONTHS and dated(word, word_at(line.words, at + 1)):
                    continue
                if word.capital or self._may_be_small(line, named, at):
                    yield number, at

    def _may_be_small(self, line: Line, named: Sequence[bool], at: int) -> bool:
        """Whether a word in small letters may be a name: in a line without capitals, or if it is one elsewhere."""
        word = line.words[at]
        if line.lower:
            return self._is_said_to_be_one(line, named, at) or self._may_be_spoken(word)
        return word.base in self._names and word.base not in FUNCTION_WORDS

    @staticmethod
    def _is_said_to_be_one(line: Line, named: Sequence[bool], at: int) -> bool:
        """Whether a name stands beside, or before it what a name follows."""
        if any(named[max(0, at - 1) : at + 2]):
            return True
        return at > 0 and _BEFORE.get(line.words[at - 1].base) in ("titled", "related", "told")

    def _may_be_spoken(self, word: Word) -> bool:
        known = (
            word.start in self._sure or word.base in self._names or self._surest_of.get(word.base, 0.0) > 0.0
        )
        if word.base in FUNCTION_WORDS:
            return known
        return known or word.size > 35 or self._lexicon.is_name(word.base)

    def written(self, number: int, at: int) -> tuple[str, bool]:
        """The word, and whether it has a capital."""
        word = self._lines[number].words[at]
        return word.base, word.capital

    def of(self, number: int, at: int) -> tuple[str, list[str]]:
        """How a word is written, and its clues."""
        line = self._lines[number]
        words, named = line.words, self._named[number]
        word = words[at]
        how = self._sure.get(word.start, 0.0)
        sure = _SURE[bisect_right(_SURENESS, how)]
        size = _SIZE[bisect_left(_SIZES, word.size)]
        kind = self._kinds.get(word.base) or self._kind(word.base)
        before, after = self._before(words, named, at), self._after(words, named, at)
        elsewhere = self._elsewhere(word, how)
        return self._style(line, word), [
            "all",
            sure,
            "is " + kind,
            "size " + size,
            "< " + before,
            "> " + after,
            "doc " + elsewhere,
            f"{kind} {size}",
            f"{sure} {kind}",
            f"{sure} < {before}",
            f"{sure} > {after}",
            f"{sure} {size}",
            f"< {before} > {after}",
            f"{kind} < {before}",
            f"{kind} > {after}",
            f"{size} < {before}",
            f"{size} > {after}",
            f"{kind} doc {elsewhere}",
            f"{sure} doc {elsewhere}",
            f"long {min(len(word.base), 4)}",
            f"{kind} {self._after_name(words, named, at)}",
            f"line {self._company(named, at)}",
        ]

    @staticmethod
    def _style(line: Line, word: Word) -> str:
        """How it is written: in small letters, with a capital where a sentence begins, within one, in a head."""
        if not word.capital:
            return "small" if line.lower else "mixed"
        if word.shouted and not line.shouted:
            return "SHOUT"
        if line.titled or line.shouted:
            return "head"
        return "First" if word.first or _gap(word.gap) == "wide" else "Within"

    def _kind(self, base: str) -> str:
        """What the lists say of a word; looked up once a text."""
        kind = self._kinds[base] = _KINDS.get(base) or self._listed(base)
        return kind

    def _listed(self, base: str) -> str:
        listed = self._lexicon
        if base in FUNCTION_WORDS:
            return "function-name" if listed.is_name(base) else "function"
        if listed.is_never_a_name(base):
            return "never-name" if listed.is_name(base) else "never"
        if listed.is_place(base):
            return "place"
        if listed.is_well_known(base):
            return "known"
        if listed.is_given(base):
            return "given"
        if listed.is_surname(base):
            return "surname"
        return "abbreviation" if listed.is_abbreviation(base) else "word"

    def _before(self, words: Sequence[Word], named: Sequence[bool], at: int) -> str:
        word = words[at]
        gap = _gap(word.gap)
        if at == 0:
            return "edge number" if gap == "number" else "edge"
        last = words[at - 1]
        if gap:
            return gap + ("-name" if named[at - 1] else "")
        if named[at - 1]:
            return "name"
        if last.base == "and" and at > 1 and named[at - 2]:
            return "name and"
        return _BEFORE.get(last.base) or _shape(last)

    def _after(self, words: Sequence[Word], named: Sequence[bool], at: int) -> str:
        word = words[at]
        if self._text.startswith(("'s", "’s"), word.end):
            return "'s"
        if at + 1 == len(words):
            return "edge"
        after = words[at + 1]
        gap = _gap(after.gap)
        if gap:
            return gap + ("-name" if named[at + 1] else "")
        if named[at + 1]:
            return "name"
        if after.base == "and" and at + 2 < len(words) and named[at + 2]:
            return "and name"
        if after.capital and after.base in _BODIES:
            return "Body"
        return _AFTER.get(after.base) or _shape(after)

    def _after_name(self, words: Sequence[Word], named: Sequence[bool], at: int) -> str:
        """Whether the word stands behind the same name again and again, as a surname does."""
        if at == 0 or not named[at - 1] or words[at].gap != " ":
            return "apart"
        return "again" if self._behind.get((words[at - 1].base, words[at].base), 0) > 1 else "once"

    def _elsewhere(self, word: Word, how: float) -> str:
        """What the rest of the text says of the same word."""
        if word.base in self._names:
            return "name"
        if self._surest_of.get(word.base, 0.0) >= 0.1 > how:
            return "sure"
        within = self._within.get(word.base, 0)
        if word.capital and word.base in self._small:
            return "small"
        if within:
            return "within2" if within > 1 else "within"
        return "opening2" if word.capital and self._opening.get(word.base, 0) > 1 else "none"

    @staticmethod
    def _company(named: Sequence[bool], at: int) -> str:
        """How many words stand in its line, and whether names do."""
        few = min(len(named), 4)
        near = any(named[max(0, at - _FAR) : at + _FAR + 1])
        return f"{few}{' names' if near else ''}"


def _gap(gap: str) -> str:
    """What stands between two words, if more than a space."""
    if gap == " ":
        return ""
    return next((name for signs, name in _GAPS if any(sign in gap for sign in signs)), "wide")


def _shape(word: Word) -> str:
    if word.capital:
        return "Capital"
    if word.size == UNLISTED:
        return "unlisted"
    if word.base.endswith("ed"):
        return "ed"
    if word.base.endswith("ing"):
        return "ing"
    return "s" if word.base.endswith("s") else "other"
