"""The measures that one looks at first, as pictures: what is drawn, and the lines at which alerts are raised."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from gateway.oversight.measure_service import MeasureService
from gateway.oversight.measures import Figure, Measure, Question
from gateway.policy import Policy

Picture = Literal["outcomes", "times", "overdue", "unsupported_accepted", "caught", "marked_missed"]
Unit = Literal["share", "minutes"]

_BY_WEEK: Final = frozenset({"accepted", "changed", "rejected", "time_to_decide", "reading_time"})
_SHARES: Final[tuple[Picture, ...]] = ("overdue", "unsupported_accepted", "caught", "marked_missed")
_ALERTED: Final[Mapping[str, str]] = {
    "outcomes": "accepted",
    "overdue": "late",
    "unsupported_accepted": "unsupported_accepted",
    "caught": "caught",
}
"""The share of `decisions` in conditions of alerts for which a picture has a line."""
_MAX_GROUPS: Final = 16
"""The newest weeks of more; more policies than that are in the table of their measure."""
_THRESHOLD: Final = re.compile(r"\bdecisions\.(\w+)\s*(<=?|>=?)\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Bar:
    """A value with its interval, of so many; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """Bars of one colour, one for each group; `title` in English."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class AlertLine:
    """The line at which an alert of a policy is raised; `share` is the value in its condition."""

    policy: str
    alert: str
    share: str
    above: bool
    value: float


@dataclass(frozen=True)
class BarChart:
    """One picture: groups along the bottom, each with a bar of each series; stacked up to 1, or side by side."""

    id: Picture
    title: str
    by: Literal["week", "policy"]
    unit: Unit
    groups: tuple[str, ...]
    counts: tuple[int, ...]
    series: tuple[Series, ...]
    stacked: bool
    lines: tuple[AlertLine, ...]
    hidden: int
    """`counts`: of how many in each group; `hidden`: groups that are left out, since they have fewer than ten."""


def drawings(measuring: MeasureService, question: Question, policies: Iterable[Policy]) -> list[BarChart]:
    """Every picture of what is asked about; those of advice are left out where it is about one decider."""
    weeks = _measures(measuring, _of_newest_weeks(measuring, question), "week", _BY_WEEK)
    charts = [_outcomes(weeks), _times(weeks)]
    by_policy = _measures(measuring, question, "policy", frozenset(_SHARES))
    charts += [_share(by_policy[name], name) for name in _SHARES if name in by_policy]
    lines = alert_lines([policy for policy in policies if question.policy in (None, policy.id)])
    return [
        replace(chart, lines=tuple(line for line in lines if line.share == _ALERTED.get(chart.id)))
        for chart in charts
    ]


def lines_of(measure: str, question: Question, policies: Iterable[Policy]) -> list[AlertLine]:
    """The lines of one measure's chart: of each policy where it is by policy, else of the one that is asked about."""
    if question.by != "policy" and question.policy is None:
        return []
    lines = alert_lines([policy for policy in policies if question.policy in (None, policy.id)])
    return [line for line in lines if line.share == _ALERTED.get(measure, measure)]


def alert_lines(policies: Iterable[Policy]) -> list[AlertLine]:
    """The thresholds in the policies' alerts, as far as their conditions compare a share with a number."""
    return [
        AlertLine(policy.id, alert.id, match[1], match[2].startswith(">"), float(match[3]))
        for policy in policies
        for alert in policy.alerts
        for match in _THRESHOLD.finditer(alert.when)
    ]


def _measures(
    measuring: MeasureService, question: Question, by: Literal["week", "policy"], names: frozenset[str]
) -> dict[str, Measure]:
    by_group = Question(
        by, question.policy, question.application, question.decider, question.since, question.until
    )
    return {measure.id: measure for measure in measuring.answer(by_group, only=names)}


def _of_newest_weeks(measuring: MeasureService, question: Question) -> Question:
    newest = measuring.newest_day(question.until)
    if newest is None:
        return question
    day = date.fromisoformat(newest)
    first = (day - timedelta(days=day.weekday(), weeks=_MAX_GROUPS - 1)).isoformat()
    return replace(question, since=max(first, question.since or first))


def _outcomes(measures: Mapping[str, Measure]) -> BarChart:
    figures = _shown(measures["accepted"])
    changed, rejected = _by_group(measures["changed"]), _by_group(measures["rejected"])
    shares = [
        (
            _value(figure) - _value(changed[figure.group]),
            _value(changed[figure.group]),
            _value(rejected[figure.group]),
        )
        for figure in figures
    ]
    titles = ("Accepted as it stands", "Accepted with changes", "Rejected")
    series = [
        Series(title, tuple(Bar(max(0.0, share[place])) for share in shares))
        for place, title in enumerate(titles)
    ]
    return _drawing(
        "outcomes", "Decisions by week and outcome", "week", measures["accepted"], series, stacked=True
    )


def _times(measures: Mapping[str, Measure]) -> BarChart:
    figures = _shown(measures["time_to_decide"])
    reading = _by_group(measures["reading_time"])
    series = [
        Series("Time to decide", tuple(_minutes(figure) for figure in figures)),
        Series("Time that reading takes", tuple(_minutes(reading.get(one.group)) for one in figures)),
    ]
    title = "Time to decide beside the time that reading takes"
    return _drawing("times", title, "week", measures["time_to_decide"], series, unit="minutes")


def _share(measure: Measure, name: Picture) -> BarChart:
    bars = tuple(Bar(figure.value, figure.low, figure.high) for figure in _shown(measure))
    return _drawing(name, measure.title, "policy", measure, [Series(measure.title, bars)])


def _drawing(
    name: Picture,
    title: str,
    by: Literal["week", "policy"],
    measure: Measure,
    series: Sequence[Series],
    *,
    unit: Unit = "share",
    stacked: bool = False,
) -> BarChart:
    figures = _shown(measure)
    return BarChart(
        name,
        title,
        by,
        unit,
        groups=tuple(figure.group for figure in figures),
        counts=tuple(one.count or 0 for one in figures),
        series=tuple(series),
        stacked=stacked,
        lines=(),
        hidden=sum(group.hidden for group in measure.groups),
    )


def _shown(measure: Measure) -> list[Figure]:
    return [group for group in measure.groups if group.value is not None][-_MAX_GROUPS:]


def _by_group(measure: Measure) -> dict[str, Figure]:
    return {group.group: group for group in measure.groups}


def _value(figure: Figure) -> float:
    return figure.value or 0.0


def _minutes(figure: Figure | None) -> Bar:
    if figure is None or figure.value is None:
        return Bar(None)
    low, high = figure.low, figure.high
    return Bar(figure.value / 60, low and low / 60, high and high / 60)
