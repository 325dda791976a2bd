"""The meaning of a sentence as a vector: all-MiniLM-L6-v2 in ONNX with 8-bit weights, which is shipped.

`sentence_model/CARD.md` says where it comes from and how it was made; it is read from its folder, never fetched.
"""

import functools
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from tokenizers import Tokenizer

FOLDER: Final = Path(__file__).parent / "sentence_model"
_MAX_PIECES: Final = 96
"""Word pieces of a sentence that are read: what is longer is mostly a table."""

Vector = npt.NDArray[np.float32]


class Embeds(Protocol):
    """Turns a sentence into a vector of length 1, so that the product of two says how alike they are."""

    def __call__(self, text: str) -> Vector:
        """The vector of one sentence."""


class SentenceModel:
    """Loaded as it is made; safe to use from several threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MAX_PIECES)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, text: str) -> Vector:
        """One sentence alone: in a batch 8-bit numbers share a scale, so that a result would depend on the others."""
        pieces = np.array([self._tokenizer.encode(text).ids], np.int64)
        places = np.arange(pieces.shape[1], dtype=np.int64)[None]
        vector: Vector = self._session.run(None, {"pieces": pieces, "places": places})[0][0]
        return vector


@functools.cache
def shipped_model() -> SentenceModel | None:
    """The model of this installation, loaded once; None where its files were left out."""
    return SentenceModel() if (FOLDER / "model.onnx").is_file() else None
