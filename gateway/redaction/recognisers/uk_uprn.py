"""UK_UPRN: unique property reference numbers: up to twelve digits (Ordnance Survey, AddressBase)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkUprn(Identifier):
    """Only beside a word of property."""

    ENTITY = "UK_UPRN"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<!\d)\d{6,12}(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "uprn",
        "property number",
        "lists property",
        "property reference",
        "property ref",
        "address check",
    )
