"""The installed version, from the distribution's metadata."""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("countersign")
