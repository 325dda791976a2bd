"""Pseudonyms: what stands in for personal data, the same for the same value throughout a case.

Texts for embeddings have marks without a number (`TypeMarks`): a number would be noise in the vector.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from gateway.redaction.pseudonyms.coreference import Identities, Key, Mention

_NUMBERED: Final = re.compile(r"_\d")
_TYPED: Final = re.compile(r"<?(?<![^\W_])([A-Za-z][A-Za-z_]{0,60})_\d{1,5}(?!\d)>?")
_FORM: Final = re.compile(r"<?([A-Z][A-Z_]*)_(\d{1,9})>?([\U000E0100-\U000E01EF]?)")
_VARIANT: Final = 0xE0100
_MAX_VARIANTS: Final = 240
_PLAIN_ID: Final = re.compile(r"call_\d{1,3}")
"""The id of a tool call that says nothing: it stays, so that a provider that counts its calls so gives none twice."""
VARIATIONS: Final = re.compile("[\U000e0100-\U000e01ef]")
"""Unicode's variation selectors 17 to 256 (UTS #37): invisible, they say that the sign before them is the same in
another form. Behind a pseudonym one says which mention of its person stands there: `<PERSON_1>` is "John Smith", and
with a selector behind it "Mr Smith's" Smith. A model that drops it loses nothing: the fullest mention is put back."""


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """`text` (`<PERSON_1>`, or `PERSON_1` where `<` is not allowed) stands in for `value`, found as `type`.

    Another mention of the same person or identifier has the same text with a variation selector behind it.
    """

    text: str
    type: str
    value: str

    def __repr__(self) -> str:
        """Without the value, which must not reach a log."""
        return f"Pseudonym({self.text})"


def type_of(text: str) -> str | None:
    """The type that a pseudonym's text says, or None of any other text."""
    match = _FORM.fullmatch(text)
    return match[1] if match else None


