"""What the steps of the pipeline do, one file each; `gateway/pipeline.py` says in which order."""

from gateway.steps.admission import Admission, Admitted, asking_application
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
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.idempotency import Idempotency
from gateway.steps.inspection import Inspection, added_personal_data
from gateway.steps.missed_redaction import MissedRedactions
from gateway.steps.recorded_request import OnRecord
from gateway.steps.redaction import Redaction
from gateway.steps.release import Release
from gateway.steps.seeded_checks import Seeded, Seeding
from gateway.steps.streaming import Masking, Relay, StreamOutcome
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
    "DetachedTasks",
    "Disclosure",
    "Idempotency",
    "Inspection",
    "Masking",
    "Matter",
    "MissedRedaction",
    "MissedRedactions",
    "OnRecord",
    "Redaction",
    "Relay",
    "Release",
    "Seeded",
    "Seeding",
    "Settled",
    "StreamOutcome",
    "Streamed",
    "Transcript",
    "View",
    "added_personal_data",
    "as_chunks",
    "asking_application",
    "asks_for_json",
    "decider",
    "disclose",
    "released_completion",
    "restored_answer",
    "take_matter",
    "unknown_advice",
]
