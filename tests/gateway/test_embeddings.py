"""Embeddings: redacted by type alone, on record before anything leaves, and refused where a policy has none."""

import base64
import shutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from gateway.advice import rebuild_from
from gateway.storage import tables
from tests.gateway_server import POLICIES, GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.providers.test_embeddings import MODEL

NOTE = "Siobhan O'Connor, NI AB 12 34 56 C."
PERSONAL = (b"Siobhan", b"O'Connor", b"AB 12 34 56 C", b"AB123456C")
ABOUT = {"subjects": '["Siobhan O\'Connor"]'}
POLICY = """\
id: embedding
title: Vectors
purpose: Exercise embeddings in tests.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
embeddings: {models: [default]}
refuse:
  - id: no-cards
    when: '"CREDIT_CARD" in request.entities'
    say: Card numbers are not made into vectors.
limits: {requests_per_minute: 100000, tokens_per_day: 5000}
"""
LOCAL = POLICY.replace("{models: [default]}", "{models: [small], leaves: false}")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests' policies, and one for embeddings."""
    folder = tmp_path_factory.mktemp("embedding") / "policies"
    shutil.copytree(POLICIES, folder)
    (folder / "embedding.yaml").write_text(POLICY)
    return folder


@pytest.fixture(scope="module")
def embedding_server(
    policies: Path, provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    data = tmp_path_factory.mktemp("gateway")
    with GatewayServer(data, provider_server, policies=policies) as server:
        yield server


@pytest.fixture
def gateway(embedding_server: GatewayServer, provider: ProviderServer) -> GatewayServer:
    return embedding_server


def embed(gateway: GatewayServer, *texts: str, **body: Any) -> httpx.Response:
    headers = body.pop("headers", {})
    request = {"model": "embedding", "input": list(texts) or "Hello there", **body}
    with gateway.client() as client:
        return client.post("/v1/embeddings", json=request, headers=headers)


def events(gateway: GatewayServer) -> list[dict[str, Any]]:
    """Those of the newest request for embeddings."""
    found = [event for event in gateway.events() if event["type"].startswith("embedding.")]
    return [event for event in found if event["embedding"] == found[-1]["embedding"]]


def test_the_sdk_gets_a_vector_for_each_text_in_its_order(gateway: GatewayServer) -> None:
    made = gateway.openai().embeddings.create(model="embedding", input=["One", "And another one"])
    assert [one.index for one in made.data] == [0, 1]
    assert [one.embedding for one in made.data] == [[3.0, 0.0, 0.5], [15.0, 2.0, 0.5]]
    assert made.model == "test-model"
    assert made.usage.prompt_tokens == made.usage.total_tokens > 0


@pytest.mark.parametrize("wanted", [None, "float", "base64"])
def test_both_formats(gateway: GatewayServer, wanted: str | None) -> None:
    body = {} if wanted is None else {"encoding_format": wanted}
    (one,) = embed(gateway, input="Hello", dimensions=2, **body).json()["data"]
    vector = one["embedding"]
    if wanted == "base64":
        vector = list(struct.unpack("<2f", base64.b64decode(vector)))
    assert vector == [5.0, 0.0]


def test_values_are_their_types_alone(gateway: GatewayServer, provider: ProviderServer) -> None:
    texts = (
        "Siobhan O'Connor, NI AB123456C, called; Siobhan waits.",
        "Write to one@example.org or two@example.org.",
        "I keep <PERSON_1>.",
    )
    assert embed(gateway, *texts, metadata=ABOUT).status_code == 200
    sent = provider.requests[-1].json
    assert sent["input"] == [
        "<PERSON>, NI <UK_NINO>, called; <PERSON> waits.",
        "Write to <EMAIL_ADDRESS> or <EMAIL_ADDRESS>.",
        "I keep <PERSON_1>.",
    ]
    assert events(gateway)[0]["redactions"] == {"EMAIL_ADDRESS": 2, "PERSON": 1, "UK_NINO": 1}


@pytest.mark.parametrize("field", ["input", "inputs", "user", "subjects", "header", "case"])
def test_nothing_personal_leaves_by_any_field(
    gateway: GatewayServer, provider: ProviderServer, field: str
) -> None:
    fields: dict[str, dict[str, Any]] = {
        "input": {"input": NOTE},
        "inputs": {"input": ["One", NOTE]},
        "user": {"user": NOTE},
        "subjects": {"metadata": {"subjects": [NOTE]}},
        "header": {"headers": {"X-Countersign-Subjects": f'["{NOTE}"]'}},
        "case": {"metadata": {"case": NOTE}},
    }
    assert embed(gateway, **{"metadata": ABOUT, **fields[field]}).status_code == 200
    assert len(provider.requests) == 1
    assert not [value for value in PERSONAL if value in provider.received]


def test_what_the_case_knows_is_found_in_its_texts(gateway: GatewayServer, provider: ProviderServer) -> None:
    about = {"case": "emb-1"}
    advice = gateway.ask(NOTE, model="use", metadata={**about, **ABOUT}).headers["x-advice-id"]
    embed(gateway, "About Siobhan O'Connor", metadata=about)
    assert provider.requests[-1].json["input"] == ["About <PERSON>"]
    assert events(gateway)[0]["case"] == gateway.events(advice)[0]["case"]


def test_the_request_is_on_record_before_it_leaves_and_holds_no_content(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    person = gateway.people["ana"][0]
    embed(gateway, NOTE, "Two", metadata={"case": "emb-2", "on_behalf_of": person, **ABOUT})
    asked, received = events(gateway)
    version = gateway.policy("embedding")["version"]
    assert asked["type"] == "embedding.requested"
    assert asked["policy"] == received["policy"] == {"id": "embedding", "version": version}
    assert (asked["actor"], asked["requester"]) == ("application:casebook", person)
    assert (asked["models"], asked["inputs"], asked["leaves"]) == (["default"], 2, True)
    assert received["type"] == "embedding.received"
    assert received["model"] == "default"
    assert received["attempts"] == [{"model": "default", "outcome": "answered"}]
    assert set(received["usage"]) == {"prompt_tokens"}
    assert not {"commitments", "advice"} & (asked.keys() | received.keys())
    assert "Siobhan" not in str([asked, received])


def test_a_failure_is_on_record(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(status=500))
    answer = embed(gateway, "One")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "provider_failed")
    assert [event["type"] for event in events(gateway)] == ["embedding.requested", "embedding.failed"]
    assert events(gateway)[-1]["code"] == "provider_failed"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b'{"data": []}',
        b'{"data": [{"index": 0, "embedding": []}]}',
        b'{"data": [{"index": 1, "embedding": [1.0]}]}',
        b'{"data": [{"index": 0, "embedding": "abc"}]}',
        b'{"data": [{"index": 0, "embedding": ["1.0"]}]}',
    ],
)
def test_an_answer_without_sense_is_the_providers_failure(
    gateway: GatewayServer, provider: ProviderServer, body: bytes
) -> None:
    provider.faults.append(Fault(body=body))
    assert embed(gateway, "One").json()["error"]["code"] == "provider_failed"


