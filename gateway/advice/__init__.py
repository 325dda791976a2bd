"""The advice: what was asked, answered, shown, decided and released, each as an event first.

State is a projection of the log's events (`projection.py`); the rules of deciding are pure functions over that
state (`deciding.py`). Commands (`recording.py`) run inside the log's transaction, so that two people who decide at
the same moment are heard one after the other.
"""

from gateway.advice.deciding import Ballot, Counted, Repeated, Turned, weigh
from gateway.advice.limits import Limiter
from gateway.advice.projection import PROJECTED, project, rebuild, record
from gateway.advice.queries import (
    decisions_on,
    find_advice,
    interrupted,
    list_advice,
    overdue,
    past_deciding,
    seen_by,
    tokens_since,
    view_of,
)
from gateway.advice.recording import Answered, Asked, PseudonymTaken, Recorder, in_progress
from gateway.advice.state import Advice, Cast, Review, Status
from gateway.advice.support import amended, caveats_text, decision_support, receipt, with_inline_caveats

__all__ = [
    "PROJECTED",
    "Advice",
    "Answered",
    "Asked",
    "Ballot",
    "Cast",
    "Counted",
    "Limiter",
    "PseudonymTaken",
    "Recorder",
    "Repeated",
    "Review",
    "Status",
    "Turned",
    "amended",
    "caveats_text",
    "decision_support",
    "decisions_on",
    "find_advice",
    "in_progress",
    "interrupted",
    "list_advice",
    "overdue",
    "past_deciding",
    "project",
    "rebuild",
    "receipt",
    "record",
    "seen_by",
    "tokens_since",
    "view_of",
    "weigh",
    "with_inline_caveats",
]
