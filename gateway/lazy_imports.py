"""Packages whose parts are imported when they are first used (PEP 562), so that a command loads what it needs only.

The `__init__.py` of such a package holds its imports under `if TYPE_CHECKING`, for people, editors and mypy, and

    else:
        __getattr__ = load_when_used(__name__, __file__)
"""

import ast
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any


def load_when_used(package: str, file: str) -> Callable[[str], Any]:
    """The `__getattr__` of `package`. It imports a missing name as the imports in `file` say, and keeps it."""
    sources = dict(_imports(Path(file)))

    def get(name: str) -> Any:
        if name not in sources:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(sources[name]), name)
        setattr(import_module(package), name, value)
        return value

    return get


def _imports(file: Path) -> Iterator[tuple[str, str]]:
    """Each name that the file imports, and the module that it is imported from."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for imported in node.names:
                yield imported.name, node.module
