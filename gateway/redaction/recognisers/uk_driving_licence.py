"""UK_DRIVING_LICENCE: DVLA's driver number: five of the surname, birth date with sex, initials, three more."""

from presidio_analyzer.predefined_recognizers import UkDrivingLicenceRecognizer

from gateway.redaction.recognisers.check_digits import compact
from gateway.redaction.recognisers.identifier import WEAK, patterns


class UkDrivingLicence(UkDrivingLicenceRecognizer):
    """Presidio's recogniser with the printed form (spaces, issue number), and Northern Ireland's eight digits."""

    LEAST = 6

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns(
                {
                    r"(?<![A-Z0-9])[A-Z][A-Z9]{4}[ -]{0,2}\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])"
                    r"(?:0[1-9]|[12]\d|3[01])\d"
                    r"[ -]{0,2}[A-Z9]{2} ?[A-Z0-9][A-Z]{2}(?:[ -]{0,2}\d{2})?(?![A-Z0-9])": 0.6,
                    r"(?<!\d)\d{8}(?!\d)": WEAK,
                }
            ),
            context=["licence", "license", "driving", "dvla", "dva", "driver"],
        )

    def validate_result(self, pattern_text: str) -> bool | None:
        """None for a plausible number, False where the surname is no surname."""
        text = compact(pattern_text)
        if text.isdigit():
            return None
        plausible: bool | None = super().validate_result(text)
        return plausible
