"""Personal data by a token classifier in ONNX, as Hugging Face's exporters write it, as a Presidio recogniser.

A folder holds `config.json` with `id2label`, `tokenizer.json`, and the model: `model.onnx`, here or in `onnx/`, or the
only file of that ending.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from presidio_analyzer import EntityRecognizer, RecognizerResult
from tokenizers import Tokenizer

from gateway.redaction.errors import ModelMissing
from gateway.redaction.pieces import pieces_of

USUAL_LABELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("PERSON", "PER", "NAME", "GIVEN_NAME", "GIVENNAME", "FIRSTNAME", "SURNAME", "LASTNAME"), "PERSON"
    ),
    **dict.fromkeys(("LOCATION", "LOC", "GPE", "FAC", "CITY"), "LOCATION"),
    **dict.fromkeys(("NRP", "NORP"), "NRP"),
    **dict.fromkeys(("ORGANIZATION", "ORG"), "ORGANIZATION"),
}
"""What models call names and places, to Presidio's types."""
_LEAST: Final = 0.4
"""How sure it must be of a word's being a part of a name; half would be its own choice of label."""
_DOUBTFUL: Final = 0.005
"""How sure it must be of a word to say so."""
_WINDOW: Final = 400
"""Characters that are read at once: enough context for a name."""
_MOST_TOKENS: Final = 510
_SCORE: Final = 0.58

_Floats = npt.NDArray[np.float32]
_ONE: Final = np.ones(1, np.bool_)
Weighed = tuple[int, int, str, float]
"""Start, end, Presidio's type, and how sure a model is, from 0 to 1; 1 of what it found."""


class TokenClassifier(EntityRecognizer):
    """Reads what `labels` maps to Presidio's types. Loaded as it is made; safe to use from several threads.

    `labels` are the model's, without `B-` and `I-`; `least` is how sure the model must be, from 0 to 1, that a word is
    of a type. `weights` may change the model's bytes as they are read. `where` names the setting in errors.
    """

    def __init__(
        self,
        folder: Path,
        labels: Mapping[str, str] = USUAL_LABELS,
        *,
        least: float = _LEAST,
        weights: Callable[[bytes], bytes] = bytes,
        where: str,
    ) -> None:
        self._folder = folder
        self._labels = dict(labels)
        self._least = least
        self._weights = weights
        self._where = where
        self._session: Any = None
        self._tokenizer: Any = None
        self._tokens: dict[str, list[int]] = {}
        super().__init__(sorted(set(self._labels.values())), name=folder.name, supported_language="en")

    def load(self) -> None:
        """Read model, vocabulary and labels; `ModelMissing` names what is not there or of no use."""
        if self._session is not None:
            return
        problem = None
        try:
            self._read_files()
        except ModelMissing:
            raise
        except Exception as error:  # noqa: BLE001  # onnxruntime, tokenizers and JSON each raise their own
            problem = f"{type(error).__name__}: {error}"
        if problem is not None:
            raise ModelMissing(f"{self._where}: the model in {self._folder} can't be loaded. {problem}")
        if not self._tokens:
            raise ModelMissing(
                f"{self._where}: no label of the model in {self._folder} is a type to redact."
                " Say in `labels` which of Presidio's types each of the model's labels is."
            )

    def _read_files(self) -> None:
        names = json.loads((self._folder / "config.json").read_text("utf-8"))["id2label"]
        for number, name in names.items():
            label = name[2:] if name[:2] in ("B-", "I-", "E-", "S-", "L-", "U-") else name
            if label in self._labels:
                self._tokens.setdefault(self._labels[label], []).append(int(number))
        self._tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        weights = self._weights(_model_in(self._folder, self._where).read_bytes())
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._inputs = frozenset(one.name for one in self._session.get_inputs())
        self._output = self._session.get_outputs()[0].name

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """What one text holds."""
        (found,) = self.read([text])
        return [RecognizerResult(entity, start, end, _SCORE) for start, end, entity in found]

    def read(self, texts: Sequence[str]) -> list[list[tuple[int, int, str]]]:
        """For each text the ranges of each type."""
        return [
            [(start, end, entity) for start, end, entity, how in ranges if how >= self._least]
            for ranges in self.weigh(texts)
        ]

    def weigh(self, texts: Sequence[str]) -> list[list[Weighed]]:
        """For each text the ranges of each type and how sure the model is.

        Single words that are not sure enough are there too, as far as they are not out of the question.
        """
        found: list[list[Weighed]] = [[] for _ in texts]
        windows = [
            (at, start, piece)
            for at, text in enumerate(texts)
            for start, piece in pieces_of(text, _WINDOW)
            if any(map(str.isalpha, piece))
        ]
        for at, start, piece in windows:
            window = self._tokenizer.encode(piece, add_special_tokens=True)
            for entity, sure in self._scores(window.ids).items():
                for begin, end in _words(piece, window.offsets, sure >= self._least):
                    found[at].append((start + begin, start + end, entity, 1.0))
                for token in np.flatnonzero((sure >= _DOUBTFUL) & (sure < self._least)):
                    for begin, end in _words(piece, window.offsets[token : token + 1], _ONE):
                        found[at].append((start + begin, start + end, entity, float(sure[token])))
        return [sorted(ranges) for ranges in found]

    def _scores(self, tokens: Sequence[int]) -> dict[str, _Floats]:
        """How sure the model is, token by token, of each type.

        A window is read alone: a batch is no quicker on one thread, pads, and shares the scale of 8-bit numbers, so
        that what is found in a window would depend on the others.
        """
        ids = np.array([tokens[: _MOST_TOKENS + 2]], np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
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


def _model_in(folder: Path, where: str) -> Path:
    """The model's file in `folder`."""
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    models = [*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")]
    if len(models) != 1:
        raise ModelMissing(
            f"{where}: {folder} needs `model.onnx`, here or in `onnx/`; it has {len(models)} files that end in .onnx."
        )
    return models[0]


def _words(
    piece: str, offsets: Sequence[tuple[int, int]], found: npt.NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """The words of a window of which some token was found, side by side as one range."""
    ranges: list[tuple[int, int]] = []
    for token in np.flatnonzero(found):
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
