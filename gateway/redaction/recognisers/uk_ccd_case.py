"""UK_CCD_CASE: HMCTS's sixteen-digit case numbers: a time in ms, with a Luhn digit (ccd-data-store-api, UIDService)."""

from gateway.redaction.recognisers.check_digits import compact, luhn
from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkCcdCase(Identifier):
    """Sure where the Luhn digit passes; a card never begins with 1."""

    ENTITY = "UK_CCD_CASE"
    LEAST = 16
    FORMS = patterns({r"(?<!\d)1[5-8]\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)": WEAK})
    CONTEXT = ("ccd", "case", "hmcts", "reference")

    def validate_result(self, pattern_text: str) -> bool | None:
        """True where the Luhn digit passes."""
        return True if luhn(compact(pattern_text)) else None
