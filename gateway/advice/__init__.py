"""The advice: what was asked, answered, shown, decided and released, each as an event first.

State is a projection of the log's events (`projection.py`); the rules of deciding are pure functions over that
state (`decision_rules.py`). Commands (`recorder.py`) run inside the log's transaction, so that two people who decide
at the same moment are heard one after the other.
"""

from gateway.advice.changes import AdviceChange, changes_of
from gateway.advice.content import open_content, open_if_sealed, open_numbered
from gateway.advice.content_check import Flaw, check_content, missing_content
from gateway.advice.decision_commands import to_sign
from gateway.advice.decision_rules import (
    Counted,
    DecisionRequest,
    Refused,
    Repeated,
    evaluate,
    missing,
    not_open,
)
from gateway.advice.decision_support import (
    amended,
    caveats_text,
    decision_support,
    receipt,
    review_url,
    with_inline_caveats,
)
from gateway.advice.embedding import EmbeddingRecord
from gateway.advice.erasure import (
    ERASURE_REASONS,
    HOLD_REASONS,
    RETENTION,
    ErasurePlan,
    ErasureTarget,
    erase,
    erase_due,
    erased_error,
    is_due,
    lift_hold,
    list_holds,
    place_hold,
    preview_erasure,
)
from gateway.advice.gateway_liveness import (
    LivenessMonitor,
    heartbeats,
    in_flight_at,
    record_heartbeat,
    remove_gateway,
    signing_keys,
)
from gateway.advice.held_tool_calls import calls_as_text, calls_of
from gateway.advice.ids import case_scope, new_advice_id, new_embedding_id, new_transcription_id, scope_of
from gateway.advice.limit_standings import (
    Limit,
    LimitHolder,
    LimitStanding,
    Period,
    Reservation,
    Unit,
    fits_all,
    period_name,
)
from gateway.advice.limit_warnings import LimitState, is_recorded, record_limit
from gateway.advice.missed_redaction import MissedReport, record_missed
from gateway.advice.projection import PROJECTED, project, record
from gateway.advice.queries import (
    count_waiting,
    decisions_on,
    find_advice,
    find_run,
    interrupted,
    is_response_deleted,
    list_advice,
    overdue,
    past_deciding,
    seen_by,
    view_of,
)
from gateway.advice.queue import Order, QueueQuery, Whose, count_due, cursor_of, find_cases, queue, requesters
from gateway.advice.rebuild import all_events, bring_up, bring_up_beside, rebuild_from
from gateway.advice.recorder import PseudonymTaken, Recorder, unknown_response
from gateway.advice.request_and_answer import AnswerRecord, Claim, RequestRecord, about_tokens, token_counts
from gateway.advice.request_claims import (
    InFlightElsewhere,
    find_claimed,
    in_progress,
    remove_claim,
    undelivered,
)
from gateway.advice.reservations import OwnReservations, Reservations, SharedReservations
from gateway.advice.retention_change import EarlierErasures, earlier_erasures
from gateway.advice.seeded_check_outcome import RevealedCheck, is_seeded, revealed
from gateway.advice.state import Advice, RecordedDecision, Review, Status
from gateway.advice.transcription import TranscriptionRecord, find_transcription, open_transcript
from gateway.advice.usage_projection import AnswerUsage, usage_rows
from gateway.advice.word_counts import Amendment, Run, answer_texts, shortened, thousandths_changed, word_runs

__all__ = [
    "ERASURE_REASONS",
    "HOLD_REASONS",
    "PROJECTED",
    "RETENTION",
    "Advice",
    "AdviceChange",
    "Amendment",
    "AnswerRecord",
    "AnswerUsage",
    "Claim",
    "Counted",
    "DecisionRequest",
    "EarlierErasures",
    "EmbeddingRecord",
    "ErasurePlan",
    "ErasureTarget",
    "Flaw",
    "InFlightElsewhere",
    "Limit",
    "LimitHolder",
    "LimitStanding",
    "LimitState",
    "LivenessMonitor",
    "MissedReport",
    "Order",
    "OwnReservations",
    "Period",
    "PseudonymTaken",
    "QueueQuery",
    "RecordedDecision",
    "Recorder",
    "Refused",
    "Repeated",
    "RequestRecord",
    "Reservation",
    "Reservations",
    "RevealedCheck",
    "Review",
    "Run",
    "SharedReservations",
    "Status",
    "TranscriptionRecord",
    "Unit",
    "Whose",
    "about_tokens",
    "all_events",
    "amended",
    "answer_texts",
    "bring_up",
    "bring_up_beside",
    "calls_as_text",
    "calls_of",
    "case_scope",
    "caveats_text",
    "changes_of",
    "check_content",
    "count_due",
    "count_waiting",
    "cursor_of",
    "decision_support",
    "decisions_on",
    "earlier_erasures",
    "erase",
    "erase_due",
    "erased_error",
    "evaluate",
    "find_advice",
    "find_cases",
    "find_claimed",
    "find_run",
    "find_transcription",
    "fits_all",
    "heartbeats",
    "in_flight_at",
    "in_progress",
    "interrupted",
    "is_due",
    "is_recorded",
    "is_response_deleted",
    "is_seeded",
    "lift_hold",
    "list_advice",
    "list_holds",
    "missing",
    "missing_content",
    "new_advice_id",
    "new_embedding_id",
    "new_transcription_id",
    "not_open",
    "open_content",
    "open_if_sealed",
    "open_numbered",
    "open_transcript",
    "overdue",
    "past_deciding",
    "period_name",
    "place_hold",
    "preview_erasure",
    "project",
    "queue",
    "rebuild_from",
    "receipt",
    "record",
    "record_heartbeat",
    "record_limit",
    "record_missed",
    "remove_claim",
    "remove_gateway",
    "requesters",
    "revealed",
    "review_url",
    "scope_of",
    "seen_by",
    "shortened",
    "signing_keys",
    "thousandths_changed",
    "to_sign",
    "token_counts",
    "undelivered",
    "unknown_response",
    "usage_rows",
    "view_of",
    "with_inline_caveats",
    "word_runs",
]
