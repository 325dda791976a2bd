"""Names by what stands beside them, without a model."""

from collections.abc import Callable

import pytest

Find = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mr Smith came late.", ["Smith"]),
        ("I rang Ms O'Neill and Mrs Owusu-Ansah.", ["O'Neill", "Owusu-Ansah"]),
        ("seen by Dr A. van den Berg today", ["A. van den Berg"]),
        ("Spoke to Miss Đặng Thị Hoa.", ["Đặng Thị Hoa"]),
        ("MR QUILP attended.", ["QUILP"]),
        ("mr quilp did not attend", ["quilp"]),
        ("Ms bin Yusuf", ["bin Yusuf"]),
        ("He will miss the bus.", []),
        ("Dr's surgery", []),
    ],
)
def test_the_name_after_a_title(text: str, names: list[str], find: Find) -> None:
    assert find(text) == [(name, "PERSON") for name in names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SMITH, John: no show", ["SMITH, John"]),
        ("1. O'NEILL, Mary Anne; 2. AL-HASSAN,Omar", ["O'NEILL, Mary Anne", "AL-HASSAN,Omar"]),
        ("Held at HMP, Leeds", []),
        ("PNC, Bail and the rest", []),
    ],
)
def test_a_surname_in_capitals_before_given_names(text: str, names: list[str], find: Find) -> None:
    assert find(text) == [(name, "PERSON") for name in names]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Name: Chukwuemeka Adeyemi\nDOB: unknown", ["Chukwuemeka Adeyemi"]),
        ("surname: quilp, first name: daniel", ["quilp", "daniel"]),
        ("**Defendant:** Ngozi Okafor, aged 30", ["Ngozi Okafor"]),
        ("Signed: A. Vexham", ["A. Vexham"]),
        ("Victim: did not want to be contacted", []),
        ("File name: report", []),
        ("Name of the court: Leeds", []),
    ],
)
def test_the_name_after_a_label(text: str, names: list[str], find: Find) -> None:
    assert find(text) == [(name, "PERSON") for name in names]
