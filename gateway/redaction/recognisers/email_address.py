"""EMAIL_ADDRESS: RFC 5321 addresses, and the ways in which people write them."""

from typing import Final

from gateway.redaction.recognisers.identifier import Identifier, patterns

_LOCAL: Final = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_DOT: Final = r"(?: ?(?:\[dot\]|\(dot\)|\{dot\}) ?)"
_DOMAIN: Final = r"\w(?:[\w-]{0,62}\w)?(?:\.\w(?:[\w-]{0,62}\w)?){1,8}"

_SUFFIX: Final = r"(?:com|org|net|uk|gov|ac|co|eu|ie|info|me|io|pl|de|fr|ro)(?!\w)"
"""Where spaces stand within an address, only what usually ends one ends it."""


class EmailAddress(Identifier):
    """Any address with a dot in its domain: Presidio's drops those whose suffix is not public, and ours may not.

    The local part is bounded (RFC 5321, 4.5.3.1.1), so that time stays linear.
    """

    ENTITY = "EMAIL_ADDRESS"
    LOOK = "@"
    FORMS = patterns(
        {
            rf"(?<![\w.+-]){_LOCAL}@ ?{_DOMAIN}": 0.9,
            rf"(?<![\w.+-]){_LOCAL} ?@\s{{0,2}}\w[\w-]{{0,62}}(?: ?\. ?[\w-]{{1,62}}){{0,4}} ?\. ?{_SUFFIX}": 0.9,
        }
    )


class EmailAddressSpoken(Identifier):
    """An address as it is said: "jo dot smith at example dot org"."""

    ENTITY = "EMAIL_ADDRESS"
    LOOK = r" dot "
    FORMS = patterns(
        {
            r"(?<![\w.-])(?:\w{1,20} (?:dot|underscore|dash|hyphen) ){0,3}[\w-]{1,30} at [\w-]{1,30}"
            rf"(?: dot \w{{2,20}}){{0,3}} dot {_SUFFIX}": 0.7,
        }
    )


class EmailAddressSpelt(Identifier):
    """An address with its sign in brackets: "name [at] example.org"."""

    ENTITY = "EMAIL_ADDRESS"
    LOOK = r"\[at\]|\(at\)|\{at\}"
    FORMS = patterns(
        {
            rf"(?<![\w.+-])(?:[\w.+-]{{1,64}}{_DOT}){{0,3}}[\w.+-]{{1,64}} ?(?:\[at\]|\(at\)|\{{at\}}) ?"
            rf"\w[\w-]{{0,62}}(?:(?:{_DOT}|\.)\w[\w-]{{0,62}}){{1,8}}": 0.9
        }
    )
