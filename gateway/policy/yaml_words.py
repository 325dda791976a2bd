"""What is wrong with a text that is not YAML, in words about the file: where it begins to be wrong, and what to do.

A library names its own parts, and often the place where it gave up, lines after the mistake.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.tokens import ScalarToken

from gateway.policy.yaml_columns import columns_apart, not_beside

Place = tuple[int, int]
"""Line and column, from 1."""

_ELSE: Final = "look for a missing colon, quote or bracket, and at the spaces before the line"
_AT_BEGINNING: Final = (
    ("could not find expected ':'", "a colon is missing after this name, or this text is not far enough in"),
    ("while scanning a quoted scalar", "this quote is opened and never closed"),
    ("while parsing a flow sequence", "this list is not closed with ], or a comma is missing in it"),
    ("while parsing a flow mapping", "this group is not closed with }, or a comma is missing in it"),
)
"""Where the library says what it was reading when it failed, that is the place to mend."""
_AT_END: Final = (
    (r"'\t' that cannot start any token", "there is a tab here; use spaces"),
    ("cannot start any token", "a value that begins with @, ` or % needs quotes around it"),
    ("sequence entries are not allowed", "an entry after a hyphen goes on a line of its own"),
    ("found unknown escape character", "within double quotes \\ has a meaning of its own; use single quotes"),
    ("expected escape sequence", "within double quotes \\ has a meaning of its own; use single quotes"),
    ("expected the node content, but found ','", "there is a comma too many"),
    (
        "while parsing a block collection",
        "this line does not begin in the same column as the entries beside it",
    ),
    ("expected a single document", "there is a second document after --- or ...; one file holds one"),
    (
        "expected '<document start>'",
        "what stands before this line is whole without it; leave out { } or quotes",
    ),
    ("found duplicate", "something is there twice; leave one out"),
    ("found character", "there is a character that YAML does not allow here, such as a tab"),
    ("block scalar", "after > or | comes the text on the next lines, further in"),
)
_COLON: Final = "mapping values are not allowed"
_COLON_TOO_MANY: Final = "there is a colon too many; put a text with `: ` in it into quotes"
_GOES_ON: Final = (
    "this line is read as going on from the one before: that one lacks a colon, or the two do not begin in the same"
    " column"
)
_BLOCK: Final = "while parsing a block mapping"
_NOT_BESIDE: Final = ("while parsing a block", "expected '<document start>'")
_CURLY: Final = "; the quotation marks here are curly, and YAML needs straight ones (\" or ')"
_NOT_AS_FAR: Final = "this line does not begin in the same column as the fields beside it"
_HYPHEN: Final = "a space is missing after the hyphen"
_QUOTE_TOO_EARLY: Final = "a quote ends before this; put the whole text within quotes, or none of it"


def yaml_mistake(error: Any, text: str) -> tuple[Place, str]:
    """The place and the words for a `MarkedYAMLError`, of either library that reads YAML here."""
    told = f"{error.context or ''} {error.problem or ''}"
    place = _place(error.problem_mark or error.context_mark)
    beginning = _place(error.context_mark or error.problem_mark)
    open_quote = _quote_over_lines(text, place)
    if open_quote is not None:
        return open_quote, "this is not YAML: this quote is closed only some lines below; close it before"
    for part, words in _AT_BEGINNING:
        if part in told and "but found ','" not in told:
            return beginning, f"this is not YAML: {words}{_curly(text, beginning)}"
    return place, f"this is not YAML: {_words(told, text, place)}{_curly(text, place)}"


def character_mistake(error: Any, text: str) -> tuple[Place, str]:
    """The same for a character that no YAML may hold."""
    position = getattr(error, "position", None)
    before = text[:position] if isinstance(position, int) else ""
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    code = f" (U+{ord(text[position]):04X})" if isinstance(position, int) and position < len(text) else ""
    return place, f"this is not YAML: there is a character that YAML does not allow{code}; remove it"


def directive(text: str) -> Place | None:
    """Where the text speaks of YAML itself, before it begins; a library may fail on that in ways of its own."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("%"):
            return number, 1
        if line.strip() and not line.startswith("#"):
            return None
    return None


def _words(told: str, text: str, place: Place) -> str:
    line = _line(text, place)
    before, after = line[: place[1] - 1], line[place[1] - 1 :]
    if re.match(r"-\w", after) and "while parsing a block" in told:
        return _HYPHEN
    if _COLON in told:
        too_many = re.search(r":(?:\s|$)", before)
        return _COLON_TOO_MANY if too_many else _GOES_ON + columns_apart(text, place[0])
    if _BLOCK in told and before.strip(" -"):
        return _QUOTE_TOO_EARLY
    apart = not_beside(text, place[0]) if any(part in told for part in _NOT_BESIDE) else None
    if apart is not None:
        return apart
    if _BLOCK in told:
        return _NOT_AS_FAR
    return next((words for part, words in _AT_END if part in told), _ELSE)


def _curly(text: str, place: Place) -> str:
    """A text processor's quotation marks are letters as any other to YAML."""
    line = _line(text, place)
    return _CURLY if re.search(r"[“”]|(?<!\w)‘", line) else ""


def _line(text: str, place: Place) -> str:
    return next(iter(text.split("\n")[place[0] - 1 : place[0]]), "")


def _quote_over_lines(text: str, end: Place) -> Place | None:
    """Where a quoted text begins that ends on the line of `end`, lines below: it was probably meant to end before."""
    found = None
    for token in _tokens(text):
        if isinstance(token, ScalarToken) and token.style in ("'", '"'):
            start, stop = _place(token.start_mark), _place(token.end_mark)
            if start[0] < stop[0] == end[0] and stop <= end:
                found = start
    return found


def _tokens(text: str) -> Iterator[Any]:
    try:
        yield from YAML(typ="safe", pure=True).scan(text)
    except MarkedYAMLError:
        return


def _place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
