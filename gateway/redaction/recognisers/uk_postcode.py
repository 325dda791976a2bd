"""UK_POSTCODE: BS 7666 postcodes, and BFPO numbers."""

from presidio_analyzer.predefined_recognizers import UkPostcodeRecognizer

from gateway.redaction.recognisers.identifier import ALONE, WEAK, patterns

_OUTWARD = r"(?:GIR|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y]))"
_ORDINAL = r"(?!\d(?:ST|ND|RD|TH)(?![A-Z]))"
_INWARD = _ORDINAL + r"\d ?[ABD-HJLNP-UW-Z]{2}"


class UkPostcode(UkPostcodeRecognizer):
    """Presidio's recogniser, trusted alone with its space or in capitals, with spacings that it misses."""

    LEAST = 1
    LOOK = r"\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z](?![a-z0-9])|bfpo"

    def __init__(self) -> None:
        super().__init__(
            patterns=patterns(
                {
                    rf"(?<![A-Z0-9]){_OUTWARD}[ -]{{1,3}}{_INWARD}(?![A-Z0-9])": ALONE,
                    rf"(?<![A-Z0-9])(?-i:{_OUTWARD}{_INWARD})(?![A-Z0-9])": ALONE,
                    rf"(?<![A-Z0-9]){_OUTWARD}[ -]{{0,3}}\d ?[ABD-HJLNP-UW-Z] ?[ABD-HJLNP-UW-Z]"
                    rf"(?![A-Z0-9])": WEAK,
                    r"(?<![A-Z0-9])BFPO ?\d{1,4}(?![A-Z0-9])": ALONE,
                }
            ),
            context=[
                "postcode",
                "post code",
                "address",
                "lives",
                "living",
                "staying",
                "road",
                "street",
                "moved to",
            ],
        )
