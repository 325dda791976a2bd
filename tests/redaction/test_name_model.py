"""The name model that is shipped: how it is given a text, and what it finds."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction.models.name_model import NameModel
from gateway.redaction.models.name_model.name_finder import NameFinder
from gateway.redaction.models.name_model.spelling import (
    CAPITAL,
    CAPITALS,
    FIRST,
    MIXED,
    NO_WORD,
    SMALL,
    SMALL_JOINED,
    spellings_of,
)
from gateway.redaction.models.name_model.windows import MAX_PIECES, windows_of

FINDER = NameFinder(NameModel())


def found(text: str) -> list[str]:
    """The persons' names in a text."""
    return [text[one.start : one.end] for one in FINDER.read([text])[0] if one.type == "PERSON"]


def test_a_word_is_spelt_as_it_is_written() -> None:
    text = "Seen w/palwasha, CaseSummary by Priya RAMAN 4"
    words = [(0, 4), (5, 6), (7, 15), (17, 28), (29, 31), (32, 37), (38, 43), (44, 45)]
    expected = [FIRST, SMALL, SMALL_JOINED, MIXED, SMALL, CAPITAL, CAPITALS, NO_WORD]
    assert spellings_of(text, words) == expected


@given(st.lists(st.sampled_from(["word", "Word. ", " ", "\n", ", ", "longer "]), max_size=900))
def test_every_piece_is_judged_once_and_with_what_stands_around_it(parts: list[str]) -> None:
    text, offsets = "", []
    for part in parts:
        start = len(text)
        text += part
        if part.strip():
            offsets.append((start, start + len(part.strip())))
    last = 0
    for start, end, first, after in windows_of(text, offsets):
        assert end - start <= MAX_PIECES
        assert start <= first <= after <= end
        assert first == last
        last = after
    assert last == len(offsets)


def test_a_name_is_found_in_whole_words_without_title_and_possessive() -> None:
    assert found("We met Mr Okonkwo's sister, Adaeze Okonkwo, on Friday.") == ["Okonkwo", "Adaeze Okonkwo"]


def test_an_escape_of_json_is_no_value() -> None:
    assert FINDER.read(['C:\\temp\\new "x" \\u0041 \\\\'])[0] == []


def test_what_is_found_in_a_text_does_not_depend_on_the_texts_beside_it() -> None:
    text = "Spoke to Bartosz Wrzesniewski about the curfew."
    alone = FINDER.read([text])
    assert FINDER.read(["Other text by Ann.", text, "x" * 3000])[1:2] == alone


def test_a_name_is_found_at_any_place_of_a_long_text() -> None:
    filler = "The order was made and the fee was paid in full. "
    for before in (0, 3, 11, 12, 13, 40):
        text = f"{filler * before}Then Oluwaseun Wisniewska rang. {filler * 5}"
        assert "Oluwaseun Wisniewska" in found(text)
