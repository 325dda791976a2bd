"""Drivers, vehicles, properties, and whatever else has a reference."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier
from gateway.redaction.recognisers.numbers.words import MONTH
from gateway.redaction.recognisers.numbers.written import DATE

UK_DRIVING_LICENCE = Identifier(
    what="DVLA's driver number: five of the surname, birth date with sex, initials, three more",
    certain=0.6,
    forms={
        r"(?<![A-Z0-9])[A-Z][A-Z9]{4}[ -]{0,2}\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d"
        r"[ -]{0,2}[A-Z9]{2} ?[A-Z0-9] ?[A-Z]{2}(?:[ -]{0,2}\d{2})?(?![A-Z0-9])": 0.6,
        r"(?<!\d)\d{8}(?!\d)": WEAK,
    },
    labels="driving licen[cs]e, driving{n}, driver(?:'?s)? licen[cs]e, driver(?:'?s)?{n}, DVLA, d/l",
    digits=8,
    context="licence, license, driving, dva, driver",
    examples=("driving licence QUILP802149TF9ZZ",),
)
_CURRENT = rf"[A-HJ-PR-Y]{{2}}[ .-]?(?:0[2-9]|[1-7]\d)[ .-]{{0,3}}(?!(?i:{MONTH})\b)[A-HJ-PR-Z]{{3}}"
_PREFIX = r"[A-HJ-NPQR-Y]\d{1,3}[ -]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}"
_SUFFIX = r"[A-HJ-PR-Z]{3}[ -]?\d{1,3}[ -]?[A-HJ-NPR-Y]"
_NORTHERN = r"[A-Z]?(?:[A-Z]Z|I[ABGJLW]|[JOUX]I) ?\d{1,4}"

_BEFORE, _BEHIND = r"(?<![A-Z0-9])", r"(?![A-Z0-9/])"

UK_VEHICLE_REGISTRATION = Identifier(
    what="number plates (DVLA, INF104): current, prefix, suffix and Northern Irish styles; others with context",
    forms={
        rf"{_BEFORE}(?-i:{_CURRENT}){_BEHIND}": ALONE,
        rf"{_BEFORE}(?:{_CURRENT}|(?-i:{_PREFIX}|{_SUFFIX}|{_NORTHERN})){_BEHIND}": WEAK,
    },
    labels=(
        r"vehicle reg(?:istration|\b\.?), vehicle index, car reg(?:istration|\b\.?), van "
        r"reg(?:istration|\b\.?), index{n:}, index(?= [a-z]{1,3}\d), reg plates?, registration plates?, "
        r"number plates?, VRM, VRN, reg{n}, registration{n}, reg\b(?= is), reg\b(?= was [a-z]{1,3} ?\d)"
    ),
    least=1,
    digits=4,
    context="reg, registration, vehicle, index, car, plate, dvla, van, driving, drove, parked, off the road",
    examples=("vehicle reg number AB28 CDE",),
)
UK_UPRN = Identifier(
    what="unique property reference numbers: up to twelve digits (Ordnance Survey, AddressBase)",
    labels=r"UPRN, property ref\w*",
    digits=12,
    examples=("UPRN 299900417733",),
)
DATE_TIME = Identifier(
    what="dates in numbers or words and times of day; found for conditions, not redacted by default",
    forms={DATE.pattern: ALONE},
    on=False,
    examples=("3 April 2026",),
)
UK_REFERENCE = Identifier(
    what="any other reference: beside a word such as ref, or where the name model takes it for a person's",
    labels=(
        r"our ref, your ref, yr ref, our reference, your reference, ref{:}, reference{:}, case{n:}, claim{:}, "
        r"appeal{:}, mrn{:}, imei, case(?=\)| \(), claim(?=\)| \(), reference(?=\)| \(), ref(?=\)| \(), "
        r"client{n}, customer{n}, patient{n}, hospital{n}, tenancy{n}, tenant{n}, member(?:ship)?{n}, policy{n}, "
        r"pupil{n}, student{n}, staff{n}, employee{n}, payroll{n}, permit{n}, penalty(?: charge)? notice, "
        r"ref{9}, reference(?= is), roll n(?:umber|o)\b, asset{n}, asset tag, badge, travel doc(?:ument)?, "
        r"certificate of sponsorship"
    ),
    examples=("Tenancy ref: TR/44170/9",),
)
