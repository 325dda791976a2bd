"""Oversight: whether people decide, measured from the record, and how others are told.

`facts` reads what is measured, `definitions` says what each measure is, `measures` works them out.
"""

from gateway.oversight.facts import AdviceByDay, Decisions, advice_by_day
from gateway.oversight.measures import FEWEST, GROUPINGS, By, Figure, Measure, Question, measure

__all__ = [
    "FEWEST",
    "GROUPINGS",
    "AdviceByDay",
    "By",
    "Decisions",
    "Figure",
    "Measure",
    "Question",
    "advice_by_day",
    "measure",
]
