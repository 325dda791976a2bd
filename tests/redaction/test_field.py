"""Cases from the field: what is personal goes, what is not stays, and of a text about nobody nothing is taken."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.redaction import Redactor
from tests.redaction.conftest import Found, content_of, user


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


_ROWS = _rows("field.jsonl")
_ABOUT_NOBODY = ("everyday", "odd")


def _name(row: dict[str, Any]) -> str:
    return f"{row['kind']}: {row['text'][:60]}"


@pytest.mark.parametrize("row", [row for row in _ROWS if row["kind"] not in _ABOUT_NOBODY], ids=_name)
def test_what_is_personal_goes_and_the_rest_stays(row: dict[str, Any], redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(row["text"])))
    assert [value for value in row["leaves"] if value in sent] == []
    assert [value for value in row["stays"] if value not in sent] == []


@pytest.mark.parametrize("row", [row for row in _ROWS if row["kind"] in _ABOUT_NOBODY], ids=_name)
def test_of_a_text_about_nobody_nothing_is_taken(row: dict[str, Any], find: Callable[[str], Found]) -> None:
    assert find(row["text"]) == []


@pytest.mark.parametrize("row", _rows("field_names.jsonl"), ids=_name)
def test_names_go_whole_and_what_stands_beside_them_stays(row: dict[str, Any], redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(row["text"])))
    assert [value for value in row["leaves"] if value in sent] == []
    assert [value for value in row["stays"] if value not in sent] == []
