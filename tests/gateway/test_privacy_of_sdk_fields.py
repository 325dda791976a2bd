"""Nothing personal leaves by any field that the SDKs' types have: each place for a text is tried with one."""

import shutil
from collections.abc import Iterator
from typing import Any, NamedTuple, get_type_hints

import pytest
from openai.types import embedding_create_params as embeddings
from openai.types.audio import transcription_create_params as transcriptions
from openai.types.chat import completion_create_params as chat
from openai.types.responses import response_create_params as responses

from gateway.providers.litellm_import import import_litellm
from gateway.redaction import RedactionSettings
from tests.gateway.sdk_fields import places
from tests.gateway.test_transcriptions import POLICY, SOUND, routes
from tests.gateway_server import POLICIES, GatewayServer
from tests.provider_server import ProviderServer

NAME, NINO = "Siobhan Quillfeather", "AB123456C"
SECRET = f"{NAME}, NI {NINO}"
PERSONAL = (b"Siobhan", b"Quillfeather", b"AB123456C")
HEADERS = {"X-Countersign-Subjects": f'["{NAME}"]'}
HELLO = [{"role": "user", "content": "Hello"}]


class Surface(NamedTuple):
    path: str
    kind: Any
    least: dict[str, Any]
    admitted: int
    """How many of the requests must be served: what refuses everything lets nothing out."""


def surface(name: str) -> Surface:
    if name == "messages":
        import_litellm()
        from litellm.types.llms import anthropic  # as the SDK's, which stands in an environment of its own

        kind = anthropic.AnthropicMessagesRequest
        return Surface("/v1/messages", kind, {"messages": HELLO, "max_tokens": 50}, 20)
    return {
        "chat": Surface(
            "/v1/chat/completions", chat.CompletionCreateParamsNonStreaming, {"messages": HELLO}, 70
        ),
        "responses": Surface(
            "/v1/responses", responses.ResponseCreateParamsNonStreaming, {"input": "Hi"}, 40
        ),
        "embeddings": Surface("/v1/embeddings", embeddings.EmbeddingCreateParams, {"input": "Hello"}, 3),
    }[name]


@pytest.fixture(scope="module")
def own_server() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="module")
def serving(
    provider_server: ProviderServer, own_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """Without the name model: names are known as subjects."""
    folder = tmp_path_factory.mktemp("fields")
    shutil.copytree(POLICIES, folder / "policies")
    every = f"{POLICY}embeddings: {{models: [default]}}\nreview: {{gate: use}}\n"
    (folder / "policies" / "interviews.yaml").write_text(every)
    settings = {
        "policies": folder / "policies",
        "models": routes(own_server, provider_server),
        "redaction": RedactionSettings(name_model=None),
    }
    with GatewayServer(folder / "data", provider_server, **settings) as server:
        yield server


@pytest.mark.parametrize("name", ["chat", "responses", "messages", "embeddings"])
def test_no_field_of_the_sdks_types_lets_personal_data_out(
    name: str, serving: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = "Noted."
    path, kind, least, admitted = surface(name)
    leaked, failed, served = set(), set(), 0
    words: set[str] = set()
    with serving.client() as client:
        for place, asked in places(kind, SECRET):
            if place in words:
                continue
            words |= {place} if place.endswith("=") else set()  # one try for a word of a set is enough
            provider.requests.clear()
            body = {**least, **{field: one for field, one in asked.items() if one not in ([], "x")}}
            body.setdefault("model", "interviews")
            answer = client.post(path, json=body, headers=HEADERS)
            served += answer.status_code == 200
            if answer.status_code >= 500:
                failed.add(place)
            told = b"" if answer.status_code == 200 else answer.content
            if [value for value in PERSONAL if value in provider.received + told]:
                leaked.add(place)
    assert leaked == set()
    assert failed == set()
    assert served >= admitted


def test_recordings_and_what_goes_with_them_reach_the_own_server_only(
    serving: GatewayServer, provider: ProviderServer, own_server: ProviderServer
) -> None:
    own_server.transcript = "Noted."
    passed = set()
    for field in get_type_hints(transcriptions.TranscriptionCreateParamsNonStreaming):
        if field in ("file", "model"):
            continue
        own_server.requests.clear()
        with serving.client() as client:
            files = {"file": (f"{NAME}.wav", SOUND, "audio/wav")}
            data = {"model": "interviews", field: SECRET}
            answer = client.post("/v1/audio/transcriptions", data=data, files=files, headers=HEADERS)
        assert answer.status_code in (200, 400), answer.text
        assert b"Siobhan" not in answer.content
        if b"Siobhan" in own_server.received:
            passed.add(field)
    assert passed == {"prompt"}
    assert provider.requests == []
