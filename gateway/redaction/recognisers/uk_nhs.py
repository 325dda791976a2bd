"""UK_NHS: NHS numbers, and the Health and Care numbers of Northern Ireland (NHS Data Dictionary, NHS NUMBER)."""

from presidio_analyzer.predefined_recognizers import NhsRecognizer

from gateway.redaction.recognisers.check_digits import compact, nhs_mod_11
from gateway.redaction.recognisers.identifier import WEAK, patterns


class UkNhs(NhsRecognizer):
    """Presidio's recogniser, with more groupings, and trusted alone only in the ranges that are issued."""

    LEAST = 10

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns(
                {
                    r"(?<![\d+])\d{3}[ .-]{0,3}\d{3}[ .-]{0,3}\d{4}(?!\d)": WEAK,
                    r"(?<!\d)\d{5}[ -]{1,2}\d{5}(?!\d)": WEAK,
                }
            ),
            context=["nhs", "health", "patient", "gp", "hospital", "hcn"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:  # type: ignore[override]  # as the base has it
        """True for a number that passes its check and starts as issued ones do; else None."""
        digits = compact(pattern_text)
        return True if digits[:1] in set("34679") and nhs_mod_11(digits) else None
