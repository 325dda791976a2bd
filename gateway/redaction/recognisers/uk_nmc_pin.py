"""UK_NMC_PIN: nurses' and midwives' PINs: year, month letter, four digits, country letter (NHS England FHIR
guides).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkNmcPin(Identifier):
    """Beside a word of nursing."""

    ENTITY = "UK_NMC_PIN"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])\d{2}[ -]?[A-L][ -]?\d{4}[ -]?[A-Z](?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "nmc",
        "nurse",
        "pin",
        "midwife",
        "nursing",
    )
