"""Tools of .venv-packaging, and what settings take as a secret."""

import os
from pathlib import Path
from typing import Final, get_args

import pytest
from pydantic import BaseModel, SecretStr

from gateway.settings import Settings

ROOT: Final = Path(__file__).parent.parent.parent
_TOOLS: Final = ROOT / ".venv-packaging" / "bin"


def tool(name: str) -> Path:
    """A program of `make packaging-tools`; skips the test where that was not run, except where CI is set."""
    found = _TOOLS / name
    if not (_TOOLS.parent / "installed").exists():
        if os.environ.get("CI"):
            pytest.fail("the packaging tools are missing; .ci/run makes them")
        pytest.skip("needs the packaging tools: make packaging-tools")
    return found


def secret_settings(model: type[BaseModel] = Settings, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Where settings take a secret; `casebook` stands for a key of one's own, such as an application's id."""
    found = []
    for name, field in model.model_fields.items():
        where = (*above, name)
        kinds = _kinds(field.annotation)
        if SecretStr in kinds:
            found.append(where)
        keyed = any(getattr(kind, "__origin__", None) is dict for kind in kinds)
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found += secret_settings(kind, (*where, "casebook") if keyed else where)
    return found


def _kinds(annotation: object) -> list[object]:
    """A type and all that it is made of."""
    return [annotation, *(inner for part in get_args(annotation) for inner in _kinds(part))]
