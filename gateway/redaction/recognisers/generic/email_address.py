"""EMAIL_ADDRESS: RFC 5321 addresses, and the ways in which people write them."""

from typing import Final

from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.recognisers.numbers.words import ONES, TEENS, TENS

_LOCAL: Final = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_DOT: Final = r"(?: ?(?:\[dot\]|\(dot\)|\{dot\}) ?)"
_DOMAIN: Final = r"\w(?:[\w-]{0,62}\w)?(?:\.\w(?:[\w-]{0,62}\w)?){1,8}"

_SUFFIX: Final = r"(?:com|org|net|uk|gov|ac|co|eu|ie|info|me|io|pl|de|fr|ro|example)(?!\w)"
"""Where spaces stand within an address, only what usually ends one ends it."""
EMAIL_ADDRESS = Identifier(
    what="RFC 5321 addresses, and the ways in which people write them",
    certain=0.9,
    prefilter="@",
    window=120,
    forms={
        rf"(?<![\w.+-]){_LOCAL}@ ?{_DOMAIN}": 0.9,
        r"(?<![\w.+-])(?=[a-z+-]{0,30}[\d._])(?=[\d.]{0,9}[a-z_])[\w.+-]{2,64} @ \w[\w-]{0,62}"
        r"(?: ?\. ?[\w-]{2,62}){1,4}": 0.6,
    },
    examples=("t.quilp@example.org",),
)
_SAID: Final = rf"(?:(?:double |triple )?(?:oh|zero|{ONES})|{TEENS}|(?:{TENS})(?:-(?:{ONES}))?|[a-z0-9])"
_PART: Final = r"(?: ?(?:\[dot\]|\(dot\)|\{dot\}|\.|,) ?| dot )"
_AT: Final = (
    r",? at,? (?:(?:\w{1,20} ){1,4}\w{1,20},? all one word|[\w-]{1,30})(?:,? (?:hyphen|dash|minus),? [\w-]{1,30}){0,3}"
    rf"(?:,? (?:dot|point),? \w{{2,20}}){{0,3}},? (?:dot|point),? {_SUFFIX}"
)
EMAIL_ADDRESS_SPOKEN = Identifier(
    type="EMAIL_ADDRESS",
    prefilter=r" (?:dot|point),? ",
    window=200,
    forms={
        r"(?<![\w.-])(?:(?:\w{3,20}(?: [a-z0-9]){1,3}|(?:[a-z0-9] ){1,3}[a-z0-9]|\w{1,20})"
        r"(?: (?:dot|underscore|dash|hyphen|point|full stop)){1,2},? ){0,3}"
        rf"(?:\w{{1,20}} \w{{1,20}}(?= all one word)|[\w-]{{1,30}}|(?:[a-z] ){{1,12}}[a-z])(?: {_SAID}){{0,6}}"
        rf"(?: all (?:one word|lower ?case))?{_AT}": 0.7,
        r"(?:e-?mail|address)(?: address)?(?: is|'s| (?:it|that|them|this) to)?:? \K"
        rf"(?:\w{{1,20}} ){{1,4}}\w{{1,20}}{_AT}": 0.7,
    },
)
EMAIL_ADDRESS_SPELT = Identifier(
    type="EMAIL_ADDRESS",
    prefilter=r"[\[({<] ?at? ?[\])}>]|@ ?[\w-]{1,62} ?(?:dot |,)| at \w[\w-]{0,62} ?(?:\.|,|\[|\(|\{|dot )",
    window=200,
    forms={
        rf"(?<![\w.+-])(?:[\w.+-]{{1,64}}{_DOT}){{0,3}}[\w.+-]{{1,64}} ?(?:[\[({{<] ?at? ?[\])}}>]) ?"
        rf"\w[\w-]{{0,62}}(?:{_PART}\w[\w-]{{0,62}}){{1,8}}": 0.9,
        rf"(?<![\w.+-])[\w.+-]{{1,64}} ?@ ?\w[\w-]{{0,62}}(?:{_PART}[\w-]{{1,62}}){{0,3}}{_PART}{_SUFFIX}": 0.9,
        r"(?:(?<![\w.+-])(?=[a-z+-]{0,30}[\d._])|(?:e-?mail|contact)(?: address)?(?: is|:)? \K)"
        r"[\w.+-]{2,64} at \w[\w-]{0,62}"
        rf"(?:{_PART}[\w-]{{1,62}}){{0,3}}{_PART}{_SUFFIX}": 0.9,
    },
)
