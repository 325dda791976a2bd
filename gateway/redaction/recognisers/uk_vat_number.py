"""UK_VAT_NUMBER: VAT registrations: nine digits, the last two a check, mostly after GB (hmrc/reference-checker)."""

from gateway.redaction.recognisers.check_digits import compact, vat_mod_97
from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns

_DIGITS = r"\d{3}[ -]?\d{4}[ -]?\d{2}(?:[ -]?\d{3})?(?!\d)"


class UkVatNumber(Identifier):
    """With its country in front if the check passes, else beside a word of VAT."""

    ENTITY = "UK_VAT_NUMBER"
    LEAST = 9
    FORMS = patterns(
        {
            rf"(?<![A-Z0-9])(?:GB|XI) ?{_DIGITS}": ALONE,
            rf"(?:(?<=vat)|(?<![A-Z0-9])){_DIGITS}": WEAK,
        }
    )
    CONTEXT = ("vat", "vrn", "hmrc", "deregistered", "invoice")

    def validate_result(self, pattern_text: str) -> bool | None:
        """True where the check passes after the country; digits alone pass too often to say anything."""
        text = compact(pattern_text)
        return True if text[:2] in ("GB", "XI") and vat_mod_97(text[2:11]) else None
