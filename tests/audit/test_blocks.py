"""Reading 256 events at once comes to the same as reading each by itself, however cleverly they are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from audit.audit_errors import EventInvalid
from audit.entry_blocks import (
    BLOCK,
    block_root,
    faults,
    frontier_of,
    leaf_hashes,
    read_block,
    tree_above,
)
from audit.events import canonical, decode_event

TIME = "2026-11-24T09:00:00.%06dZ"


def event(number: int = 0, **members: object) -> bytes:
    return canonical({"type": "advice.shown", "time": TIME % number, **members})


def one_by_one(entries: list[bytes]) -> bool:
    newest = ""
    for entry in entries:
        what, newest = faults(entry, newest)
        if what:
            return False
    return True


SPLIT = [
    # Pairs that are no JSON each, and would be together with what stands between them in one text.
    (b'{"a":[{}', b"{}]}"),
    (b'{"a":{}', b"{}}"),
    (b'{},"01":{"a":{}', b"{}}"),
    (b"[", b"]"),
    (b'{"a":"', b'"}'),
    (b'{"time":"' + (TIME % 1).encode() + b'","x":[1', b"2]}"),
]


@pytest.mark.parametrize("pair", SPLIT)
@pytest.mark.parametrize("more", [[], [b"{},{}"], [event(5)]])
def test_entries_that_are_json_only_together_are_refused(pair, more):
    assert read_block([*pair, *more]) is None


BAD = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff",
    b"\xef\xbb\xbf" + event(),
    b" " + event(),
    event() + b"\n",
    event().replace(b":", b": ", 1),
    event(n=1).replace(b'"n":1', b'"n":1.0'),
    event(n=1).replace(b'"n":1', b'"n":1e0'),
    event(n=1).replace(b'"n":1', b'"n":-0'),
    event(n=1).replace(b'"n":1', b'"n":9007199254740992'),
    event(n=1).replace(b'"n":1', b'"n":' + b"9" * 5000),
    event(n=1).replace(b'"n":1', b'"n":NaN'),
    event(n=1).replace(b'"n":1', b'"n":1,"n":1'),
    event(n="a").replace(b'"a"', b'"\\u0061"'),
    event(n="a").replace(b'"a"', b'"\\ud800"'),
    event(n="a").replace(b'"n"', b'"\xc3\xa9"'),
    event(n=1).replace(b'"n":1', b'"n":' + b"[" * 17 + b"]" * 17),
    b"[" * 100_000,
    json.dumps({"type": "advice.shown", "time": TIME % 0}).encode(),
    event().replace(b".000000Z", b"Z"),
    event().replace(b".000000Z", b".000000Z\\n"),
    canonical({"type": "a.b", "time": 5}),
    canonical({"type": "a.b", "n": "x" * 65_500})[:-2] + b"x" * 60 + b'"}',
]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_event_anywhere_is_seen(bad, place):
    entries = [event(0), event(0)]
    entries.insert(place, bad)
    assert not one_by_one(entries)
    assert read_block(entries) is None


def test_events_out_of_the_order_of_their_times_are_seen():
    assert read_block([event(1), event(1), event(2)]) is not None
    assert read_block([event(2), event(1)]) is None


def test_good_events_are_read_with_their_first_and_last_time():
    entries = [event(1), event(2, text="é — ’ \U0001f600"), event(3, n=-(2**53) + 1, deep=[[[{}]]])]
    block = read_block(entries)
    assert block is not None
    assert [canonical(one) for one in block.events] == entries
    assert (block.first_time, block.last_time) == (TIME % 1, TIME % 3)


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=3), st.integers(0, 200)), max_size=5))
def test_as_each_by_itself(changes):
    entries = [event(number, n=number, text="é") for number in range(5)]
    for index, content, at in changes:
        target = entries[index % 5]
        at %= len(target)
        entries[index % 5] = target[:at] + content + target[at + len(content) :]
    assert (read_block(entries) is not None) == one_by_one(entries)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 100, 255, 256])
def test_the_tree_is_the_formats_own(size):
    entries = [event(number) for number in range(size)]
    leaves = leaf_hashes(entries)
    tree = merkle.Frontier()
    rows = [tree.append(merkle.leaf_hash(entry)) for entry in entries]
    assert leaves == [merkle.leaf_hash(entry) for entry in entries]
    if size:
        levels = tree_above(leaves)
        completed = [range(((index + 1) & -(index + 1)).bit_length()) for index in range(size)]
        assert rows == [
            b"".join(levels[level][index >> level] for level in completed[index]) for index in range(size)
        ]
    roots = [block_root(leaves)] if size == BLOCK else []
    assert frontier_of(roots, [] if roots else leaves).root() == tree.root()


def test_what_is_wrong_is_told_as_the_format_tells_it():
    with pytest.raises(EventInvalid) as caught:
        decode_event(b"{")
    assert faults(b"{", "")[0] == str(caught.value).removeprefix("event: ")
