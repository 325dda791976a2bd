"""The name model that is shipped: which words of a text are a person's name, a place, a group.

A small token classifier in ONNX with 8-bit weights, begun from Rampart's encoder (National Design Studio, CC BY 4.0)
and trained by `make name-model`; `CARD.md` beside it says on what, and how well it does. The files are read as they
are.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
import regex  # type: ignore[import-untyped]  # it ships no types
from tokenizers import Tokenizer

from gateway.redaction.models.name_model.spelling import NO_WORD, spellings_of
from gateway.redaction.models.name_model.windows import windows_of
from gateway.redaction.text.long_texts import between_blanks

FOLDER: Final = Path(__file__).parent
_BEGIN, _END = 2, 3
_SIGNS: Final = regex.compile(r"[^\w\s]{4,}|\\u[0-9a-fA-F]{4}")
_THREADS: Final = 2
"""Windows that are read at once; a window alone is read on one thread, so that its result depends on nothing else."""

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PieceScores:
    """The word pieces of a text: where each stands, and how likely it is part of what each label says, from 0 to 1."""

    offsets: Sequence[tuple[int, int]]
    likely: dict[str, _Floats]


def load_onnx(folder: Path, model: Path, *, without: str = "") -> tuple[Tokenizer, Any]:
    """The tokenizer of a folder and a session of the model, which runs on one thread, `without` an optimizer."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_mem_pattern = False
    disabled = [without] if without else []
    return tokenizer, onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"], disabled_optimizers=disabled
    )


class NameModel:
    """Loaded as it is made; safe to use from several threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._labels: list[str] = json.loads((folder / "config.json").read_text("utf-8"))["labels"]
        # The fused operator takes a tenth longer.
        self._tokenizer, self._session = load_onnx(
            folder, folder / "model.onnx", without="SkipLayerNormFusion"
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="name-model")

    def classify(self, texts: Sequence[str]) -> list[PieceScores]:
        """For each text, how likely each of its word pieces is part of a name."""
        # Runs of signs and escapes are blank, place for place: they say nothing and fill windows.
        read = [self.encode(_SIGNS.sub(lambda run: " " * len(run[0]), text)) for text in texts]
        spelled = [spellings_of(text, offsets) for text, (_, offsets) in zip(texts, read, strict=True)]
        scores = [np.zeros((len(ids), len(self._labels)), np.float32) for ids, _ in read]
        windows = [
            (at, window)
            for at, (text, (ids, offsets)) in enumerate(zip(texts, read, strict=True))
            if ids
            for window in windows_of(text, offsets)
        ]

        def run(part: tuple[int, tuple[int, int, int, int]]) -> _Floats:
            at, (start, end, _, _) = part
            pieces = np.array([[_BEGIN, *read[at][0][start:end], _END]], np.int64)
            spellings = np.array([[NO_WORD, *spelled[at][start:end], NO_WORD]], np.int64)
            likely: _Floats = self._session.run(None, {"pieces": pieces, "spellings": spellings})[0][0]
            return likely

        for (at, (start, _, first, last)), likely in zip(
            windows, self._threads.map(run, windows), strict=True
        ):
            scores[at][first:last] = likely[1 + first - start : 1 + last - start]
        return [
            PieceScores(offsets, {label: each[:, at] for at, label in enumerate(self._labels) if at})
            for (_, offsets), each in zip(read, scores, strict=True)
        ]

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The word pieces of a text: their ids, and where each stands.

        Other threads run meanwhile, as they would not during `Tokenizer.encode`.
        """
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for start, end in between_blanks(text):
            (read,) = self._tokenizer.encode_batch([text[start:end]], add_special_tokens=False)
            ids += read.ids
            offsets += [(first + start, last + start) for first, last in read.offsets]
        return ids, offsets
