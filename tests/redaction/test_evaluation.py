"""Measuring: words, not spans; Wilson's intervals; the worst groups first."""

import json
import re
from pathlib import Path

import pytest

from gateway.commands.redaction_measurement import RowInvalid, Share, measure, rows_of
from gateway.commands.redaction_report import write_report
from gateway.redaction.text.cache import Cache


def row(text: str, spans: list[list[object]], **more: object) -> str:
    return json.dumps({"text": text, "spans": spans, **more})


def test_a_name_of_which_one_word_leaves_has_left_in_part() -> None:
    rows = rows_of([row("John Smith left early", [[0, 10, "PERSON"]], group={"origin": "x"})])
    report = measure(rows, lambda _text: [(0, 4, "PERSON")])
    assert (report.names.part, report.names.whole) == (1, 2)
    assert report.worst("origin")[0][1].value == 0.5
    assert (report.others.part, report.documents.part) == (0, 1)


def test_what_had_to_stay_and_other_words_are_counted_apart() -> None:
    rows = rows_of([row("At Leeds Crown Court today", [], stays=[[3, 20]], group="report")])
    report = measure(rows, lambda _text: [(3, 8, "LOCATION"), (21, 26, "PERSON")])
    assert (report.stays.part, report.stays.whole) == (1, 3)
    assert (report.others.part, report.others.whole) == (1, 2)


def test_a_refused_text_leaks_nothing_and_is_counted() -> None:
    def refuse(_text: str) -> list[tuple[int, int, str]]:
        raise ValueError

    report = measure(rows_of([row("John", [[0, 4, "PERSON"]])]), refuse, refusals=(ValueError,))
    assert (report.refused, report.names.part) == (1, 0)


def test_wilsons_interval_of_a_published_example() -> None:
    low, high = Share(
        15, 148
    ).interval  # Newcombe, Statistics in Medicine 17 (1998), table I: 0.0624 to 0.1605
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a"}', '{"text": "a", "spans": [[0]]}'])
def test_a_line_that_is_no_labelled_text_is_named(line: str) -> None:
    with pytest.raises(RowInvalid, match="Line 2"):
        rows_of([row("a", []), line])


@pytest.mark.parametrize("place", [[0, 99], [2, 2], [-1, 2]])
def test_a_range_that_is_not_in_its_text_is_named(place: list[int]) -> None:
    with pytest.raises(RowInvalid, match=r"Line 1: \[.*\] is no range of its text of 4 characters"):
        rows_of([row("John", [[*place, "PERSON"]])])


def test_an_example_is_told_with_the_first_text_that_has_it() -> None:
    rows = rows_of(
        [row("nothing", []), row("John here", [[0, 4, "PERSON"]]), row("John", [[0, 4, "PERSON"]])]
    )
    report = measure(rows, lambda _text: [], examples=True)
    assert report.examples["PERSON", "John"] == 2
    assert report.first_seen["PERSON", "John"] == 2


def test_the_memory_forgets_what_was_used_longest_ago_and_keeps_no_text() -> None:
    memory: Cache[int] = Cache(most=2)
    for number, text in enumerate("abc"):
        memory.put(memory.key(text), number)
    assert [memory.get(memory.key(text)) for text in "abc"] == [None, 1, 2]
    assert memory.key("a") != Cache[int]().key("a")


def test_a_report_has_a_chart_and_a_table_for_each_section_and_fetches_nothing(tmp_path: Path) -> None:
    rows = rows_of([row("John & Ann", [[0, 4, "PERSON"], [7, 10, "PERSON"]], group={"origin": "<b>"})])
    write_report(measure(rows, lambda text: [(0, 4, "PERSON")]), "a & b", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    sections = page.split("<h2>")[1:]
    assert [section.partition("</h2>")[0] for section in sections] == ["all", "type", "origin"]
    assert all(section.count("<svg") == section.count("<table>") == 1 for section in sections)
    assert "50.00%" in page
    assert "<b>" not in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)", page)
