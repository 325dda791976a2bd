"""UK_ADDRESS by where it stands: before a postcode, behind a word of living somewhere, in the fields of a form.

`UkAddress` knows a number and a street. What people write has house names, streets without a street's word, lines,
slashes, no capitals: here what reads on from an anchor as an address does is one.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.findings import Finding
from gateway.redaction.lexicon import is_common, places, words_of
from gateway.redaction.reading import lowered

_SCORE: Final = 0.6
_INWARD: Final = re.compile(r"(?<=[A-Za-z\d \t\n-])\d ?[abd-hjlnp-uw-zABD-HJLNP-UW-Z]{2}(?![^\W_])")
_OUTWARD: Final = re.compile(r"(?<![^\W_])[A-Za-z]{1,2}\d[A-Za-z\d]?[ \t\n-]{0,2}\Z")
_POSTCODE: Final = re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]?[ \t-]{0,2}\d ?[A-Za-z]{2}(?![^\W_])")
_LIVES: Final = re.compile(
    r"(?<![^\W_])(?:addresses|address|lives?|lived|living|stay(?:s|ed|ing)?|resid(?:es?|ed|ing|ence)|moved|moving"
    r"|premises|released|accommodation|tenancy|property|living|sofa|located|home|c/o|he's|she's|i'm|they're|last)"
    r"(?: (?:at|to|is|in|on|of|with|address|currently|now|as|was|been|will be|a|new|the property|back)){0,4}"
    r"[\s:=>|/;,.*-]{1,6}"
)
_FLAT: Final = "flat|apartment|apt|room|unit|studio|bedsit|maisonette|plot|caravan|pitch|block"
_AT_FLAT: Final = re.compile(rf"(?<![^\W_])(?:at|in|to|is) (?=(?:{_FLAT}) [^\W_]{{1,9}})")
_FIELD: Final = re.compile(
    r"^[ \t>|*-]{0,4}(?:house(?: ?(?:no\.?|number|name|/ ?flat))?|flat(?: ?(?:no\.?|number))?|street(?: name)?|road|"
    r"(?:home |current |release )?address(?: ?line)?(?: ?\d)?|line ?\d|town(?: ?/ ?city)?|city|village|locality|county"
    r"|district|building)[ \t]{0,3}[:=|][ \t]{0,3}([^\n:|]{1,60}?)[ \t|]{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’&][^\W_]+)*")
_GAP: Final = re.compile(r"(?:\.,?[ \t]?|[ \t]{0,2}[,;|/–-]?[ \t]{0,2}(?:\n[ \t>|*-]{0,6})?)")
_NUMBER: Final = re.compile(r"[1-9]\d{0,3}[a-zA-Z]?")
_FLATS: Final = frozenset(_FLAT.split("|"))
_STREETS: Final = words_of("streets")
_ENDS: Final = ("way", "gate", "field", "walk", "croft", "road", "holme", "dene", "side")
_BUILDINGS: Final = words_of("buildings")
_CONNECTORS: Final = frozenset(["of", "the", "on", "upon", "le", "by", "under", "in"])
_STOPS: Final = words_of("after an address")
_SAID: Final = words_of("numbers said")
_LABELS: Final = words_of("before an address")
_MONTHS: Final = words_of("months")
_UNITS: Final = words_of("no house")
_UNKNOWN: Final = frozenset(
    [
        "none",
        "unknown",
        "withheld",
        "nfa",
        "n",
        "known",
        "confirmed",
        "provided",
        "given",
        "held",
        "yes",
        "no",
        "same",
        "above",
    ]
)
"""In a field of a form that says no address."""
_LONGEST: Final = 150
_MOST: Final = 14
_MORE: Final = 3


class UkAddressBlock:
    """The lines of an address around what gives it away."""

    types = frozenset(["UK_ADDRESS"])

    def find(self, text: str) -> Iterator[Finding]:
        """The addresses of `text`."""
        return (Finding(start, end, "UK_ADDRESS", _SCORE) for start, end in _found(text))


def _found(text: str) -> Iterator[tuple[int, int]]:
    for inward in _INWARD.finditer(text):
        outward = _OUTWARD.search(text, max(0, inward.start() - 6), inward.start())
        start = _before(text, outward.start()) if outward else None
        if start is not None:
            yield start, inward.end()
    lower = lowered(text)
    for anchor in (_LIVES, _AT_FLAT):
        for match in anchor.finditer(lower):
            end = _after(text, match.end())
            if end is not None:
                yield match.end(), end
    if "\n" in text:
        for field in _FIELD.finditer(text):
            words = frozenset(_TOKEN.findall(field[1].lower()))
            if words and words.isdisjoint(_UNKNOWN):
                yield field.span(1)


def _before(text: str, postcode: int) -> int | None:
    """Where the address that ends in a postcode begins, if more than the postcode is one."""
    tokens: list[re.Match[str]] = []
    least = max(0, postcode - _LONGEST)
    spaced = list(_TOKEN.finditer(text, least, postcode))
    line = text[max(least, text.rfind("\n", least, postcode) + 1) : postcode]
    capitals = line != line.lower()
    right = postcode
    for token in reversed(spaced):
        if token.end() < right and not _GAP.fullmatch(text, token.end(), right):
            break
        if not _reads_on(token[0], capitals=capitals) or len(tokens) >= _MOST:
            break
        tokens.append(token)
        right = token.start()
    for token in reversed(tokens):  # from the first on
        if _NUMBER.fullmatch(token[0]) or token[0].lower() in _FLATS:
            return _with_building(text, tokens, _cared_for(text, tokens) or token)
    buildings = [token for token in tokens if token[0].lower() in _BUILDINGS]
    return _with_building(text, tokens, buildings[-1]) if buildings else None


def _cared_for(text: str, tokens: list[re.Match[str]]) -> re.Match[str] | None:
    """The "c" of "c/o", with which an address begins."""
    return next((token for token in tokens if text.startswith("c/o", token.start())), None)


def _with_building(text: str, tokens: list[re.Match[str]], first: re.Match[str]) -> int:
    """Where the address begins: at the name of a building before its number, "Kestrel Court, 144 Ropewalk"."""
    at = tokens.index(first)
    before = tokens[at + 1 :]
    named = before if first[0].lower() in _BUILDINGS else before[:1]
    if not named or (
        named is not before and named[0][0].lower() not in _BUILDINGS and before[-1][0] != "The"
    ):
        return first.start()
    start = first.start()
    for token in before[: _MORE + 1]:
        gap = text[token.end() : start]
        if token is not before[0] and ("," in gap or "\n" in gap):
            break
        start = token.start()
    return start


def _reads_on(word: str, *, capitals: bool) -> bool:
    """Whether a word before a postcode can be a part of the address."""
    lower = word.lower()
    if word[0].isdigit():
        return _NUMBER.fullmatch(word) is not None
    if lower in _LABELS or lower in _MONTHS:
        return False
    if capitals:
        return word[0].isupper() or lower in _CONNECTORS or lower in ("c", "o")
    return lower not in _STOPS


def _after(text: str, at: int) -> int | None:
    """Where the address that begins at `at` ends, if one does."""
    first = _TOKEN.match(text, at)
    if first is None:
        return None
    capitals = text[at : at + _LONGEST] != text[at : at + _LONGEST].lower()
    end, known, numbers, words, more = at, False, 0, 0, 0
    for _ in range(_MOST):
        if words and (postcode := _POSTCODE.match(text, at)):
            return postcode.end()
        token = _TOKEN.match(text, at)
        if token is None or token.end() - first.start() > _LONGEST:
            break
        word, lower = token[0], token[0].lower()
        if _NUMBER.fullmatch(word) or (not words and lower in _SAID) or lower in _FLATS:
            numbers += 1
        elif (
            (not numbers and not (word[0].isupper() and capitals))
            or (lower in _UNITS and not known)
            or not _goes_on(text, token, capitals=capitals, known=known)
        ):
            break
        else:
            words += 1
            more += known
            known = known or lower in _STREETS or lower.endswith(_ENDS)
        if more > _MORE:
            break
        end = token.end()
        gap = _GAP.match(text, end)
        if gap is None or gap.end() == end or text[end : gap.end()].startswith(". "):
            break
        at = gap.end()
    is_one = known or (numbers and _is_named(text, first.start(), end))
    return end if words and is_one and (numbers or _has_building(text, first.start(), end)) else None


def _goes_on(text: str, token: re.Match[str], *, capitals: bool, known: bool) -> bool:
    """Whether a word goes on with an address that has begun."""
    word, lower = token[0], token[0].lower()
    if lower in _MONTHS:
        return False
    if lower in _CONNECTORS:
        after = _TOKEN.match(text, token.end() + 1)
        return after is not None and (after[0][0].isupper() or after[0].lower() in places() or lower == "the")
    if capitals and word[0].isupper():
        return True
    if lower in _STOPS:
        return False
    if not known:
        return not capitals or lower in _STREETS
    return lower in _STREETS or lower in places() or not is_common(lower)


def _has_building(text: str, start: int, end: int) -> bool:
    return not _BUILDINGS.isdisjoint(_TOKEN.findall(text[start:end].lower()))


def _is_named(text: str, start: int, end: int) -> bool:
    """Whether something in an address without a street's word can name one: two words with a capital."""
    words = _TOKEN.findall(text[start:end])
    return sum(word[0].isupper() for word in words) > 1 and any(word[0].isdigit() for word in words)
