"""UK_OASYS_ID: assessments of OASys: five to ten digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkOasysId(Identifier):
    """Only beside the name of the system."""

    ENTITY = "UK_OASYS_ID"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<!\d)\d(?:[ -]?\d){4,9}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "oasys",
        "assessment no",
        "assessment number",
        "assessment id",
        "oasys pk",
        "layer 3 assessment",
        "layer 1 assessment",
        "assessment",
    )
