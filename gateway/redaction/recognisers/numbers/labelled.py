"""A value beside the word that says what it is, in whatever groups, signs or misread letters it stands.

The recognisers of single identifiers know their forms; people regroup, dot, hyphenate and break them as no form
foresees: "NHS no: 99 91 23 45 78", "(98_81_90W is the PNC)". What stands beside a label and has digits enough is one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from gateway.redaction.recognisers.numbers.labels import Label, label_heads, labels_in, named_in, undotted
from gateway.redaction.recognisers.numbers.written import DATE, is_of_a_thing, stays, value_at
from gateway.redaction.recognisers.tables import SIGNS, beneath
from gateway.redaction.text.findings import REFERENCE, WEAK_RANK, Finding
from gateway.redaction.text.long_texts import around
from gateway.redaction.text.normalised import WORD, lowered

_SCORE: Final = 0.5
"""Below a recogniser that knows the form: of equal ranges its type stands."""
_FURTHER: Final = 0.45
"""Of a value that words stand before, and of one that only a word for number names."""
_DIGITS: Final = re.compile(r"\d")
_NEAR: Final = 40
"""How far before what a model has found its label may stand."""
_SPELT_OUT: Final = 9
"""How much of what a model has found may be its label, "c r n x three"."""
_DATA: Final = re.compile(r"(?:\w{1,64}: )?[\d.]{1,64}")
"""A number of JSON, with the name of its member."""
_REACH: Final = 90
"""How far before and after a digit a label may stand."""
_SMALL: Final = (
    r"(?:is|was|are|as|of|given|which|that|we|i|have|has|had|it|it's|he|she|they|gave|recorded|shown"
    r"|reads?|being|quoted|listed|stated|the|(?-i:a(?! \d{1,3} [a-z]{3}(?![^\W_]))|A(?! \d))|on|file"
    r"|her|his|their|your|my|for|to|be|now|still|number|erm|um|er|uh|please|yes|yeah|okay|ok|so|i've|"
    r"got|here|believed|also|provided|confirmed|entered|held|what|down|written|says|said|showing"
    r"|appears?|believed?|scanned|with|in|under|should|over|phone|by|from|needs|must|not|id|ref|no|reference|noted|current)"
)
_TO_VALUE: Final = re.compile(
    rf"(?:\([^()\d\n]{{3,50}}\)|[\s:=#.…,;|*+\"'‘’“”`()\[\]{{<>_~/–—→⇒-]|(?<=['’])s(?![^\W_])|(?<![^\W_]){_SMALL}(?![^\W_]))*",
    re.IGNORECASE,
)
_FROM_VALUE: Final = re.compile(
    r"[*\"'’”`)\]}>_|]{0,3}(?:\s{0,2}[(\[]\s?(?:that's |it's |this is )?|\s{1,4}[\^↑]{1,2}\s?"
    r"|\s{0,2}[-–—,:=|/<←]{1,2}-?\s{0,2}(?:that's |it's |this is )?|[,;]?\s+(?:is|was|being|as|that's"
    r"|that is|that was|which is|which was|for|on)\s+)(?:which is |that is |as )?"
    r"(?:(?:the|her|his|their|your|my|a|our|client|subject|for)\s+){0,2}\Z",
    re.IGNORECASE,
)
_MEMBER: Final = re.compile(r"\"\s?:\s?(?:\"[^\"\d]{0,60}\"|true|false|null)")
"""What follows a label that is a key of JSON with a value of its own: the number of the next member is not its."""
_WITHIN: Final = tuple("/.:-–_%")
"""Signs behind which no value begins, but goes on."""
_DATES: Final = "DATE_OF_BIRTH"
_NUMBERED: Final = "UK_COLLAR_NUMBER"
_MIN: Final = 4
_MIXED: Final = 5
_FEW: Final = 2
_BRIDGE: Final = 70
_CELL: Final = 40
_CODE: Final = re.compile(r"(?<![^\W_])(?<!\d{4} )[^\W\d_]{0,5}\d[^\W_]*")


def labelled_numbers(text: str) -> Iterator[Finding]:
    """Digits and letters behind, before or beneath a label, whatever stands between them."""
    for first, last in around(text, (digit.start() for digit in _DIGITS.finditer(text)), _REACH):
        yield from _values(text, first, last)
    if "\n" in text and any(sign in text for sign in SIGNS):
        for label, start, end in beneath(text, _label_of):
            if len(text[start:end]) <= _CELL and _is_value(text, start, end, label):
                yield Finding(start, end, label.type, _SCORE)


def named_references(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """What a model has found; its references are what the label before them says, and no dates, sums or hashes."""
    data = _DATA.fullmatch(text)
    for found in findings:
        if found.type != REFERENCE:
            yield found
        elif not (data or stays(text, found.start, found.end)):
            named = _called(text, found)
            if named.rank > WEAK_RANK:
                yield named


def _called(text: str, found: Finding) -> Finding:
    said = not _DIGITS.search(text, found.start, found.end)
    if found.rank == WEAK_RANK and not said:
        return found  # what is written beside a label is read by its form
    first = max(0, found.start - _NEAR)
    near = text[first : min(found.end, found.start + _SPELT_OUT) if said else found.start]
    label = max(labels_in(undotted(lowered(near))), key=lambda label: label.end, default=None)
    return replace(found, type=label.type, rank=_SCORE) if label else found


def _label_of(head: str) -> Label | None:
    """The label that a table's head is."""
    labels = named_in(head) if len(head) <= _BRIDGE else ()
    return max(labels, key=lambda label: (label.type != REFERENCE, label.end), default=None)


