"""Redaction: nothing personal leaves unredacted.

A `Redactor` reads every text of a chat completion request with rules and a name model, and puts pseudonyms in the
place of what is personal, the same for the same value throughout a case; what it can't read it refuses. It inspects
the answer, and a `Restorer` puts back the pseudonyms that stood in the request, in a whole answer or in a stream.
"""

from gateway.redaction.errors import (
    AnalyzerAway,
    InvalidRequest,
    ModelMissing,
    RedactionError,
    RedactionFailed,
    Unreadable,
)
from gateway.redaction.measuring import Report, Row, RowInvalid, Share, as_table, measure, rows_of
from gateway.redaction.mentions import subject_type
from gateway.redaction.missed import can_be_redacted, stands_in
from gateway.redaction.pseudonyms import Pseudonym
from gateway.redaction.redactor import Inspection, Redacted, Redactor, text_of
from gateway.redaction.restoring import Restorer
from gateway.redaction.settings import RedactionSettings
from gateway.redaction.streaming import StreamRestorer

__all__ = [
    "AnalyzerAway",
    "Inspection",
    "InvalidRequest",
    "ModelMissing",
    "Pseudonym",
    "Redacted",
    "RedactionError",
    "RedactionFailed",
    "RedactionSettings",
    "Redactor",
    "Report",
    "Restorer",
    "Row",
    "RowInvalid",
    "Share",
    "StreamRestorer",
    "Unreadable",
    "as_table",
    "can_be_redacted",
    "measure",
    "rows_of",
    "stands_in",
    "subject_type",
    "text_of",
]
