"""UK_ADDRESS: a house's number with a street, and what follows up to the postcode. The name model finds the others."""

from gateway.redaction.recognisers.identifier import Identifier

_STREET = (
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Terrace|Gardens?|Grove|Place|Square|Mews|Row|Walk|"
    r"Rise|Hill|Park|Parade|Approach|Gate|Yard|Wharf|Quay|St|Rd|Ave|Ln|Dr|Cres|Terr|Gdns|Pl|Sq)"
)
_FLAT = r"(?:(?:Flat|Flt|Apartment|Apt|Room|Unit|Studio) \w{1,4},? )"
_WORD = r"(?-i:\p{Lu}[\p{L}'-]*)(?![\p{L}\d])"
_TOWN = rf"(?:,\s{{1,3}}{_WORD}(?: {_WORD}){{0,2}}){{0,3}}"
_POSTCODE = r"(?:,?\s{1,3}[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}(?![A-Z0-9]))"

UK_ADDRESS = Identifier(
    what="a house's number with a street, and what follows up to the postcode",
    forms={
        rf"(?<![\w£./-]){_FLAT}?\d{{1,4}}[a-z]?(?:-\d{{1,4}})?\x20(?:{_WORD}\x20){{1,3}}?(?-i:{_STREET})(?!\p{{L}})"
        rf"{_TOWN}{_POSTCODE}?": 0.6
    },
    prefilter=r"\d[a-z]? [a-z]",
    examples=("14 Acacia Avenue, Leeds",),
)
