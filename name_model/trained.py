"""A model that was made before, as an encoder that can be trained further."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from name_model.encoder import Encoder
from name_model.filling import LABELS

_QUANTISED = "_quantized"
_PRODUCT = "onnx::MatMul_"


def from_model(folder: Path) -> Encoder:
    """The encoder of `model.onnx` in `folder`, as `export` writes it; its weights were rounded to 8 bits."""
    model = onnx.load(str(folder / "model.onnx"))
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    named = {
        name.removeprefix("encoder."): value for name, value in stored.items() if value.dtype == np.float32
    }
    named |= {
        name.removeprefix("encoder.").removesuffix(_QUANTISED): _weights(stored, name)
        for name in stored
        if name.endswith(_QUANTISED) and not name.startswith(_PRODUCT)
    }
    products = sorted(
        (name for name in stored if name.startswith(_PRODUCT) and name.endswith(_QUANTISED)),
        key=lambda name: int(name.removeprefix(_PRODUCT).removesuffix(_QUANTISED)),
    )
    layers = sum(name.endswith(".attention.bias") for name in named)
    encoder = Encoder(layers, len(LABELS))
    named |= {
        name: _weights(stored, product).T for name, product in zip(_products(layers), products, strict=True)
    }
    for part in ("head.weight", "head.bias"):
        # A label that the model did not know yet is begun as none at all.
        lacking = len(LABELS) - len(named[part])
        named[part] = np.concatenate([named[part], *[named[part][:1]] * lacking])
    wanted = encoder.state_dict()
    encoder.load_state_dict({name: torch.tensor(np.ascontiguousarray(named[name])) for name in wanted})
    return encoder


def averaged(before: Encoder, trained: Encoder, share: float = 0.25) -> Encoder:
    """The mean of an earlier model, which counts `share`, and what came of its training: it forgets less of old texts.

    Wortsman et al. 2022, Robust fine-tuning of zero-shot models (WiSE-FT).
    """
    old, new = before.state_dict(), trained.state_dict()
    trained.load_state_dict({name: share * old[name] + (1 - share) * new[name] for name in new})
    return trained.eval()


def _products(layers: int) -> Iterator[str]:
    """The weights that are multiplied with, in the order in which they are."""
    for layer in range(layers):
        for part in ("attention", "mixed", "inner", "outer"):
            yield f"layers.{layer}.{part}.weight"
    yield "head.weight"


def _weights(stored: Mapping[str, Any], name: str) -> Any:
    base = name.removesuffix(_QUANTISED)
    return (stored[name].astype(np.float32) - stored[f"{base}_zero_point"].astype(np.float32)) * stored[
        f"{base}_scale"
    ]
