"""Countersign's gateway: AI informs the decision, a named person makes it, anyone entitled can check.

Read `gateway/pipeline.py` first: it is the whole product, top to bottom.
"""

from importlib.metadata import version
from typing import Final

VERSION: Final = version("countersign")
"""The installed version, from the distribution's metadata."""
