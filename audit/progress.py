"""How far a long piece of work is."""

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called now and then with the number of events done and the number to do."""


def silent(done: int, total: int) -> None:
    """Tells nobody."""
