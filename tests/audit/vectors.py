"""The shared test vectors (see `vectors/README.md`), each entry a case named by what it shows."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent / "vectors"


@cache
def load(name: str) -> Any:
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))


def cases(name: str, section: str) -> Any:
    """Each entry of a section as a parametrised `case`."""
    entries = load(name)[section]
    params = [pytest.param(entry, id=_name(entry, number)) for number, entry in enumerate(entries)]
    return pytest.mark.parametrize("case", params)


def indexed_leaf(index: int) -> bytes:
    return b'{"index":%d}' % index


def _name(entry: Any, number: int) -> str:
    why = entry.get("why", "") if isinstance(entry, dict) else repr(entry)
    return f"{number} {why}".strip().encode("ascii", "replace").decode()
