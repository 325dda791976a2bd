"""UK_POSTCODE: BS 7666 postcodes, and BFPO numbers."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

_OUTWARD = r"(?:GIR|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y]))"
_ORDINAL = r"(?!\d(?:ST|ND|RD|TH)(?![A-Z]))"
_INWARD = _ORDINAL + r"\d ?[ABD-HJLNP-UW-Z]{2}"

UK_POSTCODE = Identifier(
    type="UK_POSTCODE",
    forms={
        rf"(?<![A-Z0-9]){_OUTWARD}(?: {{1,3}}|-){_INWARD}(?![A-Z0-9])": ALONE,
        rf"(?<![A-Z0-9])(?-i:{_OUTWARD}{_INWARD})(?![A-Z0-9])": ALONE,
        rf"(?<![A-Z0-9]){_OUTWARD}[ -]{{0,3}}\d ?[ABD-HJLNP-UW-Z] ?[ABD-HJLNP-UW-Z]"
        rf"(?![A-Z0-9])": WEAK,
        r"(?<![A-Z0-9])BFPO ?\d{1,4}(?![A-Z0-9])": ALONE,
    },
    labels="postcodes?, post[ -]codes?, postcode, postal[ -]?codes?",
    digits=(2, 3),
    context="post code, address, lives, living, staying, road, street, moved to",
    look=r"\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z](?![a-z0-9])|bfpo",
    least=1,
    examples=("postcode LS49 3QT",),
)
