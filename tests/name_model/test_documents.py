"""The documents from which the name model learns: many, different, a third of them about nobody, with valid slots."""

import random
import re
from pathlib import Path

import pytest

from name_model.documents import Document, documents_of, problems_of
from name_model.filling import PERSON, Filled, Filling, joined
from name_model.names import Person, by_origin
from name_model.terms import frames, sentences
from name_model.writing import Writing, _rebuilt

DOCUMENTS = documents_of()
PEOPLE = {
    letter: Person(f"Given{letter}", f"Family{letter}", short=f"Short{letter}") for letter in "abcdefgh"
}


class SamePeople:
    """Draws the same persons each time."""

    def people(self, letters: list[str], *, bare: bool = False) -> dict[str, Person]:
        return {letter: PEOPLE[letter] for letter in letters}


@pytest.fixture
def filling(monkeypatch: pytest.MonkeyPatch) -> Filling:
    """Fills with persons whose names are recognisable."""
    monkeypatch.setattr("name_model.filling.Names", lambda chance: SamePeople())
    return Filling(random.Random(5))


def test_every_slot_is_one_that_can_be_filled() -> None:
    assert [problem for one in DOCUMENTS for problem in problems_of(one)] == []


def test_a_slot_that_is_misspelt_is_named() -> None:
    assert list(problems_of(Document("x", "t", "Seen {a.q} in {twon} with {b}, {birth.xx}."))) == [
        "{a.q} has no such form",
        "{twon} is no value",
        "{birth.xx} is in no language",
    ]


def test_there_are_six_hundred_different_documents_and_a_third_has_nobody() -> None:
    assert len({document.text for document in DOCUMENTS}) >= 600
    assert sum(not document.has_persons for document in DOCUMENTS) >= len(DOCUMENTS) / 4
    first_words = {" ".join(re.findall(r"\w+", document.text)[:6]) for document in DOCUMENTS}
    assert len(first_words) > 0.95 * len(DOCUMENTS)


def test_no_document_stands_in_a_set_that_is_measured() -> None:
    measured = "\n".join(
        path.read_text("utf-8")
        for path in (Path(__file__).parents[1] / "redaction" / "evaluation").glob("*.jsonl")
    )
    lines = {
        line for one in DOCUMENTS for line in one.text.splitlines() if len(line) > 60 and "{" not in line
    }
    assert [line for line in lines if line in measured] == []


def test_a_name_stands_exactly_where_the_filling_says(filling: Filling) -> None:
    for document in DOCUMENTS:
        filled = filling.fill(document)
        inside = "".join(filled.text[start:end] for start, end, kind in filled.spans if kind == PERSON)
        outside = list(filled.text)
        for start, end, _ in filled.spans:
            outside[start:end] = " " * (end - start)
        assert not re.search(r"(?i)(given|family|short)[a-h]\b", "".join(outside)), document.title
        assert bool(inside) <= document.has_persons


@pytest.mark.parametrize("seed", range(8))
def test_spans_move_with_the_letters_however_a_document_is_written(seed: int, filling: Filling) -> None:
    writing = Writing(random.Random(seed))
    for document in DOCUMENTS[::7]:
        written = writing.write(filling.fill(document))
        last = 0
        for start, end, _ in written.spans:
            assert last <= start < end <= len(written.text)
            last = end
        plain = [written.text[start:end].lower() for start, end, kind in written.spans if kind == PERSON]
        assert all(any(char.isalnum() for char in name) for name in plain)


def test_a_name_is_marked_as_it_is_written(filling: Filling) -> None:
    document = Document("x", "t", "Grace period over; {=Grace} paid {=Rhys ap Huw}.")
    filled = filling.fill(document)
    assert filled.text == "Grace period over; Grace paid Rhys ap Huw."
    assert [filled.text[start:end] for start, end, _ in filled.spans] == ["Grace", "Rhys ap Huw"]
    assert document.has_persons


def test_initials_that_are_sure_are_always_learnt(filling: Filling) -> None:
    document = Document("x", "t", "{a.N} rang.")
    filled = [filling.fill(document) for _ in range(30)]
    assert {one.text for one in filled} == {"GF rang.", "G. rang.", "G.F. rang."}
    assert all(one.spans == ((0, one.text.index(" "), PERSON),) for one in filled)


def test_frames_have_no_persons() -> None:
    for frame in frames():
        document = Document("", "", frame)
        assert list(problems_of(document)) == []
        assert not document.has_persons


def test_each_bare_sentence_has_a_person() -> None:
    for sentence in sentences():
        document = Document("", "", sentence)
        assert list(problems_of(document)) == []
        assert document.has_persons


def test_texts_that_are_joined_keep_their_spans() -> None:
    first, second = Filled("By Ann", ((3, 6, PERSON),)), Filled("Bo in Hull", ((0, 2, PERSON),))
    both = joined([first, second], "; ")
    assert both.text == "By Ann; Bo in Hull"
    assert [both.text[start:end] for start, end, _ in both.spans] == ["Ann", "Bo"]


def test_lists_of_names_by_origin_are_of_use() -> None:
    assert len(by_origin()) >= 90
    assert min(len(given) for given, _ in by_origin()) >= 20


def test_the_same_seed_fills_and_writes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("name_model.filling.Names", lambda chance: SamePeople())

    def made() -> list[Filled]:
        chance = random.Random(3)
        filling, writing = Filling(chance), Writing(chance)
        return [writing.write(filling.fill(document)) for document in DOCUMENTS[:40]]

    assert made() == made()


def test_a_name_of_which_no_letter_is_left_is_not_learnt() -> None:
    dropped = _rebuilt(Filled("K. rang", ((0, 2, PERSON),)), [(".", 1), (" ", 2), ("r", 3)])
    assert dropped == Filled(". r", ())
