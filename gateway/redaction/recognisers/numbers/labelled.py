"""A value beside the word that says what it is, in whatever groups, signs or misread letters it stands.

The recognisers of single identifiers know their forms; people regroup, dot, hyphenate and break them as no form
foresees: "NHS no: 99 91 23 45 78", "CRO 9198_46/22H". What stands behind a label, or beneath it in a table, and has
digits enough is one. What stands before its label or further off is found by the name model.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from gateway.redaction.recognisers.numbers.labels import Label, labels_in, undotted
from gateway.redaction.recognisers.numbers.written import DATE, is_date, is_public, stays, value_at
from gateway.redaction.recognisers.tables import SIGNS, beneath
from gateway.redaction.text.findings import REFERENCE, WEAK_RANK, Finding
from gateway.redaction.text.long_texts import around
from gateway.redaction.text.normalised import lowered

_SCORE: Final = 0.5
"""Below a recogniser that knows the form: of equal ranges its type stands."""
_DIGITS: Final = re.compile(r"\d")
_NEAR: Final = 40
"""How far before what a model has found its label may stand."""
_SPELT_OUT: Final = 9
"""How much of what a model has found may be its label, "c r n x three"."""
_DATA: Final = re.compile(r"(?:\w{1,64}: )?[\d.]{1,64}|(?:[\w ]{1,64}: )?[\w+/-]{4,4096}={1,2}")
"""A number of JSON, or a provider's signature in base64, with the name of its member."""
_BEHIND: Final = re.compile(r"\s{0,2}[(\[^][^\n]|\W{1,3}(?:is|was|that's|that is|it's|which is)(?![^\W_])")
"""What joins a value to the label behind it."""
_SIGNS_ONLY: Final = re.compile(r"\d+\D\W*\d[\W\d]*")
"""Digits in several groups: a date of birth that has no letters is a date."""
_SIGNS: Final = re.compile(r"\D+")
_TIME_BEHIND: Final = re.compile(r",? \d{1,2}[:.]\d\d(?!\d)")
"""Nobody is born at an hour."""
_REACH: Final = 90
"""How far before and after a digit a label may stand."""
_TO_VALUE: Final = re.compile(
    r"(?:\([^()\d\n]{3,50}\)|[\s:=#.…,;|*+\"'‘’“”`()\[\]{<>_~/–—→⇒-]|(?<=['’])s(?![^\W_])"
    r"|(?<![^\W_])(?:is|was|are|(?:recorded |given )?as)(?![^\W_]))*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?:\A|[ _-])(?:numbers?|nos?\.?|ref(?:erence)?s?\.?|id)\Z")
"""How the head of a column ends that has numbers of anything."""
_AND: Final = re.compile(r"\s?(?:[,;/&+]|(?:, ?)?(?:and|or)(?= ))\s{0,2}")
"""What stands between several values of one kind, "case nos: 2400118833, 2400119054"."""
_DATES: Final = "DATE_OF_BIRTH"
_NUMBERED: Final = "UK_COLLAR_NUMBER"
_MIXED: Final = 5
_FEW: Final = 2
_MANY: Final = 5
"""Digits of a value behind which others may follow: shorter ones are written alike by chance."""
_CELL: Final = 40
_HEAD: Final = 70


def labelled_numbers(text: str) -> Iterator[Finding]:
    """Digits and letters behind or beneath a label, whatever signs stand between them."""
    for first, last in around(text, (digit.start() for digit in _DIGITS.finditer(text)), _REACH):
        yield from _values(text, first, last)
    if "\n" in text and any(sign in text for sign in SIGNS):
        for label, start, end in beneath(text, _label_of):
            if len(text[start:end]) <= _CELL and _is_value(text, start, end, label):
                yield Finding(start, end, label.type, _SCORE)


