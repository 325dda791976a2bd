"""UK_CRN: probation case reference numbers of nDelius: a letter and six digits (NomisIdOrCrnRegex)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkCrn(Identifier):
    """Trusted alone in one piece and in capitals, or when it begins with the X that most do."""

    ENTITY = "UK_CRN"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?-i:[A-Z]-?\d{6})(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])X[ -]?\d{3}[ -]?\d{3}(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])[A-Z][ -]?\d{3}[ -]?\d{3}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = ("crn", "delius", "ndelius", "probation")
