"""Where a log can be read: a gateway's data folder, a mirror or static export, or a web address.

All give the same: the signed checkpoint, and tiles and entry bundles as C2SP tlog-tiles has them. Nothing that a
source gives is trusted: anyone who reads it checks it against a checkpoint, and that against a key.
"""

from audit.sources.database import DatabaseSource
from audit.sources.entries import entries
from audit.sources.folder import FolderSource
from audit.sources.source import CHECKPOINT_PATH, VERIFIER_KEY_PATH, WITNESSED_PATH, Source
from audit.sources.source_arguments import open_source, parse_keys, read_given, trusted_keys
from audit.sources.storage import StorageSource
from audit.sources.tree import AuthenticTree, TileDamaged, nodes_of

__all__ = [
    "CHECKPOINT_PATH",
    "VERIFIER_KEY_PATH",
    "WITNESSED_PATH",
    "AuthenticTree",
    "DatabaseSource",
    "FolderSource",
    "Source",
    "StorageSource",
    "TileDamaged",
    "entries",
    "nodes_of",
    "open_source",
    "parse_keys",
    "read_given",
    "trusted_keys",
]
