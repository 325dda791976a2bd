"""All shared vectors are used: each file, and each of its sections, by some test here."""

from pathlib import Path

import pytest

from tests.audit.vectors import load

HERE = Path(__file__).parent
TESTS = "\n".join(
    path.read_text("utf-8") for path in HERE.glob("test_*.py") if path.name != "test_vectors.py"
)
SECTIONS = [
    (path.stem, section)
    for path in sorted((HERE / "vectors").glob("*.json"))
    for section in load(path.stem)
    if section != "about"
]


@pytest.mark.parametrize(
    ("file", "section"), SECTIONS, ids=[f"{file} {section}" for file, section in SECTIONS]
)
def test_is_used(file, section):
    assert f'"{file}"' in TESTS
    assert f'"{section}"' in TESTS or section.rstrip("0123456789") in TESTS
