"""Tables, statements and sealed content: what the gateway keeps beside the audit log.

Everything lies in the log's own database, so that an event and what follows from it are one transaction.
Functions take the DB-API connection of that transaction, or a read connection from `Database`.
"""

from gateway.storage import rotation
from gateway.storage.ciphers import decrypt, derive, encrypt
from gateway.storage.database import Database, prepare
from gateway.storage.errors import UNUSABLE, MasterKeyInvalid, SealedDamaged, SealedMissing, explain_unusable
from gateway.storage.keyring import DESTROYED, Keyring, store_fresh
from gateway.storage.masters import KmsKey, LocalKey, MasterKeys
from gateway.storage.sealing import Sealed, Vault
from gateway.storage.statements import Connection, Row, Statement, insertion
from gateway.storage.tables import PROJECTIONS, metadata, tables

__all__ = [
    "DESTROYED",
    "PROJECTIONS",
    "UNUSABLE",
    "Connection",
    "Database",
    "Keyring",
    "KmsKey",
    "LocalKey",
    "MasterKeyInvalid",
    "MasterKeys",
    "Row",
    "Sealed",
    "SealedDamaged",
    "SealedMissing",
    "Statement",
    "Vault",
    "decrypt",
    "derive",
    "encrypt",
    "explain_unusable",
    "insertion",
    "metadata",
    "prepare",
    "rotation",
    "store_fresh",
    "tables",
]
