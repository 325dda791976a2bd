"""Following a log: a copy that is checked before it is stored, and evidence if the log contradicts itself.

`follow` keeps a folder up to date with a source. The folder is the log as static files (C2SP tlog-tiles), so any
web server can publish it, and each command of `countersign-audit` reads it; an export is the same thing, and
`archive` puts it into one file.
"""

from audit.mirror.fork_evidence import Contradiction, Fork, RolledBack
from audit.mirror.log_archive import archive
from audit.mirror.mirror_folder import Tree
from audit.mirror.mirror_update import FollowResult, follow, require_continued

__all__ = [
    "Contradiction",
    "FollowResult",
    "Fork",
    "RolledBack",
    "Tree",
    "archive",
    "follow",
    "require_continued",
]
