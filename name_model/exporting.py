"""Making of a trained encoder what the gateway reads: an ONNX model with 8-bit weights, and what belongs to it."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from name_model.encoder import Encoder, rampart_folder
from name_model.filling import LABELS
from name_model.trainings import Average, Training

_OPERATORS: Final = 17


class Judging(nn.Module):
    """An encoder that answers with probabilities."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces: Tensor, spellings: Tensor) -> Tensor:
        """The probability of each label, for each piece."""
        return torch.softmax(self.encoder(pieces, spellings), -1)


def export(
    encoder: Encoder, folder: Path, trainings: Sequence[Training], averages: Sequence[Average] = ()
) -> None:
    """Write `model.onnx`, `tokenizer.json` and `config.json`, which says how it was trained, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        example = torch.ones(1, 16, dtype=torch.long)
        torch.onnx.export(
            Judging(encoder).eval(),
            (example, example),
            str(whole),
            input_names=["pieces", "spellings"],
            output_names=["probabilities"],
            dynamic_axes={name: {1: "length"} for name in ("pieces", "spellings", "probabilities")},
            opset_version=_OPERATORS,
            dynamo=False,
        )
        quantize_dynamic(
            whole,
            folder / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )
    model = onnx.load(str(folder / "model.onnx"))
    model.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, str(folder / "model.onnx"))
    shutil.copy(rampart_folder() / "tokenizer.json", folder / "tokenizer.json")
    config = {
        "labels": list(LABELS),
        "trainings": [asdict(training) for training in trainings],
        "averages": [asdict(average) for average in averages],
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")
