"""One thread for numpy's linear algebra: the matrices of a small model are too small to be worth sharing out."""

import contextlib
import ctypes
from pathlib import Path
from typing import Final

import numpy as np

_SETTERS: Final = (
    "scipy_openblas_set_num_threads64_",
    "scipy_openblas_set_num_threads",
    "openblas_set_num_threads",
)


def use_one_thread() -> None:
    """Make the OpenBLAS that numpy's wheels bring use one thread in this process; nothing where numpy uses another.

    Two threads on two cores took twice the CPU and half again as long. `OPENBLAS_NUM_THREADS=1` does the same, but
    only in an environment that is set before numpy is imported.
    """
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for path in folder.glob("*openblas*"):
            with contextlib.suppress(OSError):
                _limit(ctypes.CDLL(str(path)))


def _limit(library: ctypes.CDLL) -> None:
    for name in _SETTERS:
        if hasattr(library, name):
            getattr(library, name)(1)
            return
