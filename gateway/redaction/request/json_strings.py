"""JSON that stands in a string (RFC 8259): its strings and numbers replaced, every other character kept."""

import json
import re
from collections.abc import Callable
from typing import Final, NoReturn

from gateway.redaction.text.rewritten import Replacement, replaced

# A string that isn't closed is taken to the end, so that broken JSON takes linear time, too.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[\[\]{}]', re.DOTALL)
_NAME_AHEAD: Final = re.compile(r"[ \t\n\r]*:")
_MAX_DEPTH: Final = 100
_MIN_DIGITS: Final = 5


def looks_like_json(text: str) -> bool:
    """Whether `text` may be a JSON object or list: a cheap look."""
    start, end = text[:20].lstrip()[:1], text[-20:].rstrip()[-1:]
    return (start, end) in (("{", "}"), ("[", "]"))


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def is_json(text: str) -> bool:
    """Whether `text` is an object or a list in JSON as RFC 8259 has it, without NaN and Infinity."""
    return looks_like_json(text) and _parses(text)


def _parses(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_no_constant, parse_int=str, parse_float=str)
    except ValueError:
        return False
    except RecursionError:
        return True  # or not: it is too deep to be read
    return True


def rewrite(
    text: str,
    value: Callable[[str, str], str],
    member: Callable[[str], str],
    too_deep: Exception | None = None,
) -> str | None:
    """`text` with `value(string, name)` for each string, and for each number that may identify somebody.

    `name` is that of the member that holds the value, or of the nearest one around it; `member(name)` is what its name
    becomes. A number for which the callback has another text becomes a string. None if `text` is not JSON, and if it
    is `too_deep`, unless that is to be raised.
    """
    if not _parses(text):
        return None
    changes: list[Replacement] = []
    around: list[str] = []
    name = ""
    for token in _TOKEN.finditer(text):
        piece = token[0]
        if piece in "[{":
            around.append(name)
            if len(around) > _MAX_DEPTH:
                if too_deep is not None:
                    raise too_deep
                return None
        elif piece in "]}":
            name = around.pop()
        else:
            is_name = piece[0] == '"' and _NAME_AHEAD.match(text, token.end()) is not None
            name, new = _new(piece, is_name, name, value, member)
            changes.append((*token.span(), new))
    return replaced(text, changes)


def _new(
    piece: str, is_name: bool, name: str, value: Callable[[str, str], str], member: Callable[[str], str]
) -> tuple[str, str]:
    """The name that holds from here on, and what is written for the token `piece`."""
    is_string = piece[0] == '"'
    if not (is_string or may_identify(piece)):
        return name, piece
    old: str = json.loads(piece) if is_string else piece
    new = member(old) if is_name else value(old, name)
    return (old if is_name else name), (piece if new == old else json.dumps(new, ensure_ascii=False))


def may_identify(literal: str) -> bool:
    """Whether a number has so many digits that it may be somebody's."""
    return sum(map(str.isdigit, literal)) >= _MIN_DIGITS


def literal_of(value: float) -> str:
    """A number as JSON writes it; an integer too long for Python to write is no identifier that anything reads."""
    if isinstance(value, float):
        return repr(value)
    return str(value) if value.bit_length() < 4096 else json.dumps(value >> (value.bit_length() - 4096))
