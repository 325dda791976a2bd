"""Measures of oversight: each with its definition, count and 95 % interval, small groups hidden."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from gateway.oversight.decision_columns import DayOfAdvice, DecisionColumns, week_of
from gateway.oversight.definitions import (
    ADVICE_MEASURES,
    DECISION_MEASURES,
    FEWEST,
    AdviceMeasure,
    DecisionMeasure,
    Sample,
    Unit,
)

By = Literal["policy", "application", "week", "decider"]
GROUPINGS: Final[tuple[By, ...]] = ("policy", "application", "week", "decider")
ALL: Final = "all"


@dataclass(frozen=True)
class Question:
    """Which decisions and advice are measured, and how they are grouped. Days are `2026-11-24`, both included."""

    by: By = "week"
    policy: str | None = None
    application: str | None = None
    decider: str | None = None
    since: str | None = None
    until: str | None = None

    def takes_day(self, day: str) -> bool:
        """Whether a day lies in the time asked about."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Figure:
    """One figure of a measure; where `hidden`, there are fewer than ten, or it would give away a group that has."""

    group: str
    count: int | None
    value: float | None
    low: float | None
    high: float | None
    hidden: bool


@dataclass(frozen=True)
class Measure:
    """A measure over everything that was asked about, and by group."""

    id: str
    title: str
    definition: str
    unit: Unit
    whole: Figure
    groups: tuple[Figure, ...]


def measure(
    question: Question,
    decisions: DecisionColumns,
    days: Sequence[DayOfAdvice],
    *,
    only: Collection[str] | None = None,
    grouped: bool = True,
) -> list[Measure]:
    """Every measure, or those with an id of `only`, by group or over the whole alone.

    Those of advice are left out where the question is about one decider or by decider.
    """
    chosen = _chosen(question, decisions.casework)
    places = _places(question.by, chosen) if grouped else {}
    groups = {name: chosen.where(place) for name, place in places.items()}
    figures = [
        _of_decisions(definition, chosen, groups)
        for definition in DECISION_MEASURES
        if only is None or definition.id in only
    ]
    of_advice = [definition for definition in ADVICE_MEASURES if only is None or definition.id in only]
    if of_advice and question.by != "decider" and question.decider is None:
        counts = _counts(question, days)
        figures += [_of_advice(definition, counts, grouped) for definition in of_advice]
    return figures


def _chosen(question: Question, decisions: DecisionColumns) -> DecisionColumns:
    masks = [
        getattr(decisions, name) == value
        for name, value in (
            ("policy", question.policy),
            ("application", question.application),
            ("person", question.decider),
        )
        if value is not None
    ]
    if question.since is not None:
        masks.append(decisions.day >= question.since)
    if question.until is not None:
        masks.append(decisions.day <= question.until)
    return decisions.where(np.logical_and.reduce(masks)) if masks else decisions


def _places(by: By, decisions: DecisionColumns) -> dict[str, Any]:
    """The places of each group's decisions."""
    columns = {
        "week": decisions.day,
        "policy": decisions.policy,
        "application": decisions.application,
        "decider": decisions.person,
    }
    keys = columns[by].tolist()
    name_of = {key: week_of(key) if by == "week" else str(key) for key in set(keys)}
    names = sorted(set(name_of.values()))
    numbers = {name: number for number, name in enumerate(names)}
    number_of = {key: numbers[name] for key, name in name_of.items()}
    inverse = np.fromiter((number_of[key] for key in keys), dtype=np.int64, count=len(keys))
    order = np.argsort(inverse, kind="stable")
    bounds = np.searchsorted(inverse[order], np.arange(len(names) + 1))
    return {name: order[bounds[place] : bounds[place + 1]] for place, name in enumerate(names)}


def _of_decisions(
    definition: DecisionMeasure, decisions: DecisionColumns, groups: Mapping[str, DecisionColumns]
) -> Measure:
    worked_out = {name: definition.work_out(group) for name, group in groups.items()}
    return _measure(definition, definition.work_out(decisions), worked_out)


def _of_advice(definition: AdviceMeasure, counts: Mapping[str, Counter[str]], grouped: bool) -> Measure:
    groups = {name: definition.work_out(count) for name, count in sorted(counts.items()) if grouped}
    total: Counter[str] = Counter()
    for count in counts.values():
        total.update(count)
    return _measure(definition, definition.work_out(total), groups)


def _counts(question: Question, days: Sequence[DayOfAdvice]) -> dict[str, Counter[str]]:
    group: Callable[[DayOfAdvice], str] = {
        "policy": lambda row: row.policy,
        "application": lambda row: row.application,
        "week": lambda row: week_of(row.day),
    }[question.by]
    counts: dict[str, Counter[str]] = {}
    for day in days:
        if (
            question.policy in (None, day.policy)
            and question.application in (None, day.application)
            and question.takes_day(day.day)
        ):
            counts.setdefault(group(day), Counter()).update(day.counts)
    return counts


def _measure(
    definition: DecisionMeasure | AdviceMeasure, whole: Sample, groups: Mapping[str, Sample]
) -> Measure:
    counted = {name: sample for name, sample in groups.items() if sample.count}
    hidden = set(_hidden(counted))
    return Measure(
        definition.id,
        definition.title,
        definition.definition,
        definition.unit,
        _figure(ALL, whole, hide=0 < whole.count < FEWEST),
        tuple(_figure(name, sample, hide=name in hidden) for name, sample in counted.items()),
    )


def _hidden(groups: Mapping[str, Sample]) -> Iterator[str]:
    small = [name for name, sample in groups.items() if sample.count < FEWEST]
    yield from small
    others = [name for name in groups if name not in small]
    if len(small) == 1 and others:  # the whole less the others would be the one that is hidden
        yield min(others, key=lambda name: groups[name].count)


def _figure(group: str, sample: Sample, *, hide: bool) -> Figure:
    if hide:
        return Figure(group, None, None, None, None, hidden=True)
    low, high = sample.interval or (None, None)
    return Figure(group, sample.count, sample.value, low, high, hidden=False)
