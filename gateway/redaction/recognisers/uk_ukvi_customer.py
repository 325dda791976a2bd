"""UK_UKVI_CUSTOMER: UKVI customer numbers: KX and eight digits or so."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier, patterns


class UkUkviCustomer(Identifier):
    """Trusted alone in one piece."""

    ENTITY = "UK_UKVI_CUSTOMER"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])KX[ -]?\d{2,4}[ -]?\d{4,6}(?!\d)": ALONE,
        }
    )
    CONTEXT = (
        "ukvi",
        "customer",
        "evisa",
        "account",
    )
