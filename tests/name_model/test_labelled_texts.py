"""A department's own labelled texts: what can't be learnt is told, not passed over in silence."""

import json
from pathlib import Path

import pytest

from gateway.commands.redaction_measurement import RowInvalid
from name_model.filling import UNSURE
from name_model.measuring import labelled_texts


def written(path: Path, *spans: list[object]) -> Path:
    path.write_text(json.dumps({"text": "Seen by Priya Raman at Acme.", "spans": spans}))
    return path


def test_spans_of_other_types_are_told_and_nothing_is_learnt_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "ours.jsonl", [8, 19, "PERSON"], [23, 27, "ORGANIZATION"])
    (text,) = labelled_texts([file])
    assert text.spans == ((8, 19, "PERSON"), (23, 27, UNSURE))
    assert f"{file}: spans of other types are not learnt: 1 of ORGANIZATION" in capsys.readouterr().err


def test_a_line_that_can_t_be_learnt_is_named_with_its_file(tmp_path: Path) -> None:
    file = written(tmp_path / "ours.jsonl", [8, 99, "PERSON"])
    with pytest.raises(RowInvalid, match=rf"{file}: Line 1: \[8, 99\] is no range"):
        list(labelled_texts([file]))


def test_of_a_long_number_nothing_is_learnt_unless_references_are_labelled(tmp_path: Path) -> None:
    file = tmp_path / "ours.jsonl"
    row = {"text": "Ref 4417-902 of Priya, order 88120", "spans": [[16, 21, "PERSON"]]}
    more = {"text": row["text"], "spans": [[4, 12, "UK_REFERENCE"], [16, 21, "PERSON"]]}
    file.write_text("\n".join(map(json.dumps, (row, more))))
    names_only, all_types = labelled_texts([file])
    assert names_only.spans == ((4, 12, UNSURE), (16, 21, "PERSON"), (29, 34, UNSURE))
    assert all_types.spans == ((4, 12, "UK_REFERENCE"), (16, 21, "PERSON"))


def test_of_dates_and_addresses_nothing_is_learnt_unless_some_are_labelled(tmp_path: Path) -> None:
    file = tmp_path / "ours.jsonl"
    text = "Priya, born 3/4/1985, 14 Acacia Avenue"
    names = [[0, 5, "PERSON"]]
    rows = ({"text": text, "spans": names}, {"text": text, "spans": [*names, [12, 20, "DATE_OF_BIRTH"]]})
    file.write_text("\n".join(map(json.dumps, rows)))
    names_only, with_births = labelled_texts([file])
    assert names_only.spans == ((0, 5, "PERSON"), (12, 20, UNSURE), (22, 38, UNSURE))
    assert with_births.spans == ((0, 5, "PERSON"), (12, 20, "DATE_OF_BIRTH"), (22, 38, UNSURE))
