"""Oversight: whether people decide, measured from the record, and how others are told.

`facts` reads what is measured, `definitions` says what each measure is, `measures` works them out.
"""

from gateway.oversight.alerts import list_alerts
from gateway.oversight.concerns import (
    SEVERITIES,
    STATES,
    Concern,
    Severity,
    State,
    answer_concern,
    find_concern,
    list_concerns,
    raise_concern,
    words_of,
)
from gateway.oversight.facts import AdviceByDay, Decisions, advice_by_day
from gateway.oversight.measures import FEWEST, GROUPINGS, By, Figure, Measure, Question, measure
from gateway.oversight.measuring import Measuring

__all__ = [
    "FEWEST",
    "GROUPINGS",
    "SEVERITIES",
    "STATES",
    "AdviceByDay",
    "By",
    "Concern",
    "Decisions",
    "Figure",
    "Measure",
    "Measuring",
    "Question",
    "Severity",
    "State",
    "advice_by_day",
    "answer_concern",
    "find_concern",
    "list_alerts",
    "list_concerns",
    "measure",
    "raise_concern",
    "words_of",
]
