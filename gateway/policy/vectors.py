"""Vectors of sentences. Naming their types loads no numpy, which takes longer than checking all policies."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    Vector = npt.NDArray[Any]
else:
    Vector = Any

Embeds = Callable[[str], Vector]
"""The vector of a sentence, of length 1."""
