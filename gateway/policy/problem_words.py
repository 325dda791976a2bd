"""What is wrong with a field, in words for its author: no library's types, patterns or messages."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

Steps = tuple[str | int, ...]
Detail = Mapping[str, Any]
"""One of pydantic's, with its context and input."""

_PLACE: Final = r"^[A-Z][A-Za-z-]{1,31}$"
_NAME: Final = r"^[a-z][a-z0-9-]{0,63}$"
_SHORT_PLACE: Final = 3
"""Letters of a place that is written in capitals, such as UK and USA."""
_PATTERNS: Final[Mapping[str, str]] = {
    _PLACE: "must be a place as routes declare it, with a capital, such as UK or EU",
    _NAME: "must be a name: small letters, digits and hyphens, beginning with a letter, at most 64",
    r"^[A-Z][A-Z0-9_]{0,99}$": "must be a type of personal data in capitals, such as PERSON or UK_NINO",
    "^(debug|info|warning|error)$": "must be debug, info, warning or error",
}
_PLAIN: Final[Mapping[str, str]] = {
    "missing": "is missing; add it",
    "model_type": "must be a group of fields",
    "model_attributes_type": "must be a group of fields",
    "dict_type": "must be a group of fields",
    "dict_attributes_type": "must be a group of fields",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "list_type": "must be a list: write each entry on a line of its own after a hyphen, or all within [ ]",
    "tuple_type": "must be a list: write each entry on a line of its own after a hyphen, or all within [ ]",
    "frozen_set_type": "must be a list: write each entry on a line of its own after a hyphen, or all within [ ]",
    "set_type": "must be a list: write each entry on a line of its own after a hyphen, or all within [ ]",
    "path_type": "must be a path, as text",
    "finite_number": "must be a number that is not endless",
    "recursion_loop": "holds itself",
    "url_parsing": "must be an address, such as https://example.org",
    "url_type": "must be an address, such as https://example.org",
    "url_scheme": "must be an address that begins with https:// or http://",
}
_GROUPS: Final = ("model_type", "model_attributes_type", "dict_type", "dict_attributes_type")
_LIMITS: Final[Mapping[str, tuple[str, str]]] = {
    "greater_than_equal": ("ge", "must be {} or more"),
    "greater_than": ("gt", "must be more than {}"),
    "less_than_equal": ("le", "must be {} or less"),
    "less_than": ("lt", "must be less than {}"),
}


def in_words(detail: Detail) -> str:
    """What is wrong, and what to do; never the text that was written, which may be a secret."""
    kind, context = str(detail["type"]), detail.get("ctx") or {}
    if kind in _GROUPS and detail.get("input") is None:
        return "is empty; write its fields on the lines below it, further in, or leave it out"
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return words.format(context.get(name, "its limit"))
    told = _TOLD.get(kind)
    if told is not None:
        return told(context, detail.get("input"))
    if kind == "value_error":
        return str(context.get("error") or detail["msg"].removeprefix("Value error, "))
    return "can't be used; look at its description in the documentation"


def _text(context: Mapping[str, Any], given: Any) -> str:
    if given is None:
        return "must be text, and is empty; write something, or leave the field out"
    if isinstance(given, bool | int | float):
        return "must be text; put it in quotes"
    if isinstance(given, Mapping) and len(given) == 1:
        return "must be text; put it in quotes, since a colon makes it a group of fields"
    return "must be text"


def _pattern(context: Mapping[str, Any], given: Any) -> str:
    pattern = str(context.get("pattern"))
    words = _PATTERNS.get(pattern, "is not written as this field has to be")
    if not isinstance(given, str):
        return words
    ending = next((one for one in (".md", ".yaml") if given.endswith(one)), None)
    if pattern == _NAME and ending:
        return f"must be a name, without {ending} at its end"
    place = given.upper() if len(given) <= _SHORT_PLACE else given.title()
    if pattern == _PLACE and re.fullmatch(_PLACE, place):
        return f"{words}; did you mean {place}?"
    return words


