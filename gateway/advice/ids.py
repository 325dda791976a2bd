"""Ids of advice, and the scope that its pseudonyms, keys and erasure belong to."""

import secrets
import time
from datetime import datetime

from gateway.storage import Vault


def new_advice_id(at: datetime | None = None) -> str:
    """An id that can't be guessed; it begins with the time, now or `at`, so that new rows lie beside each other."""
    return f"adv_{_unguessable(at)}"


def new_embedding_id() -> str:
    """An id for a request for embeddings, made likewise."""
    return f"emb_{_unguessable()}"


def new_transcription_id() -> str:
    """An id for a request for a transcript, made likewise."""
    return f"trn_{_unguessable()}"


def _unguessable(at: datetime | None = None) -> str:
    milliseconds = time.time_ns() // 1_000_000 if at is None else int(at.timestamp() * 1000)
    return f"{milliseconds:012x}{secrets.token_hex(8)}"


def scope_of(vault: Vault, application: str, case: str | None, advice: str) -> str:
    """What pseudonyms, keys and erasure belong to: the application's case, else this one advice.

    The case's own reference may say who it is about, so outside sealed content it appears by its keyed hash only.
    """
    return advice if case is None else case_scope(vault, application, case)


def case_scope(vault: Vault, application: str, case: str) -> str:
    """How the application's case is known: by a keyed hash."""
    return f"case_{vault.reference('case', application, case)}"