def test_a_policy_that_has_no_embeddings_refuses(gateway: GatewayServer, provider: ProviderServer) -> None:
    with pytest.raises(openai.PermissionDeniedError) as refused:
        gateway.openai().embeddings.create(model="use", input="One")
    assert (refused.value.code, refused.value.param) == ("embeddings_not_allowed", "model")
    assert provider.requests == []


def test_a_policys_refusal_holds_here_too(gateway: GatewayServer, provider: ProviderServer) -> None:
    answer = embed(gateway, "One", "The card is 4111 1111 1111 1111.")
    assert (answer.status_code, answer.json()["error"]["refusal"]) == (403, "no-cards")
    (event,) = events(gateway)
    assert (event["type"], event["refused_by"]) == ("embedding.refused", "no-cards")
    assert provider.requests == []


ENCODED = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk"


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"input": [1, 2, 3]}, 422, "input"),
        ({"input": [[1, 2], [3]]}, 422, "input[0]"),
        ({"input": ["One", ENCODED]}, 422, "input[1]"),
        ({"input": None}, 400, "input"),
        ({"input": []}, 400, "input"),
        ({"input": ""}, 400, "input"),
        ({"input": ["One", ""]}, 400, "input[1]"),
        ({"input": ["One"] * 2049}, 400, "input"),
        ({"encoding_format": "hex"}, 400, "encoding_format"),
        ({"dimensions": "9"}, 400, "dimensions"),
        ({"input_type": "query"}, 400, "input_type"),
        ({"metadata": {"topic": "x"}}, 400, "metadata"),
        ({"metadata": {"case": 7}}, 400, "metadata.case"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named(
    gateway: GatewayServer, provider: ProviderServer, body: dict[str, Any], status: int, param: str
) -> None:
    answer = embed(gateway, **body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    assert provider.requests == []


def test_tokens_count_towards_the_days_limit_also_after_a_rebuild(
    fresh: Callable[..., GatewayServer], policies: Path
) -> None:
    gateway = fresh(policies=policies)
    assert embed(gateway, "word " * 2500).status_code == 200
    used = events(gateway)[-1]["usage"]["prompt_tokens"]
    with gateway.resources.database.read(lambda connection: connection) as connection:
        before = connection.execute(f"SELECT * FROM {tables.usage.name}").fetchall()
        assert [row[7] for row in before] == [used]
        rebuild_from(gateway.resources.log, gateway.resources.database)
        assert connection.execute(f"SELECT * FROM {tables.usage.name}").fetchall() == before
    late = embed(gateway, "word " * 2500)
    assert (late.status_code, late.json()["error"]["code"]) == (429, "rate_limited")
    assert int(late.headers["retry-after"]) > 0
    assert 0 < int(embed(gateway, "word").headers["x-ratelimit-remaining-tokens"]) < 5000 - used


def test_a_local_model_reads_what_is_not_redacted_and_nothing_leaves(
    fresh: Callable[..., GatewayServer], provider: ProviderServer, tmp_path: Path
) -> None:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "embedding.yaml").write_text(LOCAL)
    gateway = fresh(policies=folder, embedding_models={"small": {"folder": MODEL}})
    same, other = (embed(gateway, text, NOTE).json() for text in (NOTE, "<PERSON>"))
    first, second = (one["embedding"] for one in same["data"])
    assert first == pytest.approx(second, abs=1e-6)
    assert sum(number * number for number in first) == pytest.approx(1, abs=1e-5)
    assert other["data"][0]["embedding"] != pytest.approx(first, abs=1e-3)
    assert same["usage"]["prompt_tokens"] > 10
    asked, received = events(gateway)
    assert (asked["leaves"], asked["redactions"], received["model"]) == (False, {}, "small")
    long = embed(gateway, "One", "word " * 600).json()["error"]
    assert (long["code"], long["param"]) == ("context_length_exceeded", "input[1]")
    assert provider.requests == []


def test_the_documents_example_works_as_it_stands(gateway: GatewayServer) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "embeddings.md").read_text("utf-8")
    example = guide.split("```python\n")[1].split("```")[0]
    for told, here in (
        ("http://127.0.0.1:8080", gateway.url),
        ("THE-KEY", gateway.key),
        ("search-notes", "embedding"),
    ):
        assert told in example
        example = example.replace(told, here)
    said: list[Any] = []
    exec(compile(example, "embeddings.md", "exec"), {"print": lambda *words: said.extend(words)})
    assert said == [2, 3]