def _values(text: str, first: int, last: int) -> Iterator[Finding]:
    lower = undotted(lowered(text[first:last]))
    for label in named_in(lower):
        if label.type == REFERENCE and is_of_a_thing(text, first + label.start):
            continue
        score = _FURTHER if label.type == REFERENCE else _SCORE
        at = first + label.end
        after = _TO_VALUE.match(text, at, min(last, at + _REACH))
        value = _value(text, after.end(), last, label) if after else None
        if value is None and label.type != REFERENCE:
            value = _value_before(text, first + label.start, first, label)
        if value is None and label.type != _DATES and not _MEMBER.match(text, at):
            line = text.find("\n", at, last)
            value, score = _value_further(text, at, last if line < 0 else line, label), _FURTHER
        if value is not None:
            yield Finding(*value, label.type, score)


def _value_before(text: str, at: int, first: int, label: Label) -> tuple[int, int] | None:
    """The value that ends before a label: "T4821KQ (NOMS)"."""
    earliest = max(first, at - _REACH)
    longer = replace(label, usual=label.usual + _FEW)  # as it ends where the label begins
    joined = _FROM_VALUE.search(text, earliest, at)
    if joined is None:
        return None
    for token in WORD.finditer(text, earliest, joined.start()):
        if text[token.start() - 1 : token.start()] in _WITHIN:
            continue
        value = _value(text, token.start(), joined.start(), longer)
        if value and value[1] == joined.start():
            return value
    return None


def _value_further(text: str, at: int, last: int, label: Label) -> tuple[int, int] | None:
    """The value that other words stand before: "CRN changed. The new one: X912345"."""
    for code in _CODE.finditer(text, at, min(last, at + _BRIDGE)):
        if DATE.match(text, code.start()) or text[code.start() - 1] in _WITHIN:
            continue
        value = _value(text, code.start(), last, label)
        digits = sum(map(str.isdigit, text[slice(*value)])) if value else 0
        if value and digits >= _MIN and not (is_of_a_thing(text, value[0]) or stays(text, *value)):
            return value
    return None


def _value(text: str, at: int, last: int, label: Label) -> tuple[int, int] | None:
    """The value that begins at `at`, if it has digits enough and is no date, year, sum or measure."""
    while (
        label.type == REFERENCE
        and (word := WORD.match(text, at, last))
        and (word[0].lower() in label_heads() or text[at - 1 : at + 1] == "/c")
    ):
        at = word.end()  # another label
        while at < last and text[at] in " \t:.#":
            at += 1
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
