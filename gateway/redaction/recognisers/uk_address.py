"""UK_ADDRESS: an address line: a flat's or a house's number with a street, and what follows it up to the postcode."""

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import places
from gateway.redaction.recognisers.identifier import WEAK, Identifier

_STREET = (
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Terrace|Gardens?|Grove|Place|"
    r"Square|Mews|Row|Walk|"
    r"Rise|Hill|Park|Parade|Green|Gate|Fold|Croft|Yard|Wharf|Quay|Embankment|Broadway|View|Vale|"
    r"St|Rd|Ave|Ln|Cl|Dr|"
    r"Cres|Terr|Gdns|Pl|Sq)"
)
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)"
_WORD = rf"(?!{_MONTHS}\b)(?-i:\p{{Lu}}[\p{{L}}'-]*\.?)"
_NUMBER = r"\d{1,4}[a-z]?(?: ?[-/] ?\d{1,4}[a-z]?)?"
_FLAT = (
    r"(?:(?:Flat|Apartment|Apt|Room|Unit|Studio) \w{1,4}(?:,? {1,2}|,?\n[ \t>]{0,3})"
    r"(?:(?-i:\p{Lu}[\p{L}'-]+ ){1,3}(?:House|Court|Tower|Towers|Lodge|Mansions|Heights|Point|Buildings?),? {1,2})?)"
)
_TOWN = r"(?:,\s{0,3}(?-i:\p{Lu}[\p{L}'-]+)(?: (?-i:\p{Lu}[\p{L}'-]+)){0,2})"
_POSTCODE = r"(?:,?\s{1,3}[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}(?![A-Z0-9]))"
_NEXT = r"(?:\n{1,2}[ \t>]{0,3}(?-i:\p{Lu}[\p{L}'-]+)(?: (?-i:\p{Lu}[\p{L}'-]+)){0,2},?)"
"""A line of its own of an address."""
_LINE = (
    rf",? (?:{_WORD}[ \n]){{1,4}}?{_STREET}(?!\p{{L}})(?:\.(?=,))?(?:(?:{_TOWN}|,?{_NEXT}){{0,3}}{_POSTCODE}|"
    rf"{_TOWN}?(?=[,.;\n]|$| (?:until|with|in|and|on|for|to|since|from|where|but|or|as|by) ))?"
)


_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SAID = (
    rf"(?:(?:{_DIGIT}|oh)(?: (?:{_DIGIT}|oh)){{1,3}}(?: [a-d])?"
    rf"|(?:(?:a|one|two|three) hundred(?: and)? )?(?:{_DIGIT}|ten|eleven|twelve|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:{_TENS})(?:[ -](?:{_DIGIT}))?))"
)


_TOWNS = "|".join(sorted(map(regex.escape, places()), key=len, reverse=True))
_SMALL = rf" (?:[a-z']{{3,20}} ){{1,3}}?{_STREET}(?!\p{{L}})(?:,? (?:{_TOWNS})(?!\p{{L}}))?{_POSTCODE}?"

UK_ADDRESS = Identifier(
    type="UK_ADDRESS",
    what="an address line: a flat's or a house's number with a street, and what follows it up to the postcode",
    forms={rf"(?<![\w£./-])(?!\d+m ){_NUMBER}{_LINE}": 0.6},
    look=r"\d[a-z]?,? +[a-z]",
    examples=("14 Acacia Avenue, Leeds",),
)
UK_FLAT = Identifier(
    type="UK_ADDRESS",
    forms={
        rf"(?<![\w£./-]){_FLAT}{_NUMBER}{_LINE}": 0.6,
        rf"(?<![\w£./-])(?:flat|apartment|room) {_SAID}(?: [a-f])?,? {_SAID}{_SMALL}": 0.6,
    },
    look=r"(?<![a-z])(?:flat|apartment|apt|room|unit|studio) \w",
)
UK_ADDRESS_IN_SMALL_LETTERS = Identifier(
    type="UK_ADDRESS",
    forms={rf"(?<![\w£./-]){_NUMBER}{_SMALL}": WEAK, rf"(?<![\w£./-]){_SAID}{_SMALL}": WEAK},
    context="lives, living, live, address, moved, staying, stays?, home, property, hes at, he's at, shes at, she's at",
    look=r"(?:\d[a-z]?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|ty) [a-z]",
)
