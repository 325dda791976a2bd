"""UK_CJS_URN: unique reference numbers of a prosecution: force, unit, five digits, year (bichard7-next-core)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkCjsUrn(Identifier):
    """Beside a word of prosecution; a prosecutor's letters alone with enough digits."""

    ENTITY = "UK_CJS_URN"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<![A-Z0-9/])(?:TFL|TVL|POL|DVLA) ?\d{6,10}[A-Z]?(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9/])\d{2}[ /-]?[A-Z0-9]{2}[ /-]?\d{5}[ /-]?\d{2}(?![A-Z0-9/])": WEAK,
            r"(?<![A-Z0-9/])(?-i:\d{2}[A-Z]{2}\d{5}\d{2})(?![A-Z0-9/])": ALONE,
        }
    )
    CONTEXT = (
        "urn",
        "ptiurn",
        "pti-urn",
        "cps",
        "case urn",
        "common platform",
        "charge sheet",
        "single justice",
    )
