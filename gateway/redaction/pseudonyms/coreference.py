"""Coreference: which mentions in a case are of the same person, so that a model can follow.

"John Smith", "SMITH, John", "Mr Smith" and "John" are one person while no other Smith or John is in the case. What
could be two people is nobody's but its own: two people are never made one. Writings of one identifier are one too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.redaction.text.normalised import NormalisedText, words_of

_TITLE: Final = re.compile(
    r"(?<![^\W\d_])(mr|mrs|ms|miss|sir|lord|lady|dame|madam)\.?\s{1,3}$", re.IGNORECASE
)
_MEN: Final = frozenset(["mr", "sir", "lord"])
_REACH: Final = 12
_PARTICLES: Final = frozenset(["de", "van", "von", "der", "den", "bin", "al", "el", "ap", "la", "le", "the"])

Tokens = tuple[str, ...]
Key = tuple[str, ...]
"""What a person or an identifier is known by within one request."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A value as it stands in a text, its type, and whether a man's or a woman's title stands before it."""

    value: str
    type: str
    title: str = ""


def title_before(text: str, start: int) -> str:
    """The letter `m` or `f` where a title stands before `start`, else nothing."""
    match = _TITLE.search(text[max(0, start - _REACH) : start])
    return "" if match is None else "m" if match[1].lower() in _MEN else "f"


class Identities:
    """The persons and identifiers of a request and of what its case knows, from all mentions at once."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self._by_word: dict[str, list[Tokens]] = {}
        self._keys: dict[Mention, Key] = {}
        self._titled: dict[str, set[str]] = {}
        self.canonical: dict[Key, Mention] = {}
        """The fullest mention of each, by which it is put back where nothing says otherwise."""
        self._tokens: dict[str, Tokens] = {}
        different = list(dict.fromkeys(mentions))
        persons = [mention for mention in different if mention.type == "PERSON"]
        for mention in persons:
            tokens = self.tokens(mention.value)
            if len(tokens) == 1 and mention.title:
                self._titled.setdefault(tokens[0], set()).add(mention.title)
        full = dict.fromkeys(self.tokens(mention.value) for mention in persons)
        for tokens in full:
            for word in set(tokens) if len(tokens) > 1 else ():
                self._by_word.setdefault(word, []).append(tokens)
        for mention in different:
            key = self.key(mention)
            best = self.canonical.get(key)
            if best is None or self.fullness(mention) > self.fullness(best):
                self.canonical[key] = mention

    def key(self, mention: Mention) -> Key:
        """What the mention's person or identifier is known by."""
        if mention not in self._keys:
            self._keys[mention] = self._key(mention)
        return self._keys[mention]

    def _key(self, mention: Mention) -> Key:
        if mention.type != "PERSON":
            whole = "".join(folded for _, _, folded in words_of(NormalisedText(mention.value).text))
            return (mention.type, whole or mention.value)
        tokens = self.tokens(mention.value)
        if len(tokens) == 1 and len(self._titled.get(tokens[0], ())) > 1:
            return ("one of two", mention.title, *tokens)
        last = tokens[-1] if tokens else ""
        candidates = [full for full in self._by_word.get(last, ()) if _may_be(tokens, full)]
        # They are one person if each may be every other.
        if candidates and all(
            _may_be(one, other) or _may_be(other, one) for one in candidates for other in candidates
        ):
            tokens = max(candidates, key=len)
        return ("person", *(tokens or (mention.value,)))

    def tokens(self, value: str) -> Tokens:
        """The words of a name, given name first, without titles' and possessives' remains; made once."""
        if value not in self._tokens:
            text = NormalisedText(value).text
            last, comma, given = text.partition(",")
            ordered = f"{given} {last}" if comma and given.strip() else text
            words = [folded for _, _, folded in words_of(ordered)]
            if len(words) > 1 and words[-1] == "s":
                words.pop()
            self._tokens[value] = tuple(words)
        return self._tokens[value]

    def fullness(self, mention: Mention) -> tuple[int, bool, bool]:
        """The rank of a mention as the one to restore: many words, not in capitals, in order."""
        value = mention.value
        words = len(self.tokens(value)) if mention.type == "PERSON" else 0
        return (words, not value.isupper(), "," not in value)


def _may_be(tokens: Tokens, full: Tokens) -> bool:
    """Whether `tokens` may be a shorter mention of the full name: its words, in order, first or last among them."""
    if tokens == full:
        return True
    if len(tokens) == 1:
        return len(tokens[0]) > 1 and tokens[0] in full and tokens[0] not in _PARTICLES
    if not tokens or tokens[-1] != full[-1] or not _same_or_initial(tokens[0], full[0]):
        return False
    rest = iter(full[1:-1])
    return all(any(_same_or_initial(middle, other) for other in rest) for middle in tokens[1:-1])


def _same_or_initial(word: str, full: str) -> bool:
    return word == full or (len(word) == 1 and full.startswith(word))
