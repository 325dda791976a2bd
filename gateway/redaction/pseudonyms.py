"""Pseudonyms: what stands in for personal data, the same for the same value throughout a case."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_NUMBERED: Final = re.compile(r"_\d")
_TYPED: Final = re.compile(r"<?(?<![^\W_])([A-Za-z][A-Za-z_]{0,60})_\d{1,5}(?!\d)>?")
_FORM: Final = re.compile(r"<?([A-Z][A-Z_]*)_(\d{1,9})>?")


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """`text` (`<PERSON_1>`, or `PERSON_1` where `<` is not allowed) stands in for `value`, found as `type`."""

    text: str
    type: str
    value: str

    def __repr__(self) -> str:
        """Without the value, which must not reach a log."""
        return f"Pseudonym({self.text})"


def number_of(text: str) -> tuple[str, int] | None:
    """The type and number that a pseudonym's text is made of, or None."""
    match = _FORM.fullmatch(text)
    return (match[1], int(match[2])) if match else None


class Typed:
    """What stands in a request's own text as a pseudonym would: in any case, bracketed or not, escaped or not."""

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
    comes back exactly as typed.
    """

    def __init__(self, known: Sequence[Pseudonym], typed: Typed) -> None:
        self._typed = typed
        self._known = frozenset(known)
        self._by_value: dict[str, tuple[str, int]] = {}
        self._last: dict[str, int] = {}
        self._issued: dict[str, Pseudonym] = {}
        for pseudonym in known:
            numbered = number_of(pseudonym.text)
            if numbered is None:
                continue
            self._last[numbered[0]] = max(numbered[1], self._last.get(numbered[0], 0))
            if not typed.has(*numbered):
                self._by_value.setdefault(pseudonym.value, numbered)

    def issue(self, value: str, entity: str, *, bare: bool = False) -> str:
        """The text that stands in for `value` from here on; `bare` leaves out the brackets."""
        entity, number = self._by_value.get(value) or self._fresh(value, entity)
        text = f"{entity}_{number}" if bare else f"<{entity}_{number}>"
        if text not in self._issued:
            self._issued[text] = Pseudonym(text, entity, value)
        return text

    def _fresh(self, value: str, entity: str) -> tuple[str, int]:
        number = self._last.get(entity, 0) + 1
        while self._typed.has(entity, number):
            number += 1
        self._last[entity] = number
        self._by_value[value] = (entity, number)
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
        counts: dict[str, int] = {}
        for entity, _number in {number_of(text) or ("", 0) for text in self._issued}:
            counts[entity] = counts.get(entity, 0) + 1
        return dict(sorted(counts.items()))
