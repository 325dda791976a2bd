"""Watching a log: whether the *process* that it records was kept to, not only whether its bytes are whole.

Each rule is one small class that sees every event once, in the log's order, and says what breaks it. The rules use
nothing but the log: which review was asked for stands in `advice.requested`, who may decide in `key.created`.
"""

from audit.watch.rules import RULES
from audit.watch.watch_log import Breach, Summary, WatchReport, watch

__all__ = ["RULES", "Breach", "Summary", "WatchReport", "watch"]
