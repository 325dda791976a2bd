"""UK_NINO: National Insurance numbers (HMRC, NIM39110): two letters, six digits, a letter A to D."""

from gateway.redaction.recognisers.identifier import Identifier

_PREFIX = r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_END = r"(?![A-Z0-9])"

UK_NINO = Identifier(
    type="UK_NINO",
    certain=0.5,
    forms={
        # One separator throughout, or the six digits in one piece: not "on 10.11.12 a man".
        _PREFIX + r"(?P<gap>[ .-]{0,2})\d{2}(?P=gap)\d{2}(?P=gap)\d{2}(?P=gap)[A-DFM]" + _END: 0.6,
        _PREFIX + r"[ -]?\d{6}[ -]?[A-DFM]" + _END: 0.6,
        # Any grouping by spaces and hyphens in capitals, which prose is not.
        rf"(?-i:{_PREFIX}(?:[ -]{{0,3}}\d{{2}}){{3}}[ -]{{0,3}}[A-DFM]{_END})": 0.5,
        rf"(?-i:{_PREFIX} ?"
        rf"(?:\d{{3}}[ -]\d{{3}}|\d{{2}}[ -]\d{{4}}|\d{{4}}[ -]\d{{2}})[ -]?[A-D]{_END})": 0.5,
        # As a scanner reads it.
        rf"(?-i:{_PREFIX}(?=(?:[^\d\n]{{0,4}}\d){{3}})(?: ?[\dOIlS]{{2}}){{3}} ?[A-D]{_END})": 0.5,
        _PREFIX + r"[ .-]{0,2}\d{3}[ .-]\d{3}[ .-]{0,2}[A-DFM]" + _END: 0.2,
        _PREFIX + r"(?:[ .-]{0,3}\d{2}){3}[ .-]{0,3}[A-DFM]?" + _END: 0.2,
    },
    labels=r"national insurance, nat\.? ?ins(?:urance)?\b\.?, NINO, NI{n:}, n i(?= is)",
    digits=(6, 6),
    context="insurance, ni, nin, nat ins, n.i",
    least=6,
    examples=("national insurance number MM 41 20 77 C",),
)
