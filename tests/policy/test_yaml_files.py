"""Plain data with places, and nothing that YAML could hide or blow up."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.yaml_files import MAX_DEPTH, MAX_FILE_BYTES, YamlInvalid, read_yaml


def problems_of(text: str | bytes) -> list[tuple[tuple[int, int], str]]:
    with pytest.raises(YamlInvalid) as caught:
        read_yaml(text.encode() if isinstance(text, str) else text)
    return caught.value.problems


def test_data_is_plain_and_every_place_is_known() -> None:
    document = read_yaml(b"a: 1\nb:\n  - x\n  - {c: true, d: null, e: 1.5, f: 2026-03-01, g: 1_000}\n")
    last = {"c": True, "d": None, "e": 1.5, "f": "2026-03-01", "g": 1000}
    assert document.data == {"a": 1, "b": ["x", last]}
    assert document.place(("b", 1, "c")) == (4, 9)
    assert document.key_place(("b", 1, "c")) == (4, 6)
    assert document.place(("b", 7, "nothing")) == (3, 3)


def test_a_comment_behind_a_plain_text_is_known_by_its_place() -> None:
    text = (
        "# alone\na: Cut here #4 of it\nb: 'whole # 5'\nc: whole#6\nd: |\n  whole # 7\ne: 5 # a number\n"
        "f: [x, Case # 8\n  ]\ng: on two\n  lines   # 9\nh:\n  # alone\n  - i\n"
    )
    read = read_yaml(text.encode(), 3)
    assert read.comments == {("a",): (4, 13), ("f", 1): (10, 13), ("g",): (13, 11)}
    assert read.data["g"] == "on two lines"


def test_words_that_older_yaml_took_for_booleans_are_words() -> None:
    assert read_yaml(b"[yes, no, on, off]").data == ["yes", "no", "on", "off"]


def test_folded_text_is_joined_by_single_spaces() -> None:
    assert read_yaml(b"a: >-\n  one\n  two\n").data == {"a": "one two"}


def test_every_duplicate_field_is_refused() -> None:
    assert problems_of("a: 1\na: 2\nb: {c: 1, c: 2}\n") == [
        ((2, 1), "a is there twice; leave one out"),
        ((3, 11), "c is there twice; leave one out"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &x 1\nb: *x\n", "anchors and aliases"),
        ("a: !!python/object/apply:os.system [ls]", "tags"),
        ("a: !thing 1", "tags"),
        ("<<: {a: 1}", "plain text"),
        ("? [a]\n: 1", "plain text"),
        ("a: [", "this is not YAML"),
        ("a: 1\n---\nb: 1", "this is not YAML"),
        ("a: 'x", "this is not YAML"),
        ("a: \x00", "this is not YAML"),
        ("[" * (MAX_DEPTH + 1), f"deeper than {MAX_DEPTH}"),
        (b"a: \xff", "UTF-8"),
        ('a: "\\ud83d"', "half a character"),
        ('"\\ud83d": a', "half a character"),
        (b"#" * (MAX_FILE_BYTES + 1), "bytes"),
    ],
)
def test_what_is_not_needed_or_not_yaml_is_refused(text: str | bytes, says: str) -> None:
    assert any(says in why for _, why in problems_of(text))


def test_a_character_may_be_written_as_json_writes_it() -> None:
    assert read_yaml(json.dumps({"a": "\U0001f600"}).encode()).data == {"a": "\U0001f600"}


def test_a_bomb_of_aliases_is_refused_before_it_is_built() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 40)]
    assert any("aliases" in why for _, why in problems_of("\n".join(lines)))


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}&*!|>#'\"\n ,?0.", max_size=80).map(str.encode))
def test_any_bytes_are_read_or_refused_with_a_place(raw: bytes) -> None:
    problems: list[tuple[tuple[int, int], str]] = []
    try:
        read_yaml(raw)
    except YamlInvalid as error:
        problems = error.problems or [((0, 0), "")]
    assert all(line >= 1 and column >= 1 and why for (line, column), why in problems)
