"""What the steps of the pipeline do, one file each; `gateway/pipeline.py` says in which order."""

from gateway.steps.admission import Admission, Admitted, OnRecord
from gateway.steps.calls import (
    Answer,
    Call,
    Decision,
    Matter,
    MissedRedaction,
    Streamed,
    View,
    asks_for_json,
    take_matter,
)
from gateway.steps.case_locks import CaseLocks
from gateway.steps.decision import Deciding, decider
from gateway.steps.decision_waiter import Settled
from gateway.steps.seeded_checks import Seeded, Seeding
from gateway.steps.streaming import Masking, Relay
from gateway.steps.transcript import Transcript, as_chunks
from gateway.steps.visibility import (
    Disclosure,
    disclose,
    released_completion,
    restored_answer,
    unknown_advice,
)

__all__ = [
    "Admission",
    "Admitted",
    "Answer",
    "Call",
    "CaseLocks",
    "Deciding",
    "Decision",
    "Disclosure",
    "Masking",
    "Matter",
    "MissedRedaction",
    "OnRecord",
    "Relay",
    "Seeded",
    "Seeding",
    "Settled",
    "Streamed",
    "Transcript",
    "View",
    "as_chunks",
    "asks_for_json",
    "decider",
    "disclose",
    "released_completion",
    "restored_answer",
    "take_matter",
    "unknown_advice",
]
