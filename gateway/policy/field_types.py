"""The kinds of values that fields of a policy have: durations, names, lines, texts, tools."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, StrictInt, StrictStr, WithJsonSchema

OptionalType = Literal["LOCATION", "NRP", "DATE_TIME"]
OPTIONAL: Final[tuple[str, ...]] = get_args(OptionalType)
"""Types of personal data that are redacted where a policy asks for it only."""

_DURATION: Final = re.compile(r"([1-9][0-9]{0,3})([dhms])")
_UNITS: Final = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


def parse_duration(text: object) -> timedelta:
    """`5d`, `12h`, `30m` or `45s`; raises ValueError for anything else."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write a whole number and a unit: 5d, 12h, 30m or 45s")
    return int(match[1]) * _UNITS[match[2]]


def format_duration(duration: timedelta) -> str:
    """The shortest way to write it, so that 24h and 1d have one form."""
    unit = next(name for name, length in _UNITS.items() if not duration % length)
    return f"{duration // _UNITS[unit]}{unit}"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_DURATION.pattern}$"}),
]
Id = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


def is_id(text: str) -> bool:
    """Whether it can be the id of a policy, a rule or a prompt."""
    return _ID.fullmatch(text) is not None


def _parse_day(value: object) -> object:
    """YAML reads 2027-03-31 as a day by itself."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("write a day that the calendar has, in this form: 2027-03-31")
    return day


Day = Annotated[
    date,
    BeforeValidator(_parse_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Residency = Annotated[StrictStr, Field(pattern=r"^[A-Z][A-Za-z-]{1,31}$")]
_RESIDENCY: Final = re.compile(r"[A-Z][A-Za-z-]{1,31}")


def is_residency(text: str) -> bool:
    """Whether it is written as a place where data stays."""
    return _RESIDENCY.fullmatch(text) is not None


Count = Annotated[StrictInt, Field(ge=0, le=1_000_000)]
Share = Annotated[StrictInt, Field(ge=0, le=100)]
PerCent = Annotated[StrictInt, Field(ge=1, le=100)]
Line = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Text = Annotated[StrictStr, Field(min_length=1, max_length=2000)]
Condition = Annotated[StrictStr, Field(min_length=1, max_length=4000)]
EntityType = Annotated[StrictStr, Field(pattern=r"^[A-Z][A-Z0-9_]{0,99}$")]
Wanted = Literal["optional", "required", "none"]


_TOOL_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def _parse_tools(value: object) -> object:
    if isinstance(value, str) and value.endswith(".json"):
        return value
    if isinstance(value, list):
        for index, name in enumerate(value):
            if not (isinstance(name, str) and _TOOL_NAME.fullmatch(name)):
                raise ValueError(f"entry {index + 1} is no name of a tool: letters, digits, _, . and -")
        return tuple(value)
    raise ValueError("write a list of names of tools, or the path of a JSON file that has them")


ToolsField = Annotated[
    Any,
    BeforeValidator(_parse_tools),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string", "pattern": f"^{_TOOL_NAME.pattern}$"}},
                {"type": "string", "pattern": r"\.json$"},
            ]
        }
    ),
]
