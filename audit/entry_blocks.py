"""256 events at once: their leaf hashes, the tree above them, and whether each one keeps to the format.

Verifying a long log is mostly this, so it is written for speed: few calls an event, all else in C. A *block* is what
one full entry bundle holds (C2SP tlog-tiles), or the rest of the log at its end. `read_block` only says whether a
block is valid; `faults` says what is wrong with each event.
"""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from audit import merkle
from audit.audit_errors import EventInvalid
from audit.events import MAX_BYTES, MAX_DEPTH, MAX_INTEGER, Json, decode_event, is_time

BLOCK: Final = 256

_TIMES = re.compile(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\n)*", re.ASCII)


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1: SHA-256 of 0x00 and each entry."""
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def parents(hashes: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1: SHA-256 of 0x01 and each two neighbours; an odd one at the end has no parent yet."""
    pairs = iter(hashes)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]


def tree_above(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """All complete subtrees over up to 256 leaves, by level, the leaves themselves first."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        levels.append(parents(levels[-1]))
    return levels


@dataclass(frozen=True)
class Block:
    """Events that are canonical, within the rules and in the order of their times, and what they say."""

    events: list[dict[str, Json]]
    first_time: str
    last_time: str


def read_block(entries: Sequence[bytes]) -> Block | None:
    """The events of a block, or None if anything is wrong with any of them.

    All are parsed and written again in one go, and must come out as they were, so they are canonical (RFC 8785).
    Between them stands a text that nobody can foresee: an entry that is no whole JSON value, but would be one
    together with its neighbour, would have to contain it.
    """
    if not entries:
        return Block([], "", "")
    between = f',"{secrets.token_hex(16)}",'
    try:
        text = b"".join((b"[", between.encode().join(entries), b"]")).decode()
        values = (_decode if text.isascii() else _decode_names)(text)
        if _encode(values) != text or len(values) != 2 * len(entries) - 1:
            return None
        if any(value != between[2:-2] for value in values[1::2]):
            return None
        events: list[dict[str, Json]] = values[::2]
        times: list[Any] = [event["time"] for event in events]
        lines = "\n".join(times) + "\n"
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    sound = (
        _TIMES.fullmatch(lines)
        and lines.count("\n") == len(entries)
        and times == sorted(times)
        and max(map(len, entries)) <= MAX_BYTES
        and all(_shallow(entry) for entry in entries)
        and all(type(event) is dict for event in events)
    )
    return Block(events, times[0], times[-1]) if sound else None


def faults(entry: bytes, before: str) -> tuple[str | None, str]:
    """What is wrong with the content of an event, if anything, and the newest time after it.

    `before` is the newest time of the events before it.
    """
    try:
        time = decode_event(entry).get("time")
    except EventInvalid as error:
        return str(error).removeprefix("event: "), before
    if not isinstance(time, str) or not is_time(time):
        return "has no time in the form of the log", before
    if time < before:
        return "is older than the event before it", before
    return None, time


def block_root(leaves: Sequence[bytes]) -> bytes:
    """The hash of the complete subtree over the 256 leaves of a full block."""
    level = leaves
    while len(level) > 1:
        level = parents(level)
    return level[0]


def _shallow(entry: bytes) -> bool:
    """Counting brackets settles nearly every event; the rest is read by the format's own strict reader."""
    if entry.count(b"{") + entry.count(b"[") <= MAX_DEPTH:
        return True
    try:
        decode_event(entry)
    except EventInvalid:
        return False
    return True


def _integer(digits: str) -> int:
    if len(digits) > 17 or not -MAX_INTEGER <= (number := int(digits)) <= MAX_INTEGER:
        raise ValueError("beyond 2^53")
    return number


def _refuse(number: str) -> int:
    raise ValueError("no integer")


def _ascii_names(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if not "".join(members).isascii():
        raise ValueError("a name that is not ASCII")
    return members


_decode = json.JSONDecoder(parse_int=_integer, parse_float=_refuse, parse_constant=_refuse).decode
_decode_names = json.JSONDecoder(
    object_pairs_hook=_ascii_names, parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
).decode
_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


def frontier_of(roots: Sequence[bytes], leaves: Sequence[bytes]) -> merkle.Frontier:
    """The right edge of the tree over full blocks with these `roots`, and the `leaves` of the last, partial one."""
    tree = merkle.Frontier()
    for root in roots:
        tree.append(root)
    last = merkle.Frontier()
    for leaf in leaves:
        last.append(leaf)
    return merkle.Frontier(len(roots) * BLOCK + len(leaves), [*tree.peaks, *last.peaks])
