"""Tables, statements and sealed content: what the gateway keeps beside the audit log.

Everything lies in the log's own database, so that an event and what follows from it are one transaction.
Functions take the connection of that transaction, or a read connection from `Database`. The database is a SQLite file,
or PostgreSQL where several gateways share it.
"""

from audit import Connection
from gateway.storage import rotation
from gateway.storage.ciphers import decrypt, derive, encrypt
from gateway.storage.database import SCHEMA_HEAD, Database, ScratchTables, SharedRows, prepare
from gateway.storage.database_choice import open_database, prepare_log
from gateway.storage.keyring import DESTROYED, Keyring, store_fresh
from gateway.storage.masters import KmsKey, LocalKey, MasterKeys
from gateway.storage.statements import Row, Statement, insertion, optional_number, optional_text
from gateway.storage.storage_errors import (
    UNUSABLE,
    DatabaseAway,
    DatabaseUnfit,
    MasterKeyInvalid,
    RowTaken,
    SealedDamaged,
    SealedMissing,
    Unstorable,
    explain_unusable,
)
from gateway.storage.stored_events import stored_event, stored_events
from gateway.storage.tables import PROJECTIONS, metadata, tables
from gateway.storage.vault import OpenedContent, Vault

__all__ = [
    "DESTROYED",
    "PROJECTIONS",
    "SCHEMA_HEAD",
    "UNUSABLE",
    "Connection",
    "Database",
    "DatabaseAway",
    "DatabaseUnfit",
    "Keyring",
    "KmsKey",
    "LocalKey",
    "MasterKeyInvalid",
    "MasterKeys",
    "OpenedContent",
    "Row",
    "RowTaken",
    "ScratchTables",
    "SealedDamaged",
    "SealedMissing",
    "SharedRows",
    "Statement",
    "Unstorable",
    "Vault",
    "decrypt",
    "derive",
    "encrypt",
    "explain_unusable",
    "insertion",
    "metadata",
    "open_database",
    "optional_number",
    "optional_text",
    "prepare",
    "prepare_log",
    "rotation",
    "store_fresh",
    "stored_event",
    "stored_events",
    "tables",
]
