"""UK_BOOKING_NUMBER: bookings of NOMIS: five digits and a letter, or the other way round."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkBookingNumber(Identifier):
    """Only beside the word."""

    ENTITY = "UK_BOOKING_NUMBER"
    LEAST = 5
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?:\d{5}[ -]?[A-Z]|[A-Z][ -]?\d{5})(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "booking",
        "book no",
        "book number",
        "nomis booking",
    )
