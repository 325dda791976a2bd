"""UK_REFERENCE: nine to twelve digits of which nothing says what they are: the closed world, for numbers.

A number of so many digits stands for somebody until shown otherwise: whatever was done to its digits (back to front,
one more each), and whichever of them fails its check.
"""

import re

from gateway.redaction.recognisers.identifier import Identifier, patterns

_SCORE = 0.45
"""Below what knows the form or the label."""
_FEWEST, _MOST = 9, 12
_DATED = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d|(?:(?:19|20)\d\d){2,3}\Z")
"""A date and time in digits, or years side by side."""
_LONG = 4


class UnknownNumber(Identifier):
    """Not behind a word that says that a thing is numbered, nor beside a sign of money, a sum or a measure."""

    ENTITY = "UK_REFERENCE"
    LOOK = r"\d(?:[ -]?\d){8}"
    NEAR = 60
    FORMS = patterns(
        {
            r"(?<!(?:order|invoice|isbn|issn|barcode|version|build|batch|part|model|product|serial|tracking|edition"
            r"|figure|population|total|parcel|item)(?: (?:number|no\.?|id|code|ref|reference))?:? ?)"
            r"(?<![\w£$€.,/:#@_\\-])(?<!\d[ -])\d{1,12}(?:[ -]\d{1,6}){0,3}"
            r"(?![ -]\d)(?![\w/:@_-]|[.,]\d| ?[%°£$€])": _SCORE
        }
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """False for dates, years and sums in groups of three."""
        groups = re.split(r"[ -]", pattern_text)
        digits = "".join(groups)
        if (
            not _FEWEST <= len(digits) <= _MOST
            or _DATED.match(digits)
            or digits.startswith("123456789")
            or max(map(len, groups)) < _LONG
        ):
            return False
        return None
