"""Caches the findings of a text for the next turn of a conversation, so that a turn costs its new text only.

Bounded, in memory only, and keyed by a hash under a secret that dies with the process: it holds places and types but
no text, and nobody can ask it whether a text was read.
"""

import hashlib
import secrets
import threading
from collections import OrderedDict
from typing import Final, Generic, TypeVar

_MAX: Final = 50_000
"""Entries; one with ten findings takes about two kilobytes."""

Found = TypeVar("Found")


class Cache(Generic[Found]):
    """Remembers the latest entries; safe to use from several threads."""

    def __init__(self, most: int = _MAX) -> None:
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._entries: OrderedDict[bytes, Found] = OrderedDict()
        self._lock = threading.Lock()

    def key(self, text: str) -> bytes:
        """What stands for `text` here."""
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, key=self._secret, digest_size=16).digest()

    def get(self, key: bytes) -> Found | None:
        with self._lock:
            value = self._entries.get(key)
            if value is not None:
                self._entries.move_to_end(key)
            return value

    def put(self, key: bytes, value: Found) -> None:
        """Remember, and forget what was used longest ago."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self._most:
                self._entries.popitem(last=False)