class TypedPseudonyms:
    """Texts of the request that look like a pseudonym: in any case, bracketed or not, escaped or not."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [text.upper() for text in texts if _NUMBERED.search(text)]

    def has(self, entity: str, number: int) -> bool:
        """Whether the pseudonym of this type and number stands in a text, also as a part of a longer word."""
        name = f"{entity}_"
        return any(
            name in text and re.search(rf"{re.escape(name)}0*{number}(?!\d)", text) for text in self._texts
        )


def typed_ranges(text: str, types: Container[str]) -> list[tuple[int, int]]:
    """Where `text` has what looks like a pseudonym of these types.

    With at most five digits: a longer number may be an identifier that is hidden there.
    """
    if not _NUMBERED.search(text):
        return []
    return [match.span() for match in _TYPED.finditer(text) if match[1].upper() in types]


class Numbering:
    """Gives the values of one request their pseudonyms, after those that the case has already.

    `known` are the case's, `typed` what the request's own text has: that is never issued, so that a typed pseudonym
    comes back exactly as typed. `identities` says which mentions are one; with `variants` off each has its own number.
    """

    def __init__(
        self,
        known: Sequence[Pseudonym],
        typed: TypedPseudonyms,
        identities: Identities,
        *,
        variants: bool,
    ) -> None:
        self._typed = typed
        self._known = frozenset(known)
        self._identities = identities
        self._variants = variants
        self._texts: dict[tuple[str, Key], str] = {}
        self._by_value: dict[str, str] = {}
        self._groups: dict[Key, tuple[str, int]] = {}
        self._used: dict[tuple[str, int], set[int]] = {}
        self._last: dict[str, int] = {}
        self._issued: dict[str, Pseudonym] = {}
        for pseudonym in known:
            self._remember(pseudonym)

    def _remember(self, pseudonym: Pseudonym) -> None:
        match = _FORM.fullmatch(pseudonym.text)
        if match is None:
            return
        numbered, variant = (match[1], int(match[2])), ord(match[3]) - _VARIANT + 1 if match[3] else 0
        self._last[numbered[0]] = max(numbered[1], self._last.get(numbered[0], 0))
        self._used.setdefault(numbered, set()).add(variant)
        if self._typed.has(*numbered) or (variant and not self._variants):
            return
        key = self._identities.key(Mention(pseudonym.value, pseudonym.type))
        self._groups.setdefault(key, numbered)
        text = self._texts.setdefault((pseudonym.value, key), _text(*numbered, variant))
        self._by_value.setdefault(pseudonym.value, text)

    def issue(self, value: str, entity: str, *, bare: bool = False, title: str = "") -> str:
        """The text that stands in for `value` from here on; `bare` leaves out the brackets."""
        # A participant's name can't have a selector, so that each mention of it has a number of its own.
        key = ("name", value) if bare else self._identities.key(Mention(value, entity, title))
        # A value that the case knows under another type keeps its first text.
        known = self._by_value.get(value) if key[0] != "one of two" else None
        text = self._texts.get((value, key)) or known or self._new(value, entity, key)
        if bare and VARIATIONS.search(text):
            text = self._new(value, entity, key)
        text = text.strip("<>") if bare else text
        if text not in self._issued:
            self._issued[text] = Pseudonym(text, type_of(text) or entity, value)
        return text

    def _new(self, value: str, entity: str, key: Key) -> str:
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = self._fresh(entity)
        best = self._identities.canonical.get(key)
        first = 0 if best is None or best.value == value else 1
        used = self._used.setdefault(group, set())
        variant = next(number for number in range(first, _MAX_VARIANTS + 2) if number not in used)
        if variant and (not self._variants or variant > _MAX_VARIANTS):
            group, variant = self._fresh(entity), 0
            used = self._used.setdefault(group, set())
        used.add(variant)
        text = self._texts[value, key] = _text(*group, variant)
        self._by_value.setdefault(value, text)
        return text

    def _fresh(self, entity: str) -> tuple[str, int]:
        number = self._last.get(entity, 0) + 1
        while self._typed.has(entity, number):
            number += 1
        self._last[entity] = number
        return entity, number

    @property
    def issued(self) -> tuple[Pseudonym, ...]:
        """Those that stand in the request, in the order in which they first do."""
        return tuple(self._issued.values())

    @property
    def new(self) -> tuple[Pseudonym, ...]:
        """Those of `issued` that the case did not have."""
        return tuple(pseudonym for pseudonym in self._issued.values() if pseudonym not in self._known)

    @property
    def counts(self) -> dict[str, int]:
        """Entity type to the number of distinct pseudonyms of it."""
        types = {VARIATIONS.sub("", text).strip("<>"): one.type for text, one in self._issued.items()}
        return dict(sorted(Counter(types.values()).items()))


def _text(entity: str, number: int, variant: int) -> str:
    return f"<{entity}_{number}>" + (chr(_VARIANT + variant - 1) if variant else "")


def rename_call_ids(call_ids: Iterable[str], typed: TypedPseudonyms) -> dict[str, str]:
    """Each id of a tool call with what stands for it, `call_1` and so on in the order in which they first appear.

    So nothing leaves by them. What the request's own text says already is not given, since it would be put back there
    too.
    """
    ids = list(call_ids)
    taken = {call_id for call_id in ids if _PLAIN_ID.fullmatch(call_id)}
    free = (
        f"call_{number}"
        for number in count(1)
        if f"call_{number}" not in taken and not typed.has("CALL", number)
    )
    return {call_id: call_id if call_id in taken else next(free) for call_id in ids}


def people_of(issued: Iterable[Pseudonym]) -> list[list[str]]:
    """For each person of a request the mentions that pseudonyms stand for."""
    people: dict[str, list[str]] = {}
    for pseudonym in issued:
        if pseudonym.type == "PERSON":
            people.setdefault(VARIATIONS.sub("", pseudonym.text), []).append(pseudonym.value)
    return list(people.values())


class TypeMarks:
    """Stands where `Numbering` does: each value is its type alone."""

    issued: tuple[Pseudonym, ...] = ()
    new: tuple[Pseudonym, ...] = ()

    def __init__(self, identities: Identities) -> None:
        self._identities = identities
        self._found: dict[str, set[Key]] = {}

    def issue(self, value: str, entity: str, *, bare: bool = False, title: str = "") -> str:
        """The pseudonym of `value`; `bare` leaves out the brackets."""
        self._found.setdefault(entity, set()).add(self._identities.key(Mention(value, entity, title)))
        return entity if bare else f"<{entity}>"

    @property
    def counts(self) -> dict[str, int]:
        """Entity type to the number of distinct values of it."""
        return {entity: len(keys) for entity, keys in sorted(self._found.items())}
