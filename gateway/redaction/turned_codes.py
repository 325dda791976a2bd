"""Identifiers and addresses written back to front, alone or behind a right-to-left override, and those in ROT13.

Only what has the shape of one when it is turned, so that a text without such shapes is read once.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

_BACKWARDS: Final = re.compile(
    r"(?<![^\W_])(?:"
    r"[A-D][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Z]{2}"  # National Insurance
    r"|[A-Z]\d{5,7}/\d{2}(?:\d{2})?"  # PNC
    r"|[A-Z]{2}\d [A-Z]?\d{1,2}[A-Z]{1,2}"  # postcode
    r"|\d{6}[A-Z]|[A-Z]{2}\d{4}[A-Z]"  # CRN, prison number
    r"|\d{6} ?\d{3}70|\d{3} ?\d{3} ?\d{3}70|\d{4} ?\d{3} ?\d{2}[12]0|\d{4} ?\d{4} ?[12]20"  # telephone
    r"|(?:ku|moc|gro|ten|vog|ei|ue|ed|rf)\.[\w.-]{2,60}@[\w.+-]{1,64}"
    r")(?![^\W_])",
    re.IGNORECASE,
)
_MAYBE: Final = re.compile(r"\d|@")
_TURNED: Final = re.compile(
    r"(?<![^\W_])[A-Za-z]{2}(?:[ -]?\d{2}){3}[ -]?[N-Qn-q](?![^\W_])"
    r"|(?<![^\W_])[K]\d{6}(?![^\W_])"
)
_NINO: Final = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]")


def turned_codes(text: str) -> Iterator[tuple[int, int, str]]:
    """Ranges of the reading, with what they say when they are turned; in order and apart."""
    if not _MAYBE.search(text):
        return
    last = 0
    found = [(match.start(), match.end(), match[0][::-1]) for match in _BACKWARDS.finditer(text)]
    for match in _TURNED.finditer(text):
        new = codecs.encode(match[0], "rot13").upper()
        if _NINO.match(new) or new[0] == "X":
            found.append((match.start(), match.end(), new))
    for start, end, new in sorted(found):
        if start >= last:
            yield start, end, new
            last = end
