"""UK_ADDRESS: an address line: a flat's or a house's number with a street, and what follows it up to the postcode."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns

_STREET = (
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Terrace|Gardens?|Grove|Place|"
    r"Square|Mews|Row|Walk|"
    r"Rise|Hill|Park|Parade|Green|Gate|Fold|Croft|Yard|Wharf|Quay|Embankment|Broadway|View|Vale|"
    r"St|Rd|Ave|Ln|Cl|Dr|"
    r"Cres|Terr|Gdns|Pl|Sq)"
)
_WORD = r"(?-i:\p{Lu}[\p{L}'-]*\.?)"
_NUMBER = r"\d{1,4}[a-z]?(?: ?[-/] ?\d{1,4}[a-z]?)?"
_FLAT = (
    r"(?:(?:Flat|Apartment|Apt|Room|Unit|Studio) \w{1,4},? {1,2}"
    r"(?:(?-i:\p{Lu}[\p{L}'-]+ ){1,3}(?:House|Court|Tower|Towers|Lodge|Mansions|Heights|Point|Buildings?),? {1,2})?)"
)
_TOWN = r"(?:,\s{0,3}(?-i:\p{Lu}[\p{L}'-]+)(?: (?-i:\p{Lu}[\p{L}'-]+)){0,2})"
_POSTCODE = r"(?:,?\s{1,3}[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}(?![A-Z0-9]))"
_LINE = rf",? (?:{_WORD} ){{1,4}}?{_STREET}(?!\p{{L}})(?:{_TOWN}{{0,2}}{_POSTCODE}|{_TOWN}?(?=[,.;\n]|$))?"


class UkAddress(Identifier):
    """A number and a street in capitals ("14 Acacia Avenue"), with town and postcode where they follow."""

    ENTITY = "UK_ADDRESS"
    LOOK = r"\d[a-z]?,? +[a-z]"
    FORMS = patterns({rf"(?<![\w£./-]){_NUMBER}{_LINE}": 0.6})


class UkAddressInSmallLetters(Identifier):
    """The same in small letters, beside a word of living somewhere: "lives at 22 acacia road leeds"."""

    ENTITY = "UK_ADDRESS"
    LOOK = r"\d[a-z]? [a-z]"
    FORMS = patterns(
        {rf"(?<![\w£./-]){_NUMBER} (?:[a-z']{{3,20}} ){{1,3}}?{_STREET}(?!\p{{L}}){_POSTCODE}?": WEAK}
    )
    CONTEXT = ("lives", "living", "live", "address", "moved", "staying", "stays", "stay", "home", "property")


class UkFlat(Identifier):
    """The same with a flat in front: "Flat 3, 14 Acacia Avenue"."""

    ENTITY = "UK_ADDRESS"
    LOOK = r"(?<![a-z])(?:flat|apartment|apt|room|unit|studio) \w"
    FORMS = patterns({rf"(?<![\w£./-]){_FLAT}{_NUMBER}{_LINE}": 0.6})
