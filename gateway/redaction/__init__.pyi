from .answers.inspector import Inspection as Inspection
from .answers.masking import StreamMask as StreamMask
from .answers.restorer import Restorer as Restorer
from .answers.stream_texts import StreamTexts as StreamTexts
from .detection.known_values import subject_type as subject_type
from .detection.pattern_matcher import CertainIdentifiers as CertainIdentifiers
from .missed_value import can_be_redacted as can_be_redacted
from .missed_value import occurs_in as occurs_in
from .pseudonyms.pseudonyms import Pseudonym as Pseudonym
from .pseudonyms.pseudonyms import people_of as people_of
from .redaction_errors import (
    AnalyzerAway as AnalyzerAway,
)
from .redaction_errors import (
    InvalidRequest as InvalidRequest,
)
from .redaction_errors import (
    ModelMissing as ModelMissing,
)
from .redaction_errors import (
    RedactionError as RedactionError,
)
from .redaction_errors import (
    RedactionFailed as RedactionFailed,
)
from .redaction_errors import (
    Unreadable as Unreadable,
)
from .redaction_settings import RedactionSettings as RedactionSettings
from .redactor import RedactedRequest as RedactedRequest
from .redactor import Redactor as Redactor
from .redactor import text_of as text_of
