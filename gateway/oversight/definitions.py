"""Every measure: what it is called, what it counts, and how it is worked out. docs/measures.md is made of it.

A measure of decisions leaves out seeded checks once they are revealed: they are no casework.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from gateway.oversight.decision_columns import (
    AS_IT_STANDS,
    REJECTED,
    WITH_CHANGES,
    WORDS_PER_MINUTE,
    DecisionColumns,
)
from gateway.oversight.statistics import (
    Interval,
    kappa,
    kappa_interval,
    median_interval,
    share_interval,
)

FEWEST: Final = 10
"""A figure of fewer is hidden: it would speak of somebody in particular."""

Unit = Literal["share", "seconds", "kappa"]


@dataclass(frozen=True)
class Sample:
    """One figure: of how many, its value, and its 95 % interval; None where nothing can be said."""

    count: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True)
class DecisionMeasure:
    """A measure that is worked out from decisions."""

    id: str
    title: str
    definition: str
    unit: Unit
    work_out: Callable[[DecisionColumns], Sample]


@dataclass(frozen=True)
class AdviceMeasure:
    """A share of advice, from counts by day."""

    id: str
    title: str
    definition: str
    part: str
    whole: tuple[str, ...]
    unit: Unit = "share"

    def work_out(self, counts: Mapping[str, int]) -> Sample:
        """The share that `part` has in the sum of `whole`."""
        return _share(counts.get(self.part, 0), sum(counts.get(name, 0) for name in self.whole))


def _share(part: int, whole: int) -> Sample:
    if whole == 0:
        return Sample(0, None, None)
    return Sample(whole, part / whole, share_interval(part, whole))


def _share_of(chosen: npt.NDArray[np.bool_]) -> Sample:
    return _share(int(chosen.sum()), len(chosen))


def _median(values: npt.NDArray[np.float64]) -> Sample:
    if not len(values):
        return Sample(0, None, None)
    value, interval = median_interval(values)
    return Sample(len(values), value, interval)


def _answered(*answers: int) -> Callable[[DecisionColumns], Sample]:
    return lambda decisions: _share_of(np.isin(decisions.answer, answers))


def _how_much_changed(decisions: DecisionColumns) -> Sample:
    values = decisions.changed[decisions.answer == WITH_CHANGES]
    return _median(values[values >= 0])


def _time_to_decide(decisions: DecisionColumns) -> Sample:
    return _median(decisions.seconds[decisions.seconds >= 0])


def _timed(decisions: DecisionColumns) -> npt.NDArray[np.bool_]:
    return (decisions.seconds >= 0) & (decisions.reading >= 0)


def _reading_time(decisions: DecisionColumns) -> Sample:
    return _median(decisions.reading[_timed(decisions)])


def hasty(decisions: DecisionColumns) -> Sample:
    """Decisions in less than half the time that reading takes."""
    timed = _timed(decisions)
    return _share_of(decisions.seconds[timed] < decisions.reading[timed] / 2)


def _agreement(decisions: DecisionColumns) -> Sample:
    return _share_of(decisions.answer[decisions.own_view >= 0] == AS_IT_STANDS)


def _switch(decisions: DecisionColumns) -> Sample:
    return _share_of(decisions.answer[decisions.own_view == 0] == AS_IT_STANDS)


def _own_view_differs(decisions: DecisionColumns) -> Sample:
    return _share_of(decisions.own_view[decisions.own_view >= 0] == 0)


def _unsupported_accepted(decisions: DecisionColumns) -> Sample:
    return _share_of(decisions.answer[decisions.unsupported > 0] == AS_IT_STANDS)


def _late(decisions: DecisionColumns) -> Sample:
    return _share_of(decisions.late)


def _two_deciders(decisions: DecisionColumns) -> Sample:
    order = np.argsort(decisions.advice_number, kind="stable")  # the decisions on one advice, side by side
    begins = np.flatnonzero(np.diff(decisions.advice_number[order], prepend=-1))
    places = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    second = np.flatnonzero(places % 2)
    counts = np.zeros((3, 3), dtype=np.int64)
    np.add.at(counts, (decisions.answer[order[second - 1]], decisions.answer[order[second]]), 1)
    table = counts.tolist()
    pairs = len(second)
    if pairs == 0:
        return Sample(0, None, None)
    # Of fewer nothing is shown, and drawing again costs milliseconds.
    return Sample(pairs, kappa(table), kappa_interval(table) if pairs >= FEWEST else None)


DECISION_MEASURES: Final = (
    DecisionMeasure(
        "accepted",
        "Accepted",
        "Decisions to accept, with changes or without, of all decisions.",
        "share",
        _answered(AS_IT_STANDS, WITH_CHANGES),
    ),
    DecisionMeasure(
        "rejected", "Rejected", "Decisions to reject, of all decisions.", "share", _answered(REJECTED)
    ),
    DecisionMeasure(
        "changed",
        "Accepted with changes",
        "Decisions to accept a text that a person changed, of all decisions.",
        "share",
        _answered(WITH_CHANGES),
    ),
    DecisionMeasure(
        "how_much_changed",
        "How much was changed",
        "Median over decisions with changes of the share of words that differ from the model's.",
        "share",
        _how_much_changed,
    ),
    DecisionMeasure(
        "time_to_decide",
        "Time from seeing to deciding",
        "Median over decisions of the time since the advice was first shown to the person who decided; for advice in"
        " use that they did not open here, since it was shown to their application.",
        "seconds",
        _time_to_decide,
    ),
    DecisionMeasure(
        "reading_time",
        "Time that reading takes",
        f"Median over the same decisions of the answer's and its caveats' words at {WORDS_PER_MINUTE} a minute"
        " (Brysbaert 2019).",
        "seconds",
        _reading_time,
    ),
    DecisionMeasure(
        "hasty",
        "Decided faster than half the reading time",
        "Decisions made in less than half the time that reading takes, of those for which both are known.",
        "share",
        hasty,
    ),
    DecisionMeasure(
        "late",
        "Decided late",
        "Decisions made after the time to decide was over, of all decisions.",
        "share",
        _late,
    ),
    DecisionMeasure(
        "unsupported_accepted",
        "Unsupported facts accepted",
        "Decisions to accept the advice as it stands, of decisions on advice with facts that are not in what was sent.",
        "share",
        _unsupported_accepted,
    ),
    DecisionMeasure(
        "own_view_differs",
        "Own view differed from the advice",
        "Of decisions by people who gave their own view first and said how the advice compares: those that differed.",
        "share",
        _own_view_differs,
    ),
    DecisionMeasure(
        "agreement",
        "Agreement fraction",
        "Of the same decisions: those to accept the advice as it stands"
        " (Yin, Wortman Vaughan and Wallach 2019, doi:10.1145/3290605.3300509).",
        "share",
        _agreement,
    ),
    DecisionMeasure(
        "switch",
        "Switch fraction",
        "Of decisions by people whose own view differed from the advice: those to accept it as it stands"
        " (Yin, Wortman Vaughan and Wallach 2019). High values point to over-reliance.",
        "share",
        _switch,
    ),
    DecisionMeasure(
        "kappa",
        "Agreement of two deciders (Cohen's kappa)",
        "Over advice on which two people decided, with the answers: as it stands, with changes, rejected. Where the"
        " first rejects there is no second, so it speaks of what a first person accepted.",
        "kappa",
        _two_deciders,
    ),
)

ADVICE_MEASURES: Final = (
    AdviceMeasure(
        "overdue",
        "Overdue",
        "Advice that was settled after its time to decide, or still waits after it, of all advice received.",
        "overdue",
        ("received",),
    ),
    AdviceMeasure(
        "expired",
        "Expired",
        "Held advice that nobody decided on in time, of all advice received.",
        "expired",
        ("received",),
    ),
    AdviceMeasure(
        "missed",
        "Missed redactions",
        "Advice in which people reported a value that had left unredacted, of all advice asked for.",
        "missed",
        ("requested",),
    ),
    AdviceMeasure(
        "refused",
        "Refused by the policy",
        "Requests that the policy refused, of all requests.",
        "refused",
        ("requested", "refused"),
    ),
    AdviceMeasure(
        "caught",
        "Seeded checks that were caught",
        "Of advice that was known to be wrong and was mixed in: what people rejected, or changed so that the wrong is"
        " gone. The only direct measure of oversight.",
        "caught",
        ("checks",),
    ),
    AdviceMeasure(
        "marked_missed",
        "Marked, wrong, and accepted",
        "Of seeded checks whose wrong words were marked as not in what was sent: those that people accepted with these"
        " words.",
        "marked_missed",
        ("marked_checks",),
    ),
)
