"""The models that read names in prose, side by side: spaCy's, Rampart, an operator's own; each piece of text once.

All read the same pieces, and what they found in a piece is remembered. The token classifiers run in threads of their
own: their runtime leaves the interpreter free while it computes.
"""

from collections.abc import Callable, Sequence
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
        return self.begin(texts)()

    def begin(self, texts: Sequence[str]) -> Callable[[], list[list[Weighed]]]:
        """Let the classifiers begin in their threads; the result reads the rest, and gives what `read` does."""
        pieces = [
            (at, start, piece) for at, text in enumerate(texts) for start, piece in pieces_of(text, _PIECE)
        ]
        keys = [self._memory.key(piece) for _, _, piece in pieces]
        known = {key: named for key in set(keys) if (named := self._memory.get(key)) is not None}
        new = {key: piece for key, (_, _, piece) in zip(keys, pieces, strict=True) if key not in known}
        unread = list(new.values())
        beside = [self._beside.submit(one.weigh, unread) for one in self._classifiers] if unread else []

        def finished() -> list[list[Weighed]]:
            by_model: list[list[list[Weighed]]] = []
            if self._names is not None and unread:
                by_model.append([[(*one, 1.0) for one in found] for found in self._names.read(unread)])
            by_model += [one.result() for one in beside]
            for key, of_piece in zip(new, zip(*by_model, strict=True), strict=False):
                known[key] = tuple(one for found in of_piece for one in found)
                self._memory.put(key, known[key])
            found: list[list[Weighed]] = [[] for _ in texts]
            for key, (at, start, _) in zip(keys, pieces, strict=True):
                found[at] += [
                    (start + begin, start + end, entity, how) for begin, end, entity, how in known[key]
                ]
            return found

        return finished
