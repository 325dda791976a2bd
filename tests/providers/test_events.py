"""Reading server-sent events, however the network cuts them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.providers.events import MAX_EVENT_BYTES, EventReader, LineReader
from gateway.providers.provider_errors import ProviderFailed


def read(*packets: bytes) -> list[bytes]:
    reader = EventReader()
    events = [event for packet in packets for event in reader.feed(packet)]
    return events + reader.end()


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_each_newline_of_the_standard_ends_a_line(newline: bytes) -> None:
    assert read(newline.join([b"data: a", b"", b"data: b", b"", b""])) == [b"a", b"b"]


def test_several_data_lines_are_one_event() -> None:
    assert read(b"data: {\ndata:  1}\n\n") == [b"{\n 1}"]


def test_only_one_leading_space_belongs_to_the_syntax() -> None:
    assert read(b"data:a\n\ndata:  b\n\n") == [b"a", b" b"]


def test_comments_names_ids_and_unknown_fields_are_skipped() -> None:
    assert read(b": ping\n\nevent: x\nid: 7\nretry: 1\ndatabase: no\ndata: a\n\n") == [b"a"]


def test_a_byte_order_mark_at_the_start_is_skipped() -> None:
    assert read(b"\xef\xbb\xbfdata: a\n\n") == [b"a"]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c"])
def test_what_only_unicode_calls_a_line_break_is_text(character: str) -> None:
    data = f'{{"content": "a{character}b"}}'.encode()
    assert read(b"data: " + data + b"\n\n") == [data]


def test_an_event_without_its_blank_line_is_left_for_the_end_to_judge() -> None:
    reader = EventReader()
    assert reader.feed(b"data: a\n\ndata: [DONE]") == [b"a"]
    assert reader.end() == [b"[DONE]"]


texts = st.text(alphabet="aé\u2028€😀 :", max_size=12)


@given(
    st.lists(texts, min_size=1, max_size=6),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_events_are_the_same_however_their_bytes_are_split(
    contents: list[str], newline: bytes, cuts: list[int]
) -> None:
    raw = b"".join(b"data: " + text.encode() + newline + newline for text in contents)
    places = sorted({0, len(raw), *(cut % (len(raw) + 1) for cut in cuts)})
    packets = [raw[start:end] for start, end in itertools.pairwise(places)]
    assert read(*packets) == [text.encode() for text in contents if text]


def test_an_event_whose_data_is_empty_is_none() -> None:
    assert read(b"data:\n\ndata: \n\n: ping\n\ndata: a\n\ndata:\n\n") == [b"a"]


def test_a_line_or_an_event_that_never_ends_is_refused() -> None:
    with pytest.raises(ProviderFailed, match="too long"):
        read(b"data: " + b"x" * MAX_EVENT_BYTES)
    with pytest.raises(ProviderFailed, match="too long"):
        read(*[b"data: " + b"x" * (MAX_EVENT_BYTES // 4) + b"\n"] * 5)


def test_lines_of_json_break_at_newlines_alone() -> None:
    reader = LineReader(carriage_returns=False)
    assert reader.feed(b'{"a": "\r"}\n{"b"') == [b'{"a": "\r"}']
    assert reader.feed(b": 1}\n") == [b'{"b": 1}']
