"""UK_CMS_REF: child maintenance: twelve digits; of the old agency, NST and a NINO or ten digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkCmsRef(Identifier):
    """Only beside a word of maintenance, or after NST."""

    ENTITY = "UK_CMS_REF"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])NST ?/?\d{1,2}[ /-]{0,2}(?:[A-Z]{2}\d{6}[A-D]|\d{10})(?![A-Z0-9])": 0.5,
            r"(?<!\d)\d{4}[ -]{0,3}\d{4}[ -]{0,3}\d{4}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "cms",
        "csa",
        "maintenance",
        "child maintenance",
        "deduction order",
    )
