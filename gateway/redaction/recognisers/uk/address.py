"""UK_ADDRESS: an address line: a flat's or a house's number with a street, and what follows it up to the postcode."""

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import places
from gateway.redaction.recognisers.identifier import WEAK, Identifier
from gateway.redaction.recognisers.numbers.words import BELOW_HUNDRED, ONES

_STREET = (
    r"(?:Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Terrace|Gardens?|Grove|Place|"
    r"Square|Mews|Row|Walk|"
    r"Rise|Hill|Park|Parade|Green|Gate|Fold|Croft|Yard|Wharf|Quay|Embankment|Broadway|View|Vale|"
    r"St|Rd|Ave|Ln|Cl|Ct|Dr|Brae|Wynd|Cres|Terr|Gdns|Pl|Sq)"
)
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)"
_WORD = rf"(?!{_MONTHS}\b)(?-i:\p{{Lu}}[\p{{L}}'-]*\.?)"
_NUMBER = r"\d{1,4}[a-z]?(?:\x20?[-/]\x20?\d{1,4}[a-z]?)?"
_FLAT = (
    r"(?:(?:\d{1,2}[FG]\d{1,2}[,/]? ?"
    r"|(?:(?:Basement|Bsmt|Gr(?:ou)?nd ?Fl(?:oo)?r|First ?Floor|Top ?Floor|Top|Garden) )?"
    r"(?:Flat|Flt|Apartment|Apt|Room|Unit|Studio)(?: \w{1,4}(?:/\d)?)?(?:,? {1,2}|,?\n[ \t>]{0,3})"
    r"(?:(?-i:\p{Lu}[\p{L}'-]+ ){1,3}(?:House|Court|Tower|Towers|Lodge|Mansions|Heights|Point|Buildings?),? {1,2})?))"
)
_CAPITAL = rf"(?!{_MONTHS}\b)(?-i:\p{{Lu}}[\p{{L}}'-]{{2,}})"
_TOWN = r"(?:(?:,\s{0,3}|/)(?-i:\p{Lu}[\p{L}'-]+)(?: (?-i:\p{Lu}[\p{L}'-]+)){0,2})"
_POSTCODE = r"(?:,?\s{1,3}[A-Z]{1,2}\d[A-Z\d]? {0,2}\d[A-Z]{2}(?![A-Z0-9]))"
_NEXT = r"(?:\n{1,2}[ \t>]{0,3}(?-i:\p{Lu}[\p{L}'-]+)(?: (?-i:\p{Lu}[\p{L}'-]+)){0,2},?)"
"""A line of its own of an address."""
_LINE = (
    rf",?\x20(?:{_WORD}[ \n]){{1,4}}?{_STREET}(?!\p{{L}})(?:\.(?=,))?(?:(?:{_TOWN}|,?{_NEXT}){{0,3}}{_POSTCODE}|"
    rf"(?:{_TOWN}| \(?{_CAPITAL}\)?)?"
    rf"(?=[,.;\n]|$| \(| (?:until|with|in|and|on|for|to|since|from|where|but|or|as|by) ))?"
)
_SAID = (
    rf"(?:(?:{ONES}|oh)(?: (?:{ONES}|oh)){{1,3}}(?: [a-d])?"
    rf"|(?:(?:a|one|two|three) hundred(?: and)? )?{BELOW_HUNDRED}(?: [a-d])?)"
)
_TOWNS = "|".join(sorted(map(regex.escape, places()), key=len, reverse=True))
_SMALL = (
    rf" (?:[a-z']{{3,20}} ){{1,3}}?{_STREET}(?!\p{{L}})(?:,? (?:in )?(?:{_TOWNS})(?!\p{{L}}))?{_POSTCODE}?"
)

_PLAIN = "(?:is|was|are|has|had|at|in|on|of|by|and|or|for|to|with|that|which|from|near|off|down|up|the)"

UK_ADDRESS = Identifier(
    what="an address line: a flat's or a house's number with a street, and what follows it up to the postcode",
    forms={rf"(?<![\w£./-])(?!\d+m ){_NUMBER}{_LINE}": 0.6},
    prefilter=r"\d[a-z]?,? +[a-z]",
    examples=("14 Acacia Avenue, Leeds",),
)
UK_FLAT = Identifier(
    type="UK_ADDRESS",
    forms={
        rf"(?<![\w£./-]){_FLAT}{_NUMBER}{_LINE}": 0.6,
        rf"(?<![\w£./-])(?:flat|apartment|room) {_SAID}(?: [a-f])?,? {_SAID}{_SMALL}": 0.6,
        rf"(?<![\w£./-])(?:flat|apartment) {_SAID}(?: [a-f])?,?(?! {_PLAIN}\b){_SMALL}": 0.6,
    },
    prefilter=r"(?<![a-z])(?:flat|flt|apartment|apt|room|unit|studio)[ ,]|\d[fg]\d",
)
UK_ADDRESS_IN_SMALL_LETTERS = Identifier(
    type="UK_ADDRESS",
    forms={rf"(?<![\w£./-]){_SAID}{_SMALL}": WEAK},
    context=(
        "lives, living, live, address, moved, staying, stays?, stopping at, home, property, hes at, he's at, shes at, "
        "she's at"
    ),
    prefilter=r"(?:\d[a-z]?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|ty) [a-z]",
)

