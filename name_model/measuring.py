"""Measuring a name model alone, without a rule beside it, on texts that it was never trained on."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from gateway.commands.redaction_measurement import Report, Row, RowInvalid, Share, measure, rows_of
from gateway.redaction.models.name_model import NameModel
from gateway.redaction.models.name_model.name_finder import NameFinder
from gateway.redaction.text.findings import WEAK_RANK
from name_model.filling import (
    ADDRESS,
    BIRTH,
    LABELS,
    PERSON,
    REFERENCE,
    UNSURE,
    Filled,
    dates,
    houses,
    long_numbers,
)

_MAY_BE: Final = {BIRTH: dates, ADDRESS: houses, REFERENCE: long_numbers}
SETS: Final = Path(__file__).parents[1] / "tests" / "redaction" / "evaluation"


@dataclass(slots=True)
class Figures:
    """What one set gave."""

    name: str
    report: Report
    worst: list[tuple[str, Share]] = field(default_factory=list)

    @classmethod
    def of(cls, name: str, finder: NameFinder, rows: Iterable[Row]) -> Self:
        """Measure the names of the rows."""

        def places(text: str) -> list[tuple[int, int, str]]:
            (found,) = finder.read([text])
            return [
                (one.start, one.end, one.type) for one in found if one.type == PERSON and one.rank > WEAK_RANK
            ]

        names_only = [
            Row(row.text, tuple(span for span in row.spans if span[2] == PERSON), row.stays, row.groups)
            for row in rows
        ]
        report = measure(names_only, places, examples=True)
        return cls(name, report, report.worst("origin"))

    def examples(self, kind: str, most: int) -> list[tuple[str, int]]:
        """The words of a kind that were left (`PERSON`) or taken in vain (`other`, `stays`), the most usual first."""
        counted = Counter({word: count for (of, word), count in self.report.examples.items() if of == kind})
        return counted.most_common(most)


def own_sets() -> list[Path]:
    """The sets of this repository that say something about names."""
    return [path for path in sorted(SETS.glob("*.jsonl")) if not path.stem.startswith("identifiers")]


def figures_of(folder: Path, sets: Sequence[Path]) -> list[Figures]:
    """The figures of the model in `folder` on each file of labelled texts."""
    finder = NameFinder(NameModel(folder))
    return [Figures.of(path.stem, finder, rows_in(path)) for path in sets]


def rows_in(path: Path) -> list[Row]:
    """The labelled texts of a file; `RowInvalid` names it, and the line."""
    try:
        return rows_of(path.read_text("utf-8").splitlines())
    except RowInvalid as error:
        raise RowInvalid(f"{path}: {error}") from None


def labelled_texts(paths: Iterable[Path]) -> Iterator[Filled]:
    """The texts of JSON lines with `text` and `spans` of [start, end, type], for training; says what is not learnt."""
    for path in paths:
        rows = rows_in(path)
        others = Counter(kind for row in rows for *_, kind in row.spans if kind not in LABELS)
        if others:
            counted = ", ".join(f"{number} of {kind}" for kind, number in others.items())
            print(f"{path}: spans of other types are not learnt: {counted}", file=sys.stderr)
        yield from map(_learnt, rows)


def _learnt(row: Row) -> Filled:
    """A labelled text. Nothing is learnt of spans of other types, nor of what may be of a type that has no span."""
    spans = [(start, end, kind if kind in LABELS else UNSURE) for start, end, kind in row.spans]
    taken = {at for start, end, _ in spans for at in range(start, end)}
    labelled = {kind for *_, kind in row.spans}
    for kind, ranges in _MAY_BE.items():
        for start, end in () if kind in labelled else ranges(row.text):
            if taken.isdisjoint(range(start, end)):
                spans.append((start, end, UNSURE))
                taken.update(range(start, end))
    return Filled(row.text, tuple(sorted(spans)))


def as_json(figures: Sequence[Figures]) -> str:
    """The figures for other programs."""
    return json.dumps(
        {
            one.name: {
                "names_missed": one.report.names.value,
                "documents_with_a_missed_name": one.report.documents.value,
                "words_taken": one.report.others.value,
                "stays_taken": one.report.stays.value,
            }
            for one in figures
        },
        indent=2,
    )
