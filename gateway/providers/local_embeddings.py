"""Embeddings by a model in this process: sentence transformers in ONNX, as Hugging Face's exporters write them.

A folder holds `tokenizer.json`, `config.json` and the model: `model.onnx`, here or in `onnx/`, or the only file of that
ending. A text's vector is the mean of its tokens' vectors, of length 1.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from tokenizers import Encoding, Tokenizer

from gateway.providers.provider_errors import ProviderFailed, ProviderRefused, RouteInvalid

_AT_ONCE: Final = 16
"""Texts in one run of the model."""

_Floats = npt.NDArray[np.float32]


class LocalEmbedder:
    """Loaded by `load`; safe to use from several threads."""

    def __init__(self, tokenizer: Tokenizer, session: Any, longest: int, name: str) -> None:
        self._tokenizer = tokenizer
        self._session = session
        self._inputs = frozenset(argument.name for argument in session.get_inputs())
        self._output = session.get_outputs()[0].name
        self._longest = longest
        self._name = name

    @classmethod
    def load(cls, folder: Path, *, where: str) -> Self:
        """Raises RouteInvalid, with `where`, the name of the setting."""
        problem = None
        try:
            _check_pooling(folder)
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            tokenizer.no_truncation()
            tokenizer.no_padding()
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.inter_op_num_threads = 1
            options.log_severity_level = 4
            session = onnxruntime.InferenceSession(
                str(_model_in(folder)), options, providers=["CPUExecutionProvider"]
            )
            if len(session.get_outputs()[0].shape) != 3:
                raise ValueError("its first output is no vector for each token")
            return cls(tokenizer, session, _longest(folder), folder.name)
        except Exception as error:  # noqa: BLE001 - onnxruntime, tokenizers and JSON each raise their own
            problem = f"{type(error).__name__}: {error}"
        raise RouteInvalid(f"{where}: the model in {folder} can't be loaded. {problem}")

    async def embed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """See Embedder."""
        try:
            return await asyncio.to_thread(self._embed, request)
        except ProviderRefused:
            raise
        except Exception:  # noqa: BLE001 - onnxruntime and tokenizers each raise their own, with what they read
            failure = ProviderFailed("The model in the gateway failed on these texts.", retryable=False)
        raise failure

    def _embed(self, request: Mapping[str, Any]) -> dict[str, Any]:
        encoded = self._tokenizer.encode_batch(list(request["input"]))
        for at, encoding in enumerate(encoded):
            if len(encoding.ids) > self._longest:
                raise ProviderRefused(
                    f"The text has {len(encoding.ids)} tokens, and this model reads {self._longest}."
                    " Send shorter pieces.",
                    param=f"input[{at}]",
                    provider_code="context_length_exceeded",
                )
        vectors = self._vectors(encoded)
        dimensions = request.get("dimensions")
        if dimensions is not None and dimensions != vectors.shape[1]:
            raise ProviderRefused(
                f"This model's vectors have {vectors.shape[1]} dimensions. Leave `dimensions` out.",
                param="dimensions",
                provider_code="unsupported_parameter",
            )
        tokens = sum(len(encoding.ids) for encoding in encoded)
        return {
            "object": "list",
            "data": [
                {"object": "embedding", "index": at, "embedding": vector}
                for at, vector in enumerate(vectors.tolist())
            ],
            "model": self._name,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
        }

    def _vectors(self, encoded: Sequence[Encoding]) -> _Floats:
        """Texts of like length together, so that little is padded."""
        order = sorted(range(len(encoded)), key=lambda at: len(encoded[at].ids))
        runs = [order[start : start + _AT_ONCE] for start in range(0, len(order), _AT_ONCE)]
        result = np.concatenate([self._run([encoded[at] for at in run]) for run in runs])
        vectors = np.empty_like(result)
        vectors[order] = result
        return vectors

    def _run(self, encoded: Sequence[Encoding]) -> _Floats:
        width = max(len(encoding.ids) for encoding in encoded)
        ids = np.zeros((len(encoded), width), np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encoded):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: value for name, value in feed.items() if name in self._inputs}
        tokens: _Floats = self._session.run([self._output], feed)[0]
        weights = mask[:, :, None].astype(np.float32)
        means = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        vectors: _Floats = (means / np.maximum(lengths, 1e-12)).astype(np.float32)
        return vectors


def _model_in(folder: Path) -> Path:
    for name in ("model.onnx", "onnx/model.onnx"):
        if (folder / name).is_file():
            return folder / name
    models = [*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")]
    if len(models) != 1:
        raise ValueError(f"it has no model.onnx, here or in onnx/, and {len(models)} files that end in .onnx")
    return models[0]


def _check_pooling(folder: Path) -> None:
    """Where the folder says how vectors are made of tokens, it must be by their mean."""
    file = folder / "1_Pooling" / "config.json"
    if file.is_file() and json.loads(file.read_text("utf-8")).get("pooling_mode_mean_tokens") is False:
        raise ValueError("1_Pooling/config.json asks for another pooling than the mean")


def _longest(folder: Path) -> int:
    """The most tokens that the model reads: the length it was trained on, else the number of its positions."""
    for name, member in (
        ("sentence_bert_config.json", "max_seq_length"),
        ("config.json", "max_position_embeddings"),
    ):
        if (folder / name).is_file():
            length = json.loads((folder / name).read_text("utf-8")).get(member)
            if isinstance(length, int):
                return length
    raise ValueError("config.json does not say how many tokens it reads, as max_position_embeddings")
