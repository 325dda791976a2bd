"""Names by a token classifier in ONNX that an operator adds, as Hugging Face's exporters write it.

A folder holds `config.json` with `id2label`, `tokenizer.json`, and the model: `model.onnx`, here or in `onnx/`, or the
only file of that ending.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from gateway.redaction.models.model_spans import in_whole_words, pieces_of
from gateway.redaction.models.name_model import load_onnx
from gateway.redaction.text.findings import Finding

_WINDOW: Final = 400
"""Characters that are read at once: enough context for a name."""
_MAX_TOKENS: Final = 510

_Floats = npt.NDArray[np.float32]


class TokenClassifier:
    """Reads what `labels` maps to Presidio's types. Loaded as it is made; safe to use from several threads.

    `labels` are the model's, without `B-` and `I-`; `least` is how sure the model must be, from 0 to 1, that a word is
    of a type.
    """

    def __init__(self, folder: Path, labels: Mapping[str, str], least: float) -> None:
        self._least = least
        self._tokens: dict[str, list[int]] = {}
        names = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
        for number, name in names.items():
            label = name[2:] if name[:2] in ("B-", "I-", "E-", "S-", "L-", "U-") else name
            if label in labels:
                self._tokens.setdefault(labels[label], []).append(int(number))
        if not self._tokens:
            raise ValueError(
                "no label of it is a type to redact. Say in `labels` which of Presidio's types each of them is."
            )
        self._tokenizer, self._session = load_onnx(folder, _model_in(folder))
        self._inputs = frozenset(argument.name for argument in self._session.get_inputs())
        self._output = self._session.get_outputs()[0].name

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds of each type."""
        return [
            [
                finding.moved(start)
                for start, piece in pieces_of(text, _WINDOW)
                if any(map(str.isalpha, piece))
                for finding in self._find(piece)
            ]
            for text in texts
        ]

    def _find(self, piece: str) -> Iterator[Finding]:
        window = self._tokenizer.encode(piece, add_special_tokens=True)
        for entity, sure in self._scores(window.ids).items():
            for start, end in _words(piece, window.offsets, sure >= self._least):
                yield from in_whole_words(piece, start, end, entity)

    def _scores(self, tokens: Sequence[int]) -> dict[str, _Floats]:
        """How sure the model is, token by token, of each type.

        A window is read alone: a batch is no quicker on one thread, pads, and shares the scale of 8-bit numbers, so
        that what is found in a window would depend on the others.
        """
        ids = np.array([tokens[: _MAX_TOKENS + 2]], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        feed = {name: value for name, value in feed.items() if name in self._inputs}
        logits: _Floats = self._session.run([self._output], feed)[0][0]
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        whole = odds.sum(axis=1)
        # What is beyond the model's window was not read: taken for found, so that it can't leave.
        unread = np.ones(len(tokens) - len(odds), np.float32)
        return {
            entity: np.concatenate([odds[:, numbers].sum(axis=1) / whole, unread])
            for entity, numbers in self._tokens.items()
        }


def _model_in(folder: Path) -> Path:
    """The model's file in `folder`."""
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    models = [*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")]
    if len(models) != 1:
        raise ValueError(
            f"it needs `model.onnx`, here or in `onnx/`, and has {len(models)} files that end in .onnx"
        )
    return models[0]


def _words(
    piece: str, offsets: Sequence[tuple[int, int]], marks: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """The ranges of a window that were found; what is found of a word is made the whole of it later."""
    ranges: list[tuple[int, int]] = []
    for token in np.flatnonzero(marks):
        start, end = offsets[int(token)]
        if start == end:
            continue
        if ranges and start <= ranges[-1][1] + 1 and piece[ranges[-1][1] : start] in ("", " "):
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges
