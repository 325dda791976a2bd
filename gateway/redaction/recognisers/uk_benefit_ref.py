"""UK_BENEFIT_REF: references of benefit claims: letters, five to twelve digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkBenefitRef(Identifier):
    """Only beside a word of benefits."""

    ENTITY = "UK_BENEFIT_REF"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[A-Z]{0,4}[ /-]?\d(?:[ /-]?\d){4,11}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "housing benefit",
        "benefit",
        "uc claim",
        "uc",
        "pip",
        "esa",
        "jsa",
        "dwp",
        "hb claim",
        "hb",
        "universal credit",
        "overpayment",
        "jobcentre",
        "job centre",
    )
