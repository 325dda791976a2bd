import hashlib
import json
import struct
from contextlib import suppress

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import events
from audit.audit_errors import EventInvalid
from tests.audit.vectors import cases, load

TIME = "2026-01-01T00:00:00.000000Z"

names = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


def within_the_rules(value: object) -> bool:
    """Our rules on top of RFC 8785's: ASCII names, integers within 2^53."""
    match value:
        case dict():
            return all(name.isascii() and within_the_rules(item) for name, item in value.items())
        case list():
            return all(within_the_rules(item) for item in value)
        case float():
            return False
        case bool():
            return True
        case int():
            return abs(value) < 2**53
    return True


@cases("jcs", "accept")
def test_rfc_8785_input_is_made_canonical_or_refused_where_our_rules_are_narrower(case):
    raw, expected = bytes.fromhex(case["input_hex"]), bytes.fromhex(case["output_hex"])
    if within_the_rules(json.loads(raw)):
        assert events.canonical(events.parse(raw)) == expected
    else:
        with pytest.raises(EventInvalid):
            events.parse(raw)


def test_about_half_of_rfc_8785s_vectors_are_within_our_rules():
    inside = [within_the_rules(json.loads(bytes.fromhex(c["input_hex"]))) for c in load("jcs")["accept"]]
    assert (sum(inside), len(inside)) == (24, 51)


@cases("jcs", "reject")
def test_input_that_is_no_json_is_refused(case):
    with pytest.raises(EventInvalid):
        events.parse(bytes.fromhex(case["input_hex"]))


@cases("jcs", "accept_or_refuse")
def test_integers_beyond_exact_range_are_refused(case):
    with pytest.raises(EventInvalid):
        events.parse(bytes.fromhex(case["input_hex"]))


@cases("jcs", "stricter_than_the_spec")
def test_input_that_the_spec_leaves_open_is_refused(case):
    raw = b"[" * 100_000 + b"]" * 100_000 if "input_rule" in case else bytes.fromhex(case["input_hex"])
    with pytest.raises(EventInvalid):
        events.parse(raw)


@cases("jcs", "canonical_already")
def test_an_event_is_read_only_in_its_canonical_bytes(case):
    raw = bytes.fromhex(case["hex"])
    if case["ok"]:
        assert events.canonical(events.decode_event(raw)) == raw
    else:
        with pytest.raises(EventInvalid):
            events.decode_event(raw)


@pytest.mark.parametrize("entry", load("worked_log")["entries"][:20], ids=range(20))
def test_worked_log_entries_are_canonical(entry):
    assert events.canonical(events.decode_event(entry.encode())) == entry.encode()


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"x"', b"1", b"true"])
def test_an_event_is_an_object(raw):
    with pytest.raises(EventInvalid, match="no JSON object"):
        events.decode_event(raw)


@given(values)
def test_canonical_form_is_rfc_8785s_and_read_back_as_it_was(value):
    assert events.canonical(value) == rfc8785.dumps(value)
    assert events.parse(events.canonical(value)) == value


@given(st.binary(max_size=60))
def test_no_bytes_end_in_another_error(raw):
    with suppress(EventInvalid):
        assert events.canonical(events.decode_event(raw)) == raw


def test_an_event_has_the_logs_time():
    raw = events.encode_event({"type": "advice.requested", "advice": "a1"}, TIME)
    assert raw == b'{"advice":"a1","time":"2026-01-01T00:00:00.000000Z","type":"advice.requested"}'


@pytest.mark.parametrize(
    ("event", "remedy"),
    [
        ({"type": "advice.requested", "time": TIME}, "time: is set by the log"),
        ({}, "type: must be noun.verb"),
        ({"type": "Advice"}, "type: must be noun.verb"),
        ({"type": 1}, "type: must be noun.verb"),
        ({"type": "a.b", "score": 0.5}, "score: a float"),
        ({"type": "a.b", "n": {"m": [1, 2**53]}}, r"n\.m\[1\]: an integer beyond"),
        ({"type": "a.b", "n": -(2**53)}, "n: an integer beyond"),
        ({"type": "a.b", "raw": b"secret"}, "raw: a bytes"),
        ({"type": "a.b", "x": {"Jürgen": 1}}, "x: has a member whose name is not ASCII"),
        ({"type": "a.b", "x": {1: 1}}, "x: has a member whose name is not ASCII"),
        ({"type": "a.b", "x": "\ud800"}, "half of a surrogate pair"),
        ({"type": "a.b", "x": "y" * 65_535}, "at most 65535"),
    ],
)
def test_an_event_that_breaks_a_rule_is_refused_by_the_members_name_alone(event, remedy):
    with pytest.raises(EventInvalid, match=remedy) as caught:
        events.encode_event(event, TIME)
    assert "secret" not in str(caught.value)
    assert "Jürgen" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_the_largest_event_is_recorded_and_one_byte_more_is_refused():
    room = 65_535 - len(events.encode_event({"type": "a.b", "x": ""}, TIME))
    assert len(events.encode_event({"type": "a.b", "x": "y" * room}, TIME)) == 65_535
    with pytest.raises(EventInvalid):
        events.encode_event({"type": "a.b", "x": "y" * (room + 1)}, TIME)


def nested(depth: int) -> object:
    return [nested(depth - 1)] if depth > 1 else []


def test_sixteen_levels_are_recorded_and_seventeen_refused_both_ways():
    assert events.parse(events.canonical(nested(16))) == nested(16)
    with pytest.raises(EventInvalid, match="deeper"):
        events.canonical(nested(17))
    with pytest.raises(EventInvalid, match="deeper"):
        events.parse(json.dumps(nested(17)).encode())


def test_many_brackets_side_by_side_are_not_deep():
    wide = [[] for _ in range(100)]
    assert events.parse(events.canonical(wide)) == wide


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.000000+00:00",
        "2026-01-01t00:00:00.000000Z",
        "",
        None,
        5,
        "٢026-01-01T00:00:00.000000Z",
    ],
)
def test_other_forms_of_time_are_none(text):
    assert events.is_time(TIME)
    assert not events.is_time(text)


@cases("jcs", "numbers")
def test_a_number_is_written_as_rfc_8785_says_or_refused_as_no_integer_of_ours(case):
    number = struct.unpack(">d", bytes.fromhex(case["ieee754"]))[0]
    with pytest.raises(EventInvalid):
        events.canonical(number)
    if case["text"] is None:
        return
    text = case["text"].encode()
    if number.is_integer() and abs(number) < 2**53:
        assert events.canonical(events.parse(text)) == text
    else:
        with pytest.raises(EventInvalid):
            events.parse(text)


def test_the_oracle_that_we_are_compared_with_writes_the_published_number_sequence():
    """The first 1,000 lines: values that were chosen, then serial ones. Ours are the integers among them."""
    sequence = load("jcs")["number_sequence"]
    bits = [int(value, 16) for value in sequence["static_ieee754"]]
    bits += [0x0010000000000000 + serial for serial in range(1000 - len(bits))]
    numbers = [struct.unpack(">d", struct.pack(">Q", value))[0] for value in bits]
    lines = [
        f"{value:x},{rfc8785.dumps(number).decode()}\n" for value, number in zip(bits, numbers, strict=True)
    ]
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == sequence["sha256_after_lines"]["1000"]
    for line, number in zip(lines, numbers, strict=True):
        text = line.strip().split(",")[1].encode()
        if number.is_integer() and abs(number) < 2**53:
            assert events.canonical(events.parse(text)) == text
