"""UK_PNC_COURT_CASE_REF: court cases on the PNC: year, court, sequence, check letter (bichard7-next-core)."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import letter_mod_23
from gateway.redaction.recognisers.identifier import Identifier, patterns

_PARTS: Final = re.compile(r"(\d{2}) ?/ ?(\d{4}) ?/ ?(\d{1,6}) ?([A-Z])")


class UkPncCourtCaseRef(Identifier):
    """Sure where the check letter passes."""

    ENTITY = "UK_PNC_COURT_CASE_REF"
    LEAST = 7
    FORMS = patterns({r"(?<![\d/])\d{2} ?/ ?\d{4} ?/ ?\d{1,6} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": 0.3})
    CONTEXT = ("ccrn", "ccr", "court", "case", "pnc", "disposal", "printout")

    def validate_result(self, pattern_text: str) -> bool | None:
        """True where the check letter passes over year, court and the padded sequence."""
        match = _PARTS.fullmatch(pattern_text.upper())
        if match is None:
            return None
        year, court, sequence, letter = match.groups()
        return True if letter_mod_23(year + court + sequence.zfill(6)) == letter else None