_HOUSE = (
    r"(?:Barn|Buildings?|Chambers|Cottage|Court|Farm|Grange|Hall|Heights|Hos?tel|House|Inn|Lodge|Manor|Mansions?|Mill|Place"
    r"|Point|Rectory|Towers?|Vicarage|Villa|Works|Beeches|Oaks)"
)
_KIND = r"(?:flat|apartment|apt|room|unit|studio|bedsit|maisonette|plot|caravan|pitch|block|number|no)"
_STOP = r"(?:(?<=\b(?:\p{L}{1,3}|Terr|Cres|Gdns))\.)?"
"""Behind an abbreviation; else it ends the sentence, and the address."""
_GAP = rf"(?:{_STOP}[ \t]{{0,2}}[,;|/–-]?[ \t]{{0,2}}(?:\n[ \t>|*-]{{0,6}})?(?<=[\s,;|/–-]))"
_NAME = rf"(?-i:(?!{_MONTHS}\b)\p{{Lu}}[\p{{L}}'’-]*)"
_PART = rf"(?:{_NAME}|of|the|on|upon|le|by|under|in|{_NUMBER})"
_FROM = rf"(?:(?:{_NAME} ){{1,3}}{_HOUSE}|The {_NAME}|{_KIND} {_NUMBER}|{_NUMBER}|c/o)"
_CODE = r"[A-Z]{1,2}\d[A-Z\d]?[ \t\n-]{0,2}\d ?[ABD-HJLNP-UW-Z]{2}(?![A-Z0-9])"
_LIVES = (
    r"\b(?:addr(?:ess(?:es)?)?|live[sd]?|living|stay(?:s|ed|ing)?|resid(?:es?|ed|ing)|mov(?:ed|ing)|premises|released"
    r"|accommodation|property|sofa surfing|located|home|c/o|(?:s?he|they|i)'?(?:s|re|m)|bailed)"
    r"(?: (?:at|to|is|in|on|of|address|currently|now|as|was|been)){0,3}[\s:=>|/;,.*-]{1,6}"
)
_UNIT = (
    r"(?:months?|days?|weeks?|years?|hours?|nights?|minutes?|times?|children|people|bed\w*|miles?|a|of|with)"
)
_STREETS = (
    r"(?:app?roach|bank|bargate|bridge|causeway|chase|common|cottages?|\w*gate|\w*field|\w*way|\w*croft|\w*holme|\w*dene"
    r"|\w*side|\w*walk|meadows?|mount|orchard|precinct|promenade|reach|ridge|side|strand|top|villas|wood|wynd|maltings|heights)"
)
_SMALL_TOWN = rf"(?:,? (?:{_TOWNS})(?!\p{{L}}))?"
UK_ADDRESS_BEFORE_A_POSTCODE = Identifier(
    type="UK_ADDRESS",
    forms={rf"(?<![\w£./-]){_FROM}(?:{_GAP}{_PART}){{1,10}}?{_GAP}{_CODE}": 0.6},
    prefilter=r"\d[a-z\d]?[ \t\n-]{0,2}\d ?[abd-hjlnp-uw-z]{2}(?![a-z0-9])",
    window=160,
)
UK_ADDRESS_BEHIND_A_WORD_OF_LIVING = Identifier(
    type="UK_ADDRESS",
    forms={
        rf"{_LIVES}\K(?:{_KIND} \w{{1,9}},? )?{_NUMBER},?(?! {_UNIT}\b)(?= {_NAME}{_GAP}{_NAME})(?: {_NAME}){{1,3}}"
        rf"(?:{_GAP}{_NAME}(?: {_NAME})?){{0,3}}": 0.6,
        rf"{_LIVES}\K(?:{_KIND} (?:\w{{1,9}} )?)?{_NUMBER}(?! {_UNIT}\b)(?: [a-z']{{3,20}}){{0,2}}"
        rf" (?:{_STREET}|{_STREETS})(?!\p{{L}}){_SMALL_TOWN}": 0.6,
    },
    prefilter=r"liv|addr|stay|resid|mov|premises|released|accomm|property|sofa|located|home|c/o|bailed|(?:he|they|i)'",
    window=120,
)
UK_ADDRESS_IN_A_FORM = Identifier(
    type="UK_ADDRESS",
    forms={
        r"^[ \t>|*-]{0,4}(?:house(?: ?(?:no\.?|number|name|/ ?flat))?|flat(?: ?(?:no\.?|number))?|street(?: name)?|road"
        r"|(?:home |current |release )?address(?: ?line)?(?: ?\d)?|town(?: ?/ ?city)?|city|village|locality"
        r"|county|district|building)[ \t]{0,3}[:=|][ \t]{0,3}\K"
        r"(?!(?:none|unknown|withheld|nfa|n/?[ak]|not|yes|no|same|as)\b)"
        r"[^\s:|][^\n:|]{0,60}?(?=[ \t|]{0,3}$)": 0.6
    },
    prefilter=r"\n",
)
