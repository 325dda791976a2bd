"""Events as bytes: canonical JSON that the standard library can write and anyone can check.

An event is one JSON object in the canonical form of RFC 8785 (names sorted, no white space, shortest escapes,
UTF-8), narrowed so that `json` with sorted names is already canonical:
- names are ASCII, so that sorting by code point is sorting by UTF-16 unit (RFC 8785 section 3.2.3)
- numbers are integers from -(2**53 - 1) to 2**53 - 1, so that no library rounds them (RFC 7493 section 2.2)
- at most 65,535 bytes (an entry of C2SP tlog-tiles has a 16-bit length) and 16 levels
Strings are kept as they are: there is no Unicode normalisation (RFC 8785 section 3.1).
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeAlias

from audit.audit_errors import EventInvalid

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

MAX_BYTES: Final = 65_535
MAX_DEPTH: Final = 16
MAX_INTEGER: Final = 2**53 - 1

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z", re.ASCII)
_FINE: Final = frozenset({str, bool, type(None)})
_TYPE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*", re.ASCII)


def encode_event(event: Mapping[str, object], time: str) -> bytes:
    """The canonical bytes of `event` with its `time`; `EventInvalid` names the member at fault."""
    if "time" in event:
        raise EventInvalid("time: is set by the log; leave it out")
    if not isinstance(kind := event.get("type"), str) or not _TYPE.fullmatch(kind):
        raise EventInvalid("type: must be noun.verb in small letters, such as advice.requested")
    return canonical({**event, "time": time})


def canonical(value: object) -> bytes:
    """The canonical bytes of a JSON value within the rules; `EventInvalid` names the member at fault."""
    if fault := _fault(value, "", MAX_DEPTH):
        raise EventInvalid(fault)
    raw = _rewrite(value)
    if len(raw) > MAX_BYTES:
        raise EventInvalid(f"event: has {len(raw)} bytes; at most {MAX_BYTES} can be recorded")
    return raw


def decode_event(raw: bytes) -> dict[str, Json]:
    """Read one event strictly: an object, within the rules, in canonical form byte for byte."""
    event = _parse(raw)
    if not isinstance(event, dict):
        raise EventInvalid("event: is no JSON object")
    if _rewrite(event) != raw:
        raise EventInvalid("event: is not in canonical form")
    return event


def parse(raw: bytes) -> Json:
    """Read JSON of any layout within the rules: UTF-8 only, no byte-order mark, no duplicate names."""
    value = _parse(raw)
    _rewrite(value)
    return value


def is_time(value: object) -> bool:
    """Whether this is an event's time: RFC 3339, UTC, microseconds, so that text order is time order."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _parse(raw: bytes) -> Json:
    if len(raw) > MAX_BYTES:
        raise EventInvalid(f"event: has {len(raw)} bytes; at most {MAX_BYTES} are allowed")
    try:
        value: Json = _decode(raw.decode())
    except EventInvalid:
        raise
    except UnicodeDecodeError:
        raise EventInvalid("event: is not valid UTF-8") from None
    except (ValueError, RecursionError):
        raise EventInvalid("event: is not valid JSON") from None
    # Counting brackets is cheap and settles nearly every event; only the rest is walked.
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and (fault := _fault(value, "", MAX_DEPTH)):
        raise EventInvalid(fault)
    return value


def _rewrite(value: object) -> bytes:
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        raise EventInvalid(
            "event: holds half of a surrogate pair; only whole characters are recorded"
        ) from None


def _fault(value: object, path: str, depth: int) -> str | None:
    """The broken rule and its place; None if the event keeps all rules."""
    if isinstance(value, str | bool | None):
        return None
    if isinstance(value, int):
        return None if -MAX_INTEGER <= value <= MAX_INTEGER else _at(path, "an integer beyond 2^53; use text")
    if not isinstance(value, dict | list | tuple):
        return _at(
            path, f"a {type(value).__name__}; use text, integers, true, false, null, lists and objects"
        )
    if depth == 0:
        return _at(path, f"nested deeper than {MAX_DEPTH} levels")
    return _member_fault(value, path, depth) if isinstance(value, dict) else _item_fault(value, path, depth)


def _member_fault(members: dict[object, object], path: str, depth: int) -> str | None:
    for name, item in members.items():
        # A name may be data when a caller errs, so only the path that leads to it is told.
        if not isinstance(name, str) or not name.isascii():
            return _at(path, "has a member whose name is not ASCII text")
        # Nearly every member is one of these: on the way of each request this saves a call each.
        if type(item) not in _FINE and (fault := _fault(item, f"{path}.{name}" if path else name, depth - 1)):
            return fault
    return None


def _item_fault(items: Sequence[object], path: str, depth: int) -> str | None:
    for number, item in enumerate(items):
        if fault := _fault(item, f"{path}[{number}]", depth - 1):
            return fault
    return None


def _at(path: str, what: str) -> str:
    return f"{path or 'event'}: {what}"


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise EventInvalid("event: has two members of one name")
    if not "".join(members).isascii():
        raise EventInvalid("event: has a member whose name is not ASCII")
    return members


def _integer(digits: str) -> int:
    # The length first: Python refuses to convert thousands of digits, with an error of its own.
    if len(digits) > 17 or not -MAX_INTEGER <= (number := int(digits)) <= MAX_INTEGER:
        raise EventInvalid("event: has an integer beyond 2^53")
    return number


def _refuse_number(_: str) -> NoReturn:
    raise EventInvalid("event: has a number that is no integer")


_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_refuse_number, parse_constant=_refuse_number
).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
