"""Redaction: nothing personal leaves unredacted.

A request passes these steps, in `redactor.py`:

1. `payload.py` walks the request and gathers each text, whatever its field (`fields.py`, `json_text.py`, `schemas.py`);
   what can't be read is refused (`refusing.py`, `unreadable.py`, `scripts.py`). Ids of tool calls are renamed
   (`call_ids.py`), and grammar, which an answer must fit, is only looked up (`grammar.py`, `certain.py`).
2. `reading.py` normalises a text, and maps every place back.
3. `views.py` makes further readings of what is encoded, with `decoders.py`.
4. `finder.py` finds: identifiers by `rules.py` and `recognisers/`, names by `name_model/` or an operator's own models.
5. `kept.py` says what stays; `judging.py` and `findings.py` decide which findings stand.
6. `mentions.py` finds again, everywhere, what is surely known.
7. `people.py` says which writings are one person's; `pseudonyms.py` numbers them.
8. `replacing.py` puts the pseudonyms in place.

Its answer passes these:

9. `answers.py` takes out every text, whole or streamed (`streaming.py`).
10. `inspecting.py` finds what was added, and may mask it (`additions.py`, `masking.py`).
11. `restoring.py` puts the pseudonyms' values back (`matching.py`).

`settings.py` and `loading.py` say what is used; `measuring.py` measures it.
"""

from gateway.redaction.errors import (
    AnalyzerAway,
    InvalidRequest,
    ModelMissing,
    RedactionError,
    RedactionFailed,
    Unreadable,
)
from gateway.redaction.inspecting import Inspection
from gateway.redaction.masking import StreamMask
from gateway.redaction.measuring import Report, Row, RowInvalid, Share, as_table, measure, rows_of
from gateway.redaction.mentions import subject_type
from gateway.redaction.missed import can_be_redacted, stands_in
from gateway.redaction.pseudonyms import Pseudonym
from gateway.redaction.redactor import Redacted, Redactor, text_of
from gateway.redaction.restoring import Restorer
from gateway.redaction.settings import RedactionSettings
from gateway.redaction.streaming import StreamTexts

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
    "StreamMask",
    "StreamTexts",
    "Unreadable",
    "as_table",
    "can_be_redacted",
    "measure",
    "rows_of",
    "stands_in",
    "subject_type",
    "text_of",
]
