"""The models that read names in prose, side by side: spaCy's and Rampart, each piece of text once.

Both read the same pieces, and what they found in a piece is remembered. Rampart runs in a thread of its own: its
runtime leaves the interpreter free while it computes.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from gateway.redaction.memory import Memory
from gateway.redaction.names import NamesEngine
from gateway.redaction.pieces import pieces_of
from gateway.redaction.rampart import Rampart

_PIECE: Final = 400
Named = tuple[int, int, str]
"""Start, end and Presidio's entity type."""


class Models:
    """The loaded models. Built once; safe to use from several threads."""

    def __init__(self, names: NamesEngine, rampart: Rampart | None) -> None:
        self._names = names
        self._rampart = rampart
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="rampart")
        self._memory: Memory[tuple[Named, ...]] = Memory()

    def read(self, texts: Sequence[str]) -> list[list[Named]]:
        """For each text what the models name in it."""
        found: list[list[Named]] = [[] for _ in texts]
        pieces = [
            (at, start, piece) for at, text in enumerate(texts) for start, piece in pieces_of(text, _PIECE)
        ]
        keys = [self._memory.key(piece) for _, _, piece in pieces]
        known = {key: named for key in set(keys) if (named := self._memory.get(key)) is not None}
        new = {key: piece for key, (_, _, piece) in zip(keys, pieces, strict=True) if key not in known}
        for key, named in zip(new, self._read(list(new.values())), strict=True):
            known[key] = named
            self._memory.put(key, named)
        for key, (at, start, _) in zip(keys, pieces, strict=True):
            found[at] += [(start + begin, start + end, entity) for begin, end, entity in known[key]]
        return found

    def _read(self, pieces: list[str]) -> list[tuple[Named, ...]]:
        if not pieces:
            return []
        if self._rampart is None:
            return [tuple(named) for named in self._names.read(pieces)]
        beside: Any = self._beside.submit(self._rampart.read, pieces)
        named = self._names.read(pieces)
        return [
            (*by_spacy, *((start, end, "PERSON") for start, end in by_rampart))
            for by_spacy, by_rampart in zip(named, beside.result(), strict=True)
        ]
