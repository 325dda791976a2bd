"""How much leaves and how much is redacted by mistake, on texts whose personal data is marked.

A text's words are compared, not its spans: a name of which one word leaves has left in part, and one that was found
under another type has not left. Each share has its 95 % interval by Wilson's score (E. B. Wilson, 1927).
"""

import json
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

_WORD: Final = re.compile(r"[^\W_]+(?:['’-](?!s(?![^\W_]))[^\W_]+)*")
"""A word without the ending of a possessive."""
_Z: Final = 1.959964
"""The standard normal deviate of a two-sided 95 %."""

Places = Callable[[str], Sequence[tuple[int, int, str]]]
"""Where a text is redacted: ranges with their types."""


class RowInvalid(ValueError):
    """A line of the file is not a labelled text; says which, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text, its personal data as `(start, end, type)`, the ranges that have to stay, and the groups it is in."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    stays: tuple[tuple[int, int], ...]
    groups: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, line: str, number: int) -> Self:
        """The row that a line of JSON holds: `text`, `spans`, and where there are any, `stays` and `group`."""
        read: Self | None = None
        try:
            row = json.loads(line)
            group = row.get("group") or {}
            groups = group if isinstance(group, dict) else {"group": group}
            read = cls(
                row["text"],
                tuple((int(start), int(end), str(label)) for start, end, label in row["spans"]),
                tuple((int(start), int(end)) for start, end in row.get("stays", ())),
                tuple((str(kind), str(name)) for kind, name in groups.items()),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # raised outside of the handler: the cause may quote the text
        if read is None or not isinstance(read.text, str):
            raise RowInvalid(
                f"Line {number} is no labelled text: it needs `text`, and `spans` of [start, end, type]."
            )
        length = len(read.text)
        for start, end in (*(span[:2] for span in read.spans), *read.stays):
            if not 0 <= start < end <= length:
                raise RowInvalid(
                    f"Line {number}: [{start}, {end}] is no range of its text of {length} characters."
                )
        return read


@dataclass(slots=True)
class Share:
    part: int = 0
    whole: int = 0

    def add(self, part: int, whole: int) -> None:
        self.part += part
        self.whole += whole

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.whole:
            return 0.0, 1.0
        n, p, z = self.whole, self.value, _Z
        middle, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


@dataclass(slots=True)
class Report:
    """The measurement, in shares of words: those that leave, those that had to stay and were redacted, and other
    words redacted. `first_seen` is the number of the row that has an example first.
    """

    leaks: dict[str, Share] = field(default_factory=dict)
    by_group: dict[tuple[str, str], Share] = field(default_factory=dict)
    stays: Share = field(default_factory=Share)
    others: Share = field(default_factory=Share)
    documents: Share = field(default_factory=Share)
    identifiers: Share = field(default_factory=Share)
    refused: int = 0
    characters: int = 0
    seconds: float = 0.0
    examples: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_seen: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def names(self) -> Share:
        """Words of names that leave."""
        return self.leaks.get("PERSON", Share())

    @property
    def speed(self) -> float:
        """Characters a second."""
        return self.characters / self.seconds if self.seconds else 0.0

    def worst(self, kind: str) -> list[tuple[str, Share]]:
        """The groups of a kind by the share of words of names that leave, worst first."""
        return _worst((name, share) for (of, name), share in self.by_group.items() if of == kind)


def measure(
    rows: Iterable[Row], places: Places, *, refusals: tuple[type[Exception], ...] = (), examples: bool = False
) -> Report:
    """What `places` leaves and takes in the labelled rows. A text that is refused leaks nothing."""
    report = Report()
    for number, row in enumerate(rows, 1):
        began = time.perf_counter()
        try:
            marked = places(row.text)
        except refusals:
            report.refused += 1
            marked = [(0, len(row.text), "REFUSED")]
        report.seconds += time.perf_counter() - began
        report.characters += len(row.text)
        _count(report, row, _mask(len(row.text), marked), examples)
        for example in report.examples if examples else ():
            report.first_seen.setdefault(example, number)
    return report


def _mask(length: int, ranges: Iterable[Sequence[Any]]) -> bytearray:
    mask = bytearray(length)
    for start, end, *_ in ranges:
        mask[start:end] = b"\x01" * (end - start)
    return mask


def _count(report: Report, row: Row, covered: bytearray, examples: bool) -> None:
    personal = _mask(len(row.text), row.spans)
    staying = _mask(len(row.text), row.stays)
    left = False
    for start, end, label in row.spans:
        words = [match.span() for match in _WORD.finditer(row.text, start, end)]
        leaving = [span for span in words if not all(covered[slice(*span)])]
        report.leaks.setdefault(label, Share()).add(len(leaving), len(words))
        if label == "PERSON":
            left = left or bool(leaving)
            for group in row.groups:
                report.by_group.setdefault(group, Share()).add(len(leaving), len(words))
        else:
            report.identifiers.add(bool(leaving), 1)
        if examples:
            report.examples.update((label, row.text[slice(*span)]) for span in leaving)
    if any(label == "PERSON" for *_, label in row.spans):
        report.documents.add(left, 1)
    for match in _WORD.finditer(row.text):
        word = slice(*match.span())
        if any(personal[word]):
            continue
        share = report.stays if any(staying[word]) else report.others
        share.add(any(covered[word]), 1)
        if examples and any(covered[word]):
            report.examples[("stays" if any(staying[word]) else "other"), match[0]] += 1


def rows_of(lines: Iterable[str]) -> list[Row]:
    """The rows of a file of labelled texts, one JSON object a line."""
    return [Row.of(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def as_table(report: Report) -> list[tuple[str, str, Share]]:
    """Everything that a report says, as rows of (section, name, share), worst first within each section."""
    table = [
        ("all", "words of names that leave", report.names),
        ("all", "documents that a name leaves", report.documents),
        ("all", "identifiers that leave", report.identifiers),
        ("all", "words that had to stay and were taken", report.stays),
        ("all", "other words taken", report.others),
    ]
    table += [("type", name, share) for name, share in _worst(report.leaks.items())]
    for kind in dict.fromkeys(kind for kind, _ in report.by_group):
        table += [(kind, name, share) for name, share in report.worst(kind)]
    return table


def _worst(shares: Iterable[tuple[str, Share]]) -> list[tuple[str, Share]]:
    return sorted(shares, key=lambda item: (-item[1].value, item[0]))
