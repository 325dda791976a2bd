"""The models that read names in prose, side by side: spaCy's, Rampart, an operator's own; each piece of text once.

All read the same pieces, and what they found in a piece is remembered. The token classifiers run in threads of their
own: their runtime leaves the interpreter free while it computes.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from gateway.redaction.memory import Memory
from gateway.redaction.names import NamesEngine
from gateway.redaction.pieces import pieces_of
from gateway.redaction.token_classifier import TokenClassifier, Weighed

_PIECE: Final = 400


class Models:
    """The loaded models, one at least. Built once; safe to use from several threads."""

    def __init__(self, names: NamesEngine | None, classifiers: Sequence[TokenClassifier] = ()) -> None:
        self._names = names
        self._classifiers = classifiers
        self._beside = ThreadPoolExecutor(max(1, len(classifiers)), thread_name_prefix="classifier")
        self._memory: Memory[tuple[Weighed, ...]] = Memory()

    def read(self, texts: Sequence[str]) -> list[list[Weighed]]:
        """For each text what the models name in it, and with less than 1 what one of them is not sure of."""
        found: list[list[Weighed]] = [[] for _ in texts]
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
            found[at] += [(start + begin, start + end, entity, how) for begin, end, entity, how in known[key]]
        return found

    def _read(self, pieces: list[str]) -> list[tuple[Weighed, ...]]:
        if not pieces:
            return []
        beside = [self._beside.submit(classifier.weigh, pieces) for classifier in self._classifiers]
        named: list[list[list[Weighed]]] = []
        if self._names is not None:
            named = [[[(*one, 1.0) for one in found] for found in self._names.read(pieces)]]
        named += [one.result() for one in beside]
        return [tuple(one for found in by_model for one in found) for by_model in zip(*named, strict=True)]
