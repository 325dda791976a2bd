"""Verifying a whole log: every event, every stored hash, every signature.

`verify_directory` reads a gateway's database, `verify_tree` tiles: a mirror, a static export or a web address.
Both read spans of events in several processes (`audit.checking.spans`) and put the spans' trees together.
"""

from audit.checking.database import verify_directory
from audit.checking.tiled_log import verify_tree
from audit.progress import Progress

__all__ = ["Progress", "verify_directory", "verify_tree"]
