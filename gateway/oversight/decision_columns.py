"""What is measured, read from the projections: one row a decision, and counts of advice by day.

Decisions are final, so a process reads each once and keeps it: 100,000 of them are 10 MB.
"""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import and_, bindparam, case, exists, func, literal_column, select

from audit import seconds_between
from gateway.storage import Connection, Statement, tables

UNKNOWN: Final = -1.0
AS_IT_STANDS, WITH_CHANGES, REJECTED = range(3)
"""What a person decided."""

_decisions = tables.decisions
_advice = tables.advice
_checks = tables.checks
_incidents = tables.incidents
_new_decisions = Statement(
    select(_decisions).where(_decisions.c.event > bindparam("last")).order_by(_decisions.c.event)
)
_new_checks = Statement(select(_checks).where(_checks.c.event > bindparam("last")).order_by(_checks.c.event))


def _day_of(time: Any) -> Any:
    # Written out: PostgreSQL takes the same expression with two parameters for two expressions.
    return func.substr(time, literal_column("1"), literal_column("10"))


def _counts(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_day = _day_of(_advice.c.requested_at)
_late = and_(
    _advice.c.decide_by.is_not(None),
    func.coalesce(_advice.c.settled_at, bindparam("now")) > _advice.c.decide_by,
)
_asked = Statement(
    select(
        _advice.c.policy,
        _advice.c.application,
        _day.label("day"),
        func.count().label("requested"),
        _counts(and_(_advice.c.received_at.is_not(None), _advice.c.status != "passed_on")).label("received"),
        _counts(_advice.c.status == "expired").label("expired"),
        _counts(and_(_advice.c.received_at.is_not(None), _late)).label("overdue"),
        _counts(
            exists().where(_incidents.c.advice == _advice.c.id, _incidents.c.type == "redaction.missed")
        ).label("missed"),
    )
    .where(~exists().where(_checks.c.advice == _advice.c.id))
    .group_by(_advice.c.policy, _advice.c.application, _day)
)
_refused_on = _day_of(_incidents.c.time)
_refused = Statement(
    select(
        _incidents.c.policy, _incidents.c.application, _refused_on.label("day"), func.count().label("refused")
    )
    .where(_incidents.c.type == "advice.refused")
    .group_by(_incidents.c.policy, _incidents.c.application, _refused_on)
)
_revealed_on = _day_of(_checks.c.revealed_at)
_revealed = Statement(
    select(
        _advice.c.policy,
        _advice.c.application,
        _revealed_on.label("day"),
        func.count(_checks.c.caught).label("checks"),
        func.coalesce(func.sum(_checks.c.caught), 0).label("caught"),
        _counts(and_(_checks.c.marked == 1, _checks.c.caught.is_not(None))).label("marked_checks"),
        _counts(and_(_checks.c.marked == 1, _checks.c.caught == 0)).label("marked_missed"),
    )
    .join(_advice, _advice.c.id == _checks.c.advice)
    .group_by(_advice.c.policy, _advice.c.application, _revealed_on)
)


@dataclass(frozen=True)
class DayOfAdvice:
    """Counts of one policy's advice for one application, by the day on which it was asked for."""

    policy: str
    application: str
    day: str
    counts: Mapping[str, int]


@dataclass
class DecisionColumns:
    """Columns of equal length, one entry a decision, in the order of the log."""

    event: npt.NDArray[np.int64]
    advice: npt.NDArray[np.object_]
    advice_number: npt.NDArray[np.int64] = field(metadata={"unit": "the same for decisions on one advice"})
    person: npt.NDArray[np.object_]
    policy: npt.NDArray[np.object_]
    application: npt.NDArray[np.object_]
    day: npt.NDArray[np.object_]
    answer: npt.NDArray[np.int8]
    seconds: npt.NDArray[np.float64] = field(metadata={"unit": "s, from first seen to decided; -1 unknown"})
    reading: npt.NDArray[np.float64] = field(metadata={"unit": "s, that reading takes; -1 unknown"})
    changed: npt.NDArray[np.float64] = field(metadata={"unit": "share of words; -1 without changes"})
    own_view: npt.NDArray[np.int8] = field(metadata={"unit": "1 agrees, 0 differs, -1 not said"})
    unsupported: npt.NDArray[np.int32] = field(metadata={"unit": "facts not in what was sent; -1 unknown"})
    late: npt.NDArray[np.bool_] = field(metadata={"unit": "decided after its time"})
    seeded: npt.NDArray[np.bool_] = field(metadata={"unit": "advice that was known to be wrong"})

    def __len__(self) -> int:
        return len(self.event)

    @cached_property
    def casework(self) -> "DecisionColumns":
        """Without seeded checks."""
        return self.where(~self.seeded)

    def where(self, mask: npt.NDArray[np.bool_]) -> "DecisionColumns":
        """Those entries only."""
        return DecisionColumns(**{name: getattr(self, name)[mask] for name in self.__dataclass_fields__})


WORDS_PER_MINUTE: Final = 238
"""Silent reading of English non-fiction by adults (Brysbaert 2019, doi:10.1016/j.jml.2019.104047)."""


_KINDS: Final[Mapping[str, type[np.generic]]] = {
    **dict.fromkeys(("advice", "person", "policy", "application", "day"), np.object_),
    **dict.fromkeys(("seconds", "reading", "changed"), np.float64),
    **dict.fromkeys(("answer", "own_view"), np.int8),
    **dict.fromkeys(("event", "advice_number"), np.int64),
    "unsupported": np.int32,
    **dict.fromkeys(("late", "seeded"), np.bool_),
}


class Decisions:
    """The facts of every decision on record, brought up to date at each look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = self._last_check = -1
        self._rows: dict[str, list[Any]] = {name: [] for name in DecisionColumns.__dataclass_fields__}
        self._of_advice: dict[str, list[int]] = {}
        self._columns: DecisionColumns | None = None

    def read(self, connection: Connection) -> DecisionColumns:
        """All decisions so far; the arrays are never changed afterwards."""
        with self._lock:
            rows = _new_decisions.all(connection, last=self._last)
            checks = _new_checks.all(connection, last=self._last_check)
            if rows or checks or self._columns is None:
                self._take_in(rows, checks)
            assert self._columns is not None  # noqa: S101 - made above
            return self._columns

    def _take_in(self, rows: list[dict[str, Any]], checks: list[dict[str, Any]]) -> None:
        for row in rows:
            self._of_advice.setdefault(row["advice"], []).append(len(self._rows["event"]))
            _add(self._rows, row, self._of_advice[row["advice"]][0])
            self._last = row["event"]
        for check in checks:
            for place in self._of_advice.get(check["advice"], ()):
                self._rows["seeded"][place] = True
            self._last_check = check["event"]
        self._columns = _as_columns(self._rows)


def columns_of(rows: Iterable[Mapping[str, Any]]) -> DecisionColumns:
    """The facts of some rows of the decisions' projection, none of them a check."""
    lists: dict[str, list[Any]] = {name: [] for name in DecisionColumns.__dataclass_fields__}
    numbers: dict[str, int] = {}
    for row in rows:
        _add(lists, row, numbers.setdefault(row["advice"], len(numbers)))
    return _as_columns(lists)


def _add(lists: Mapping[str, list[Any]], row: Mapping[str, Any], number: int) -> None:
    for name, value in _row_of(row, number).items():
        lists[name].append(value)


def _as_columns(lists: Mapping[str, list[Any]]) -> DecisionColumns:
    columns: dict[str, Any] = {name: np.array(values, dtype=_KINDS[name]) for name, values in lists.items()}
    return DecisionColumns(**columns)


def _row_of(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    answer = REJECTED if row["decision"] == "reject" else WITH_CHANGES if row["text"] else AS_IT_STANDS
    return {
        "event": row["event"],
        "advice": row["advice"],
        "advice_number": number,
        "person": row["person"],
        "policy": row["policy"],
        "application": row["application"],
        "day": row["decided_at"][:10],
        "answer": answer,
        "seconds": UNKNOWN
        if row["shown_at"] is None
        else seconds_between(row["shown_at"], row["decided_at"]),
        "reading": UNKNOWN if row["words"] is None else row["words"] * 60 / WORDS_PER_MINUTE,
        "changed": UNKNOWN if row["changed"] is None else row["changed"] / 1000,
        "own_view": {"agrees": 1, "differs": 0}.get(row["own_view"], -1),
        "unsupported": -1 if row["unsupported_facts"] is None else row["unsupported_facts"],
        "late": bool(row["late"]),
        "seeded": False,
    }


def advice_by_day(connection: Connection, now: str) -> list[DayOfAdvice]:
    """Counts of advice by the day on which it was asked for, refused or revealed as a check.

    `requested`, `received`, `expired`, `overdue` (settled after its time, or its time over at `now`), `missed` (a value
    in it was reported as left unredacted); `refused`; `checks` and `caught` of those decided on, `marked_checks` and
    `marked_missed` of those whose wrong words were marked as not in what was sent.
    """
    rows = [*_asked.all(connection, now=now), *_refused.all(connection), *_revealed.all(connection)]
    about = {"policy", "application", "day"}
    return [
        DayOfAdvice(
            row["policy"],
            row["application"],
            row["day"],
            {name: int(value) for name, value in row.items() if name not in about},
        )
        for row in rows
    ]


class AdviceByDay:
    """`advice_by_day`, counted again once a minute at most: counting 100,000 takes half a second."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._counted: tuple[float, list[DayOfAdvice]] | None = None

    def read(self, connection: Connection, now: str) -> list[DayOfAdvice]:
        """The counts, not older than a minute."""
        with self._lock:
            if self._counted is None or time.monotonic() - self._counted[0] >= self._seconds:
                self._counted = time.monotonic(), advice_by_day(connection, now)
            return self._counted[1]


def week_of(day: str) -> str:
    """`2026-W48` of `2026-11-24` (ISO 8601 weeks, which begin on Monday)."""
    year, week, _ = date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"
