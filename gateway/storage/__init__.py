"""Tables, statements and sealed content: what the gateway keeps beside the audit log.

Everything lies in the log's own database, so that an event and what follows from it are one transaction.
Functions take the DB-API connection of that transaction, or a read connection from `Database`.
"""

from gateway.storage.database import Database, prepare
from gateway.storage.sealing import MasterKey, MasterKeyInvalid, Sealed, SealedMissing, Vault
from gateway.storage.statements import Connection, Row, Statement, insertion
from gateway.storage.tables import PROJECTIONS, metadata, tables

__all__ = [
    "PROJECTIONS",
    "Connection",
    "Database",
    "MasterKey",
    "MasterKeyInvalid",
    "Row",
    "Sealed",
    "SealedMissing",
    "Statement",
    "Vault",
    "insertion",
    "metadata",
    "prepare",
    "tables",
]
