"""The steps of the pipeline, one file each; `gateway/pipeline.py` has their order."""

from gateway.steps.admission import (
    Admission,
    AdmittedRequest,
    refusal_of,
)
from gateway.steps.answer_inspection import AnswerInspection, added_personal_data
from gateway.steps.calls import (
    CONTEXT_FIELDS,
    Answer,
    Call,
    CaseContext,
    Decision,
    EmbeddingCall,
    MissedRedaction,
    StreamedAnswer,
    TranscriptionCall,
    View,
    asks_for_json,
    split_context,
)
from gateway.steps.case_locks import CaseLocks
from gateway.steps.decision import DecisionService, require_decider
from gateway.steps.decision_waiter import DecisionWaiter
from gateway.steps.detached_tasks import DetachedTasks
from gateway.steps.document_reading import DocumentReader
from gateway.steps.embedding import Embedding, EmbeddingAnswer
from gateway.steps.message_text import TextSplitter, as_text, message_text, sent_texts
from gateway.steps.missed_redaction import MissedRedactions
from gateway.steps.named_policy import find_policy, require_application, review_of
from gateway.steps.prepared_request import PreparedRequest
from gateway.steps.queue_entry import Heading, heading_of
from gateway.steps.release import Releases
from gateway.steps.repeated_requests import RepeatedRequests
from gateway.steps.request_redaction import RequestRedaction
from gateway.steps.seeded_checks import ScheduledCheck, SeededCheckSchedule, with_fault
from gateway.steps.shared_requests import UNDELIVERED_SECONDS, SharedRequests
from gateway.steps.shared_streams import SharedStreams
from gateway.steps.stored_responses import StoredResponse, StoredResponses, response_id
from gateway.steps.stream_assembly import Transcript, as_chunks
from gateway.steps.streaming import Masking, Relay, StreamOutcome
from gateway.steps.tool_calls import without_text
from gateway.steps.transcription import Transcription
from gateway.steps.usage_limits import UsageLimits, characters_of, limits_of
from gateway.steps.visibility import (
    VisibleAdvice,
    disclose,
    recorded_evidence,
    released_completion,
    restored_answer,
    unknown_advice,
)

__all__ = [
    "CONTEXT_FIELDS",
    "UNDELIVERED_SECONDS",
    "Admission",
    "AdmittedRequest",
    "Answer",
    "AnswerInspection",
    "Call",
    "CaseContext",
    "CaseLocks",
    "Decision",
    "DecisionService",
    "DecisionWaiter",
    "DetachedTasks",
    "DocumentReader",
    "Embedding",
    "EmbeddingAnswer",
    "EmbeddingCall",
    "Heading",
    "Masking",
    "MissedRedaction",
    "MissedRedactions",
    "PreparedRequest",
    "Relay",
    "Releases",
    "RepeatedRequests",
    "RequestRedaction",
    "ScheduledCheck",
    "SeededCheckSchedule",
    "SharedRequests",
    "SharedStreams",
    "StoredResponse",
    "StoredResponses",
    "StreamOutcome",
    "StreamedAnswer",
    "TextSplitter",
    "Transcript",
    "Transcription",
    "TranscriptionCall",
    "UsageLimits",
    "View",
    "VisibleAdvice",
    "added_personal_data",
    "as_chunks",
    "as_text",
    "asks_for_json",
    "characters_of",
    "disclose",
    "find_policy",
    "heading_of",
    "limits_of",
    "message_text",
    "recorded_evidence",
    "refusal_of",
    "released_completion",
    "require_application",
    "require_decider",
    "response_id",
    "restored_answer",
    "review_of",
    "sent_texts",
    "split_context",
    "unknown_advice",
    "with_fault",
    "without_text",
]
