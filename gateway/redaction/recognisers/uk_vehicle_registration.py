"""UK_VEHICLE_REGISTRATION: number plates (DVLA, INF104): current, prefix and suffix styles; others with context."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

_CURRENT = r"[A-HJ-PR-Y]{2} ?(?:0[2-9]|[1-7]\d)[ -]{0,3}[A-HJ-PR-Z]{3}"
_PREFIX = r"[A-HJ-NPQR-Y]\d{1,3}[ -]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}"
_SUFFIX = r"[A-HJ-PR-Z]{3}[ -]?\d{1,3}[ -]?[A-HJ-NPR-Y]"


def _whole(form: str, *, capitals: bool = False) -> str:
    """`form` as a word of its own; `capitals` keeps prose such as "at 20 the" out."""
    form = f"(?-i:{form})" if capitals else f"(?:{form})"
    return rf"(?<![A-Z0-9]){form}(?![A-Z0-9/])"


UK_VEHICLE_REGISTRATION = Identifier(
    type="UK_VEHICLE_REGISTRATION",
    forms={
        _whole(_CURRENT, capitals=True): ALONE,
        _whole(f"{_CURRENT}|{_PREFIX}|{_SUFFIX}"): WEAK,
    },
    labels=(
        r"vehicle reg(?:istration|\b\.?), vehicle index, car reg(?:istration|\b\.?), van "
        r"reg(?:istration|\b\.?), index{n:}, index(?= [a-z]{1,3}\d), reg plates?, registration plates?, "
        r"number plates?, VRM, VRN, reg{n}, registration{n}, reg\b(?= is)"
    ),
    digits=(1, 4),
    context="reg, registration, vehicle, index, car, plate, dvla, van, driving, drove, parked, off the road",
    least=1,
    examples=("vehicle reg number AB28 CDE",),
)
