"""UK_BOOKING_NUMBER: bookings of NOMIS: five digits and a letter, or the other way round."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_BOOKING_NUMBER = Identifier(
    type="UK_BOOKING_NUMBER",
    forms={r"(?<![A-Z0-9])(?:\d{5}[ -]?[A-Z]|[A-Z][ -]?\d{5})(?![A-Z0-9])": WEAK},
    labels="booking{n:}",
    digits=(4, 5),
    context="booking, book no, book number, nomis booking",
    least=5,
    examples=("booking number 90417Z",),
)
