"""Measures as a table to keep (RFC 4180)."""

import csv
import io
from datetime import date
from typing import Final

from gateway.oversight.measures import Measure, Question

_COLUMNS: Final = ("measure", "title", "unit", "by", "group", "count", "value", "low", "high", "hidden")


def as_csv(question: Question, measures: list[Measure]) -> str:
    """The figures: the whole first, then each group; hidden figures are empty."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(_COLUMNS)
    for measure in measures:
        for figure in (measure.whole, *measure.groups):
            numbers = (figure.count, figure.value, figure.low, figure.high)
            shown = ["" if number is None else number for number in numbers]
            hidden = "yes" if figure.hidden else "no"
            table.writerow(
                [measure.id, measure.title, measure.unit, question.by, figure.group, *shown, hidden]
            )
    return text.getvalue()


def is_day(text: str) -> bool:
    """Whether `text` is a day as questions name it: `2026-11-24`."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
