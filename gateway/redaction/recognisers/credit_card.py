"""CREDIT_CARD: payment cards (ISO/IEC 7812): 13 to 19 digits with a Luhn digit."""

from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from gateway.redaction.recognisers.check_digits import compact, luhn
from gateway.redaction.recognisers.identifier import WEAK, patterns


class CreditCard(CreditCardRecognizer):
    """Presidio's recogniser with Mastercard's 2 series and other groupings, without those that begin with 1."""

    LEAST = 13

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns({r"(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)": WEAK}),
            context=["card", "visa", "mastercard", "debit", "credit", "amex", "maestro"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:  # type: ignore[override]  # as the base has it
        """True where the Luhn digit passes; else None, which needs a context word."""
        digits = compact(pattern_text)
        # The Home Office's application numbers begin so, and one in ten of them passes the check.
        return True if luhn(digits) and not digits.startswith(("1212", "3434")) else None
