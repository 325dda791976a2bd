"""Text that is made to break a reader: it is read to its end, offsets never slip, learners never crash."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.redaction import Redactor, Unreadable
from gateway.redaction.decoders.views import views_of
from gateway.redaction.detection.known_values import KnownValues
from gateway.redaction.text.findings import Finding, resolve_overlaps
from gateway.redaction.text.normalised import NormalisedText
from tests.redaction.conftest import user
from tests.redaction.hostile import UNITS

LENGTH = 40_000


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_text_that_is_made_to_explode_a_pattern_is_read_to_its_end_or_refused(
    unit: str, patterns: Redactor
) -> None:
    """How long that takes is measured by `python -m tests.bench.hostile`; a pattern that explodes never ends here."""
    text = (unit * LENGTH)[:LENGTH]
    with suppress(Unreadable):
        assert len(patterns.redact(user(text)).request["messages"]) == 1


_PIECES = st.sampled_from(
    [
        *(
            "John Smith",
            "AB123456C",
            "&#74;",
            "%4A%6F",
            "Sm9obiBTbWl0aA==",
            "J o h n",
            "\\u004a",
            "n",
            "J\u0336o\u0336",
        ),
        *(
            "Nhoj",
            "**Jo**hn",
            "a1",
            "\u200b",
            "\ufb01",
            "Ð",
            "ﬃ",
            "\n",
            " | ",
            ": ",
            "-\n",
            "0x4a",
            "4a6f686e",
            "wbua",
        ),
    ]
)
_TEXTS = st.lists(_PIECES | st.text(max_size=6), max_size=12).map("".join)


@given(_TEXTS)
def test_a_place_in_a_view_is_a_place_in_its_text(text: str) -> None:
    read = NormalisedText(text).text
    for view in views_of(read):
        for at in range(len(view.text)):
            start, end = view.place(at, at + 1)
            assert 0 <= start < end <= len(read)
        if view.text:
            start, end = view.place(0, len(view.text))
            assert 0 <= start < end <= len(read)


@given(_TEXTS)
@settings(max_examples=60)
def test_what_is_replaced_stands_in_order_and_apart(patterns: Redactor, text: str) -> None:
    try:
        places = patterns.places(text)
    except Unreadable:
        return
    last = 0
    for start, end, _ in places:
        assert last <= start < end <= len(text)
        last = end


@given(st.lists(st.text(max_size=12) | _PIECES, max_size=6), _TEXTS)
def test_whatever_was_learnt_is_found_within_the_text(names: list[str], text: str) -> None:
    known_values = KnownValues()
    for name in names:
        known_values.add_name(name)
        known_values.add_found(name, "UK_NINO")
        known_values.add_subject(name, "PERSON")
    for finding in known_values.search(text):
        assert 0 <= finding.start < finding.end <= len(text)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("AB")), max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4),
)
def test_all_that_was_found_is_covered_but_what_is_protected(
    found: list[tuple[int, int, str]], kept: list[tuple[int, int]]
) -> None:
    text = "qx wv-k " * 8
    protected = [(start, start + length) for start, length in kept]
    findings = [Finding(start, start + length, kind, 1.0) for start, length, kind in found]
    resolved = resolve_overlaps(text, findings, protected)
    covered = {at for one in resolved for at in range(one.start, one.end)}
    stays = {at for start, end in protected for at in range(start, end)}
    meant = {at for one in findings for at in range(one.start, one.end) if text[at].isalnum()}
    assert meant - stays <= covered
    assert sum(one.end - one.start for one in resolved) == len(covered)
    for one in resolved:
        for outer, inner in ((one.start - 1, one.start), (one.end, one.end - 1)):
            within_word = text[outer : outer + 1].isalnum() and text[inner].isalnum()
            assert not within_word or outer in stays or outer in covered
