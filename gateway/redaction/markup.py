"""Marks that a program or a typesetter drops, within a word or a number: LaTeX, templates, tags, comments, strings.

What stands on both sides of such a mark is put together; nothing is changed beside white space.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from gateway.redaction.lexicon import UNLISTED, lexicon

Replaced = tuple[int, int, str]

_CUTS: Final = re.compile(
    r"(?<=\w)(?:"
    r"%\n[ \t]{0,8}"  # LaTeX: a comment up to the line's end
    r"|\\\r?\n[ \t]{0,12}"  # YAML, TOML, shell: a line goes on
    r"|/\*[^*\n]{0,40}\*/"
    r"|''|\"\""  # shell: an empty string
    r"|\]\([^()\s]{1,120}\)\["  # Markdown: two links
    r"|(?<=\w\w)\]\[[\w-]{1,20}\]!?\["
    r"|\[\^[\w-]{1,20}\]"
    r"|'?\}{2,3}\{{2,3}'?|['\"]\}[#$]?\{['\"]|\[\d{1,2}(?:;\d{1,2}){0,3}m|(?:\\e|\\033)\[\d{1,2}(?:;\d{1,2}){0,3}m"
    r"|\]\]><!\[CDATA\["
    r"|['\"][ \t]{0,3}(?:\|\||[+.&])?[ \t]{0,3}['\"]"
    r"|['\"] ?\} ?[.#][\w:-]{1,30} ?\{ ?content: ?['\"]"
    r"|<(\w{1,10})[^<>\n]{0,60}(?:display: ?none|visibility: ?hidden|hidden)[^<>\n]{0,20}>[^<>\n]{0,40}</\1>"
    r")(?=[ ]?\w)"
)
_FORMATTED: Final = re.compile(
    r"(?:\{\d?\}){2,6}['\"]\.format\((['\"][^'\"\n]{1,40}['\"](?:, ?['\"][^'\"\n]{1,40}['\"]){1,6})\)"
)
_CONCATENATED: Final = re.compile(
    r"\bconcat(?:_ws)?\((['\"][^'\"\n]{1,40}['\"](?: ?, ?['\"][^'\"\n]{1,40}['\"]){1,12})\)", re.IGNORECASE
)
_INITIAL: Final = re.compile(r"(?<!\w)[(\[]([A-Z])[)\]](?=[a-z]{2})")
_STRING: Final = re.compile(r"['\"]([^'\"\n]{1,40})['\"]")
_MACRO: Final = re.compile(r"\\[a-zA-Z]{2,12}\{(?!\d+\})([^{}\\\n]{1,40})\}")
_ACCENT: Final = re.compile(r"\\(?:['`\"^~=.]|[uvHtcdbkr](?=\{))(?:\{\\?([A-Za-z])\}|([A-Za-z]))")
_ESCAPED: Final = re.compile(r"\\(?=[ .@-])")
_HASHED: Final = re.compile(r"(?<=[\w])#(?=[\w-]{2,30}\.(?:com|co\.uk|org|net|ac\.uk|gov\.uk)(?!\w))")
"""An address with another sign in its middle."""
_REVERSED: Final = re.compile(
    r"(['\"])([^'\"\n]{3,80})\1(?:\[::-1\]|\.split\(['\"]{2}\)\.reverse\(\)|\.reverse\b)"
    r"|(?:reversed?|strrev)\((['\"])([^'\"\n]{3,80})\3\)"
)
_TAGGED: Final = re.compile(
    r"(?<![^\W_])[^\W_](?:(?:</?[a-zA-Z][^<>\n]{0,60}>){1,4}(?:[ .@'+_-]|[^\W_](?![^\W_]))){4,80}"
)
_TAG: Final = re.compile(r"<[^<>]{1,64}>")
_VARIED: Final = re.compile(r"(?<![^\W_])[^\W_](?:[^\w\s<>]{1,3} ?[^\w\s<>]{0,2}[^\W_](?![^\W_])){4,80}")
_SIGNS: Final = re.compile(r"[^\w\s]+")
_MAYBE: Final = re.compile(r"[(\[\\<{\]'\"%/]")
_FEWEST: Final = 5
_TOGETHER: Final = re.compile(
    r"(?<![^\W_])(?:[a-z]{2,20}|[A-Z][a-z]{1,20}|(?<=#))(?:[A-Z][a-z]{1,20}){2,8}(?![^\W_])"
)
_PART: Final = re.compile(r"[A-Z]?[a-z]+")


def markup(text: str) -> Iterator[Replaced]:
    """Every such mark, with nothing or the letter it stands for in its place."""
    if _MAYBE.search(text):
        yield from _dropped(text)
    if "\\" in text:
        for match in _MACRO.finditer(text):
            yield match.start(), match.end(), match[1]
        for match in _ACCENT.finditer(text):
            yield match.start(), match.end(), match[1] or match[2]
        for match in _ESCAPED.finditer(text):
            yield match.start(), match.end(), ""
    for match in _HASHED.finditer(text) if "#" in text else ():
        yield match.start(), match.end(), "@"
    for match in _VARIED.finditer(text):
        signs = set(_SIGNS.findall(match[0]))
        if len(signs) > 2 and sum(map(str.isalnum, match[0])) >= _FEWEST:
            yield match.start(), match.end(), re.sub(r"[^\w\s]", "", match[0])
    for match in _TOGETHER.finditer(text):
        yield from _parted(match)


def _dropped(text: str) -> Iterator[Replaced]:
    for match in _CUTS.finditer(text):
        yield match.start(), match.end(), ""
    for match in _TAGGED.finditer(text):
        if "display" not in match[0]:
            yield match.start(), match.end(), _TAG.sub("", match[0])
    for match in _FORMATTED.finditer(text):
        yield match.start(), match.end(), "".join(_STRING.findall(match[1]))
    for match in _CONCATENATED.finditer(text):
        yield match.start(), match.end(), "".join(_STRING.findall(match[1]))
    for match in _INITIAL.finditer(text):
        yield match.start(), match.end(), match[1]
    for match in _REVERSED.finditer(text):
        yield match.start(), match.end(), (match[2] or match[4])[::-1]


def _parted(match: re.Match[str]) -> Iterator[Replaced]:
    """Words written together: only where two side by side are a name, so that what a program calls its own stays."""
    listed = lexicon()
    parts = _PART.findall(match[0])
    named = [
        (listed.is_given(part.lower()) or listed.size(part.lower()) == UNLISTED) and len(part) > 2
        for part in parts
    ]
    if any(one and two for one, two in pairwise(named)):
        yield match.start(), match.end(), " ".join(parts)
