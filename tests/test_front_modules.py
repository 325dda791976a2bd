"""Front modules that load their parts when they are used give what eager ones would."""

from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FRONTS = [
    ".".join(path.parent.relative_to(ROOT).parts) for path in sorted((ROOT / "gateway").rglob("__init__.pyi"))
]


@pytest.mark.parametrize("front", FRONTS)
def test_every_name_of_a_front_module_is_there(front: str) -> None:
    module = import_module(front)
    for name in module.__all__:
        assert getattr(module, name) is getattr(module, name)


@pytest.mark.parametrize("front", FRONTS)
def test_no_name_of_a_front_module_is_a_modules_too(front: str) -> None:
    """The module would take its place as soon as it was imported."""
    folder = ROOT.joinpath(*front.split("."))
    assert not {path.stem for path in folder.iterdir()} & set(import_module(front).__all__)


def test_a_name_that_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match=r"gateway.notices.* nothing"):
        import_module("gateway.notices").nothing  # noqa: B018 - reading it is the test