def named_references(
    text: str, findings: Iterable[Finding], of_form: Callable[[str, Finding], Finding | None]
) -> Iterator[Finding]:
    """What a model has found; its references are what the label before them says, and no dates, sums or hashes.

    Of a reference that is too unlikely to stand, `of_form` gives the identifier of whose form it is a part.
    """
    data = _DATA.fullmatch(text)
    for found in findings:
        value = text[found.start : found.end]
        moment = _TIME_BEHIND.match(text, found.end)
        if found.type == _DATES and _SIGNS_ONLY.fullmatch(value) and (moment or not _is_day(value)):
            continue
        if found.type != REFERENCE:
            yield found
        elif not (data or is_public(value) or stays(text, found.start, found.end)):
            named = (of_form(text, found) if found.rank <= WEAK_RANK else None) or _called(text, found)
            if named.rank > WEAK_RANK:
                yield from _with_further(text, named)


def _is_day(value: str) -> bool:
    """Whether digits in several groups are a date, or several, or one with any other sign between its groups."""
    sign, *others = _SIGNS.findall(value)
    return is_date(value) or (others == [sign] and is_date(value.replace(sign, "/")))


def _with_further(text: str, found: Finding) -> Iterator[Finding]:
    """What was found, and the values behind it that are written in the same way; behind a birth any date may stand."""
    yield found
    value = text[found.start : found.end]
    if found.type == _DATES or sum(map(str.isdigit, value)) < _MANY:
        return
    while between := _AND.match(text, found.end):
        start, end = between.end(), between.end() + len(value)
        if not _is_written_alike(text[start:end], value) or text[end : end + 1].isalnum():
            return
        found = replace(found, start=start, end=end)
        yield found


def _is_written_alike(one: str, other: str) -> bool:
    """Whether digits stand where the other has digits, letters where it has letters, and the same signs."""
    return len(one) == len(other) and all(
        (a.isdigit() and b.isdigit()) or (a.isalpha() and b.isalpha()) or a == b
        for a, b in zip(one, other, strict=True)
    )


def _called(text: str, found: Finding) -> Finding:
    said = not _DIGITS.search(text, found.start, found.end)
    if found.rank < WEAK_RANK or (found.rank == WEAK_RANK and not said):
        return found  # what is written beside a label is read by its form
    first = max(0, found.start - _NEAR)
    before = text[first : min(found.end, found.start + _SPELT_OUT) if said else found.start]
    behind = text[found.end : found.end + _NEAR] if _BEHIND.match(text, found.end) else ""
    label = max(_labels(before), key=lambda label: label.end, default=None) or next(_labels(behind), None)
    return replace(found, type=label.type, rank=_SCORE) if label else found


def _labels(text: str) -> Iterator[Label]:
    return labels_in(undotted(lowered(text)))


def _label_of(head: str) -> Label | None:
    """The label that a table's head is."""
    if len(head) > _HEAD:
        return None
    label = max(labels_in(f"{head}:"), key=lambda label: (label.type != REFERENCE, label.end), default=None)
    return label or (Label(0, len(head), REFERENCE) if _NUMBER.search(head) else None)


def _values(text: str, first: int, last: int) -> Iterator[Finding]:
    for label in _labels(text[first:last]):
        at = first + label.end
        after = _TO_VALUE.match(text, at, min(last, at + _REACH))
        value = _value(text, after.end(), last, label) if after else None
        if value is not None:
            yield from _with_further(text, Finding(*value, label.type, _SCORE))


def _value(text: str, at: int, last: int, label: Label) -> tuple[int, int] | None:
    """The value that begins at `at`, if it has digits enough and is no date, year, sum or measure."""
    if label.type == _DATES and (date := DATE.match(text, at, last)):
        return date.span()
    value = value_at(text, at, last, usual=label.usual)
    return value if value and _is_value(text, *value, label) else None


def _is_value(text: str, start: int, end: int, label: Label) -> bool:
    value = text[start:end]
    digits = sum(map(str.isdigit, value))
    symbols = sum(map(str.isalnum, value))
    few = label.min_digits <= _FEW or digits >= _FEW
    if digits < label.min_digits and not (few and digits < symbols >= _MIXED):
        return False
    return digits > 0 and not stays(text, start, end, dates=label.type in (_DATES, _NUMBERED))
