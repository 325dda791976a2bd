"""UK_PASSPORT: nine characters (ICAO 9303): nine digits on British passports, two letters and seven digits on some."""

from presidio_analyzer.predefined_recognizers import UkPassportRecognizer

from gateway.redaction.recognisers.identifier import WEAK, patterns


class UkPassport(UkPassportRecognizer):
    """Presidio's recogniser with nine digits and spacing; only beside a context word."""

    LEAST = 7

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns(
                {
                    r"(?<![A-Z0-9])(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\d{4} \d{5}|[A-Z]{2}[ -]?\d{7})(?![A-Z0-9])": WEAK,
                }
            ),
            context=["passport", "hmpo", "travel document", "surrender", "identity"],
        )
