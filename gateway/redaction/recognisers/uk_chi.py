"""UK_CHI: Scotland's Community Health Index number: the date of birth, then four digits (phsmethods, chi_check)."""

from gateway.redaction.recognisers.check_digits import compact, nhs_mod_11
from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkChi(Identifier):
    """A date and four digits that pass the NHS number's check."""

    ENTITY = "UK_CHI"
    LEAST = 10
    FORMS = patterns(
        {
            r"(?<![\d+])(?:0[1-9]|[12]\d|3[01])[ /]?(?:0[1-9]|1[0-2])[ /]?\d{2}[ -]{0,3}\d{4}(?!\d)": WEAK,
        }
    )
    CONTEXT = ("chi", "scotland", "scottish", "patient")

    def validate_result(self, pattern_text: str) -> bool | None:
        """True where the check digit passes."""
        return True if nhs_mod_11(compact(pattern_text)) else None
