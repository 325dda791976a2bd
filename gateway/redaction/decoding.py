"""spaCy's greedy named-entity decoding, done for a whole batch at once.

`spacy.pipeline.transition_parser` steps through a text word by word with a small matrix product each. Outside of an
entity the state depends on the current word alone (`StateC.set_context_tokens`, three features), so that all these
products are one; only within entities is there a step for each word. The result is the same
(`tests/redaction/test_names.py` compares them), in less than half of the time.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

_FEATURES: Final = 3
_NEVER: Final = np.float32(-np.inf)

_Floats = npt.NDArray[np.float32]


class BatchDecoder:
    """The decoder of one model's `ner`; `of` gives None for a model that is built otherwise."""

    def __init__(self, ner: Any) -> None:
        self._tok2vec, self._lower, upper = ner.model.layers
        self._weights: _Floats = upper.get_param("W")
        self._bias: _Floats = upper.get_param("b")
        self._hidden_bias: _Floats = self._lower.get_param("b")
        moves = [ner.moves.get_class_name(number) for number in range(ner.moves.n_moves)]
        parts = [name.partition("-") for name in moves]
        self._labels = [label for _, _, label in parts]
        self._inside = {label: number for number, (move, _, label) in enumerate(parts) if move == "I"}
        self._last = {label: number for number, (move, _, label) in enumerate(parts) if move == "L"}
        self._begin = np.array([move == "B" for move, _, _ in parts])
        self._unit = np.array([move == "U" and label != "" for move, _, label in parts])
        self._out = moves.index("O")

    @classmethod
    def of(cls, nlp: Language) -> Self | None:
        """A decoder for the pipeline's `ner`, if that is greedy, over its own vectors, and the only pipe."""
        ner: Any = nlp.get_pipe("ner") if nlp.pipe_names == ["ner"] else None
        if ner is None or ner.cfg.get("beam_width") != 1 or ner.model.name != "parser_model":
            return None
        model = ner.model
        lower = model.layers[1]
        usual = model.attrs["has_upper"] and not model.attrs["unseen_classes"]
        if not usual or lower.get_dim("nF") != _FEATURES or lower.get_dim("nP") < 2:
            return None
        ops = NumpyOps(use_blis=False)
        for layer in model.walk():
            layer.ops = ops
        return cls(ner)

    def read(self, docs: Sequence[Doc]) -> list[list[tuple[int, int, str]]]:
        """For each non-empty document its entities: first character, character behind the last, the model's label."""
        features: _Floats = self._lower(self._tok2vec.predict(docs), False)[0]
        padding, words = features[0], features[1:]
        best = self._best_outside(docs, padding, words).tolist()
        found = []
        first = 0
        for doc in docs:
            found.append(self._entities(doc, best[first : first + len(doc)], words[first : first + len(doc)]))
            first += len(doc)
        return found

    def _best_outside(self, docs: Sequence[Doc], padding: _Floats, words: _Floats) -> npt.NDArray[np.int64]:
        """For each word the best move when no entity is open (`Begin`, `Unit` and `Out` of spaCy's ner.pyx)."""
        hidden = _largest(words[:, 0] + (padding[1] + padding[2] + self._hidden_bias))
        scores = hidden @ self._weights.T + self._bias
        out = scores[:, self._out].copy()
        scores[:, ~(self._begin | self._unit)] = _NEVER
        scores[np.concatenate([doc.to_array(["IS_SPACE"]).ravel() for doc in docs]) != 0] = _NEVER
        lasts = np.cumsum([len(doc) for doc in docs]) - 1
        scores[np.ix_(lasts, self._begin)] = _NEVER
        scores[:, self._out] = out
        best: npt.NDArray[np.int64] = scores.argmax(axis=1)
        return best

    def _entities(self, doc: Doc, best: list[int], words: _Floats) -> list[tuple[int, int, str]]:
        entities: list[tuple[int, int, str]] = []
        at = 0
        while at < len(best):
            move = best[at]
            start = at
            at += 1
            if move != self._out:
                if self._begin[move]:
                    at = self._end(words, start, self._labels[move])
                end = doc[at - 1]
                entities.append((doc[start].idx, end.idx + len(end), self._labels[move]))
        return entities

    def _end(self, words: _Floats, start: int, label: str) -> int:
        """Behind the last word of the entity that begins at `start` (`In` and `Last` of spaCy's ner.pyx)."""
        inside, last = self._inside[label], self._last[label]
        begun = words[start, 1] + self._hidden_bias
        for at in range(start + 1, len(words) - 1):
            hidden = _largest(words[at, 0] + begun + words[at - 1, 2])
            stay = self._weights[inside] @ hidden + self._bias[inside]
            leave = self._weights[last] @ hidden + self._bias[last]
            # Of equal scores spaCy takes the first move, and the I- moves come before the L- moves.
            if stay < leave or (stay == leave and last < inside):
                return at + 1
        return len(words)


def _largest(pieces: _Floats) -> _Floats:
    """The maximum over the last axis, which is short: numpy's own is forty times slower there."""
    return reduce(np.maximum, (pieces[..., piece] for piece in range(pieces.shape[-1])))
