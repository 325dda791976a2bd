"""Redaction: no personal data leaves unredacted.

`redactor.py` passes a request through these steps, a folder each:

1. `request/`: `walker.py` walks the request and `visitors.py` collects each text with its field. What can't be read is
   refused (`request_limits.py`, `unreadable.py`). Ids of tool calls are renamed (`call_ids.py`).
2. `text/`: `normalised.py` normalises a text and maps every place back.
3. `decoders/`: `views.py` decodes what is encoded in it, with `standard.py`.
4. `detection/`: `detector.py` finds personal data. `rules.py` runs `recognisers/` (identifiers), `models/` read names.
   `allow_list.py` says what stays, `resolver.py` which findings stand, and `known_values.py` finds again, everywhere,
   what is known. Tools and schemas are grammar: only known values are looked for in them (`grammar.py`).
5. `pseudonyms/`: `coreference.py` says which mentions are one person's, `pseudonyms.py` numbers them, and the text is
   written with the pseudonyms (`visitors.py` again).

The answer passes these, in `answers/`:

6. `texts.py` reads every text of an answer, whole or streamed (`stream_texts.py`).
7. `inspector.py` finds what the model added (`additions.py`), and `masking.py` masks it where a policy says so.
8. `restorer.py` puts the values back (`matcher.py`).

`redaction_settings.py` and `models/model_loading.py` say which models are used; `evaluation.py` measures.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.redaction.answers.inspector import Inspection
    from gateway.redaction.answers.masking import StreamMask
    from gateway.redaction.answers.restorer import Restorer
    from gateway.redaction.answers.stream_texts import StreamTexts
    from gateway.redaction.detection.known_values import subject_type
    from gateway.redaction.detection.pattern_matcher import CertainIdentifiers
    from gateway.redaction.evaluation import Report, Row, RowInvalid, Share, as_table, measure, rows_of
    from gateway.redaction.missed_value import can_be_redacted, occurs_in
    from gateway.redaction.pseudonyms.pseudonyms import Pseudonym, people_of
    from gateway.redaction.redaction_errors import (
        AnalyzerAway,
        InvalidRequest,
        ModelMissing,
        RedactionError,
        RedactionFailed,
        Unreadable,
    )
    from gateway.redaction.redaction_settings import RedactionSettings
    from gateway.redaction.redactor import RedactedRequest, Redactor, text_of
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = [
    "AnalyzerAway",
    "CertainIdentifiers",
    "Inspection",
    "InvalidRequest",
    "ModelMissing",
    "Pseudonym",
    "RedactedRequest",
    "RedactionError",
    "RedactionFailed",
    "RedactionSettings",
    "Redactor",
    "Report",
    "Restorer",
    "Row",
    "RowInvalid",
    "Share",
    "StreamMask",
    "StreamTexts",
    "Unreadable",
    "as_table",
    "can_be_redacted",
    "measure",
    "occurs_in",
    "people_of",
    "rows_of",
    "subject_type",
    "text_of",
]
