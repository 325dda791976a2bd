"""What is not personal and stays, for England and Wales: reported cases, police forces, prisons, bodies, programmes.

A model that sees only pseudonyms is of no use, and none of this says who somebody is. The lists lie in
`gateway/redaction/lexicon`; a policy adds words or entities of its own with `redaction.keep`. A subject whom the
caller names is redacted even here.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from typing import Final

from gateway.redaction.lexicon import phrases

_CAPITALISED: Final = re.compile(r"(?<![^\W_])[A-Z][^\W_]*")
_PARTY: Final = r"(?:(?:[A-Z][\w'-]*|[A-Z]\w{0,2}\.),? |(?:and|of|the|for) |\([A-Z]\w*\) ){1,8}"
_REPORT: Final = r"[\[(](?:19|20)\d\d[\])] (?:\d{1,3} )?(?:[A-Z]{2,5}\b|All ER|Cr App R|Crim LR|Imm AR)"
_CITATION: Final = re.compile(rf"(?<![\w.]){_PARTY}v\.? {_PARTY}(?={_REPORT})")
"""The parties of a case before its report; a full stop stands behind an initial or a short form only."""
_FORCES: Final = ("Police", "Constabulary")
_PRISONS: Final = (
    "HMP & YOI",
    "HMP and YOI",
    "HMP/YOI",
    "HMP YOI",
    "HMP",
    "HMYOI",
    "YOI",
    "HM Prison",
    "HMIRC",
)


@cache
def _by_first_word() -> Mapping[str, list[str]]:
    """The phrases that stay, by the word that they begin with, the longest first."""
    listed = [*phrases("institutions")]
    listed += [" ".join(words) for words in product(phrases("police_forces"), _FORCES)]
    # A prison's own name is a town's or a person's, unless a word for prison stands before it.
    listed += [" ".join(words) for words in product(_PRISONS, phrases("prisons"))]
    found: dict[str, list[str]] = {}
    for phrase in sorted(listed, key=len, reverse=True):
        if first := _CAPITALISED.match(phrase):
            found.setdefault(first[0], []).append(phrase)
    return found


def allowed_ranges(text: str) -> Iterator[tuple[int, int]]:
    if " v" in text:
        for parties in _CITATION.finditer(text):
            yield parties.span()
    known = _by_first_word()
    for word in _CAPITALISED.finditer(text):
        for phrase in known.get(word[0], ()):
            end = word.start() + len(phrase)
            if text.startswith(phrase, word.start()) and not text[end : end + 1].isalnum():
                yield word.start(), end
                break
