"""Text that is made to break a reader: it is read to its end, offsets never slip, learners never crash."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.redaction import Redactor, Unreadable
from gateway.redaction.findings import Finding, settle
from gateway.redaction.mentions import Mentions
from gateway.redaction.reading import Reading
from gateway.redaction.recognisers.person_in_column import PersonInColumn
from gateway.redaction.recognisers.person_speaking import PersonSpeaking
from gateway.redaction.recognisers.person_unlisted import PersonUnlisted
from gateway.redaction.views import views_of
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
    read = Reading(text).text
    for view in views_of(read, lambda one: Reading(one).text):
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
    mentions = Mentions()
    for name in names:
        mentions.add_name(name)
        mentions.add_found(name, "UK_NINO")
        mentions.add_subject(name, "PERSON")
    for finding in mentions.search(text):
        assert 0 <= finding.start < finding.end <= len(text)


@given(_TEXTS)
def test_the_rules_for_names_find_within_the_text(text: str) -> None:
    for recogniser in (PersonUnlisted(), PersonInColumn(), PersonSpeaking()):
        for result in recogniser.analyze(text, ["PERSON"]):
            assert 0 <= result.start < result.end <= len(text)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("AB")), max_size=12),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=4),
)
def test_all_that_was_found_is_covered_but_what_is_protected(
    found: list[tuple[int, int, str]], kept: list[tuple[int, int]]
) -> None:
    text = "x" * 60
    protected = [(start, start + length) for start, length in kept]
    findings = [Finding(start, start + length, kind, 1.0) for start, length, kind in found]
    settled = settle(text, findings, protected)
    covered = {at for one in settled for at in range(one.start, one.end)}
    stays = {at for start, end in protected for at in range(start, end)}
    assert covered == {at for one in findings for at in range(one.start, one.end)} - stays
    assert sum(one.end - one.start for one in settled) == len(covered)