def _literal(context: Mapping[str, Any], given: Any) -> str:
    expected = str(context.get("expected", ""))
    words = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return f"must be {expected}{meant(given, words)}"


def _long(context: Mapping[str, Any], given: Any) -> str:
    return f"has more than {context.get('max_length')} characters; make it shorter"


def _short(context: Mapping[str, Any], given: Any) -> str:
    return (
        "must not be empty"
        if context.get("min_length") == 1
        else f"needs {context.get('min_length')} characters"
    )


def _few(context: Mapping[str, Any], given: Any) -> str:
    return f"needs {context.get('min_length')} or more entries"


def _many(context: Mapping[str, Any], given: Any) -> str:
    return f"must have {context.get('max_length')} entries or fewer"


_TOLD: Final[Mapping[str, Callable[[Mapping[str, Any], Any], str]]] = {
    "string_type": _text,
    "string_pattern_mismatch": _pattern,
    "literal_error": _literal,
    "string_too_long": _long,
    "string_too_short": _short,
    "too_short": _few,
    "too_long": _many,
}


def place_of_detail(kind: type[BaseModel], detail: Detail) -> Steps:
    """The fields that lead to the problem, without what a library puts between them for each kind that it tried."""
    found = [step for step in detail["loc"] if isinstance(step, int) or _is_field(step)]
    if detail["type"] == "extra_forbidden" and found[-1:] != [detail["loc"][-1]]:
        found.append(detail["loc"][-1])  # it is whatever somebody wrote, brackets too
    return tuple(found)


def unknown_field(kind: type[BaseModel], steps: Steps) -> str:
    """For a field that there is not: the one that was probably meant."""
    known = _fields_at(kind, steps[:-1])
    elsewhere = _belongs(kind, steps)
    close = meant(steps[-1], known)
    if elsewhere:
        return f"there is no such field here; {elsewhere}"
    if close or not known:
        return f"there is no such field{close or '; leave it out'}"
    return f"there is no such field; leave it out. There are: {', '.join(sorted(known))}"


def _belongs(kind: type[BaseModel], steps: Steps) -> str | None:
    """Where a field that is only in the wrong place goes: a line that is not far enough in, or too far."""
    name = str(steps[-1])
    if len(steps) > 1 and name in kind.model_fields:
        return "it belongs to no section: begin its line in the first column"
    sections = (
        [field for field in kind.model_fields if name in _fields_at(kind, (field,))]
        if len(steps) == 1
        else []
    )
    if not sections:
        return None
    return f"it belongs within {_either([f'`{one}`' for one in sections])}: begin its line further in"


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def meant(given: object, known: Iterable[str]) -> str:
    """`; did you mean …?`, if one of the known names is near; also where only capitals or signs differ."""
    names = [str(one) for one in known]
    if not isinstance(given, str):
        return ""
    plain = {_plain(name): name for name in names}
    close = [plain[_plain(given)]] if _plain(given) in plain else difflib.get_close_matches(given, names, 1)
    close = close or [plain[one] for one in difflib.get_close_matches(_plain(given), list(plain), 1)]
    return f"; did you mean {close[0]}?" if close else ""


def listed(known: Sequence[str] | Iterable[str], most: int = 12) -> str:
    """Names that there are, as far as a line has room."""
    names = sorted(known)
    return (", ".join(names[:most]) + (", ..." if len(names) > most else "")) or "none"


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _is_field(step: object) -> bool:
    return isinstance(step, str) and not any(sign in step for sign in "[]()") and step not in _TRIED


_TRIED: Final = frozenset(
    ["constrained-str", "str", "int", "float", "bool", "function-before", "is-instance"]
)


def _fields_at(kind: Any, steps: Steps) -> list[str]:
    for step in steps:
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            # What is no field is a name that somebody chose, such as a route's.
            kind = _section(kind.model_fields[step].annotation) if step in kind.model_fields else kind
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _section(annotation: Any) -> Any:
    """The group of fields that an annotation is, or that its list or option is of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_section(inner) for inner in getattr(annotation, "__args__", ()))
    return next((one for one in found if one is not None), None)
