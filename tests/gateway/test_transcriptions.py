"""Recorded speech: transcribed within the organisation only, and on record as part of its case."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from gateway.advice import check_content, missing_content, rebuild_from
from gateway.operations import disclose_content
from gateway.providers import ModelRoute
from gateway.redaction import RedactionSettings
from gateway.storage import tables
from tests.gateway_server import PLAIN, POLICIES, GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

HEARD = "Zorblat Quillfeather lives at 12 Elm Road. Her number is AB 12 34 56 C."
SOUND = b"RIFF\x24\x00\x00\x00WAVEfmt \r\n--boundary\r\n\x00\xff" * 40
POLICY = """\
id: interviews
title: Transcripts
purpose: Exercise transcripts in tests.
owner: Tests
stage: pilot
applications: [casebook]
models: [default]
prompt: plain
transcriptions: {models: [whisper], leaves: false}
limits: {requests_per_minute: 100000}
"""


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("speech") / "policies"
    shutil.copytree(POLICIES, folder)
    (folder / "interviews.yaml").write_text(POLICY)
    return folder


@pytest.fixture(scope="module")
def own_server() -> Iterator[ProviderServer]:
    """The organisation's own, which hears `HEARD`."""
    with ProviderServer() as server:
        yield server


@pytest.fixture(scope="module")
def speech_gateway(
    policies: Path,
    own_server: ProviderServer,
    provider_server: ProviderServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[GatewayServer]:
    data = tmp_path_factory.mktemp("gateway")
    settings = {"policies": policies, "models": routes(own_server, provider_server)}
    with GatewayServer(data, provider_server, **settings) as server:
        yield server


def routes(own: ProviderServer, outside: ProviderServer) -> dict[str, ModelRoute]:
    whisper = ModelRoute(
        model="openai_like/whisper-1",
        api_base=own.base_url,
        leaves=False,
        retries=0,
        timeout_seconds=5,
        params={"vad_filter": "true"},
    )
    default = ModelRoute(model="openai/test-model", api_base=outside.base_url, retries=0, timeout_seconds=5)
    return {"default": default, "whisper": whisper}


@pytest.fixture
def whisper(own_server: ProviderServer) -> ProviderServer:
    own_server.requests.clear()
    own_server.faults.clear()
    own_server.transcript = HEARD
    return own_server


@pytest.fixture
def gateway(
    speech_gateway: GatewayServer, provider: ProviderServer, whisper: ProviderServer
) -> GatewayServer:
    return speech_gateway


def transcribe(gateway: GatewayServer, *, sound: Any = SOUND, **fields: Any) -> httpx.Response:
    headers = fields.pop("headers", {})
    files = {"file": ("Zorblat.wav", sound, "audio/wav")}
    with gateway.client() as client:
        data = {"model": "interviews", **fields}
        return client.post("/v1/audio/transcriptions", data=data, files=files, headers=headers)


def events(gateway: GatewayServer, answer: httpx.Response) -> list[dict[str, Any]]:
    name = answer.headers["x-transcription-id"]
    return [event for event in gateway.events() if event.get("transcription") == name]


def test_the_sdk_gets_each_format(gateway: GatewayServer, whisper: ProviderServer) -> None:
    create = gateway.openai().audio.transcriptions.create
    file = ("interview.wav", SOUND, "audio/wav")
    assert create(model="interviews", file=file).text == HEARD
    assert create(model="interviews", file=file, response_format="text") == f"{HEARD}\n"
    assert HEARD in create(model="interviews", file=file, response_format="srt")
    assert create(model="interviews", file=file, response_format="vtt").startswith("WEBVTT")
    verbose = create(
        model="interviews",
        file=file,
        response_format="verbose_json",
        language="en",
        prompt="A first interview.",
        temperature=0.2,
        timestamp_granularities=["word", "segment"],
        extra_body={"metadata": {"case": "2026/1", "subjects": ["Ann Lee"]}},
    )
    assert (verbose.duration, [one.end for one in verbose.segments or ()]) == (2.5, [2.5])


def test_the_own_server_gets_the_recording_and_its_fields(
    gateway: GatewayServer, whisper: ProviderServer, provider: ProviderServer
) -> None:
    answer = transcribe(
        gateway,
        language="en",
        prompt="A first interview.",
        **{"timestamp_granularities[]": ["word"], "response_format": "verbose_json"},
        headers={"X-Countersign-Case": "2026/2"},
    )
    assert answer.status_code == 200
    (sent,) = whisper.requests
    assert sent.path == "/v1/audio/transcriptions"
    parts = sent.body.split(b"--" + sent.headers["content-type"].partition("boundary=")[2].encode())
    found = {}
    for part in parts[1:-1]:
        head, _, data = (
            part.strip(b"\r\n").partition(b"\r\n\r\n") if b"file" not in part else part.partition(b"\r\n\r\n")
        )
        found[head.decode().partition('name="')[2].partition('"')[0]] = data
    assert found.pop("file").removesuffix(b"\r\n") == SOUND
    assert found == {
        "language": b"en",
        "prompt": b"A first interview.",
        "timestamp_granularities[]": b"word",
        "response_format": b"verbose_json",
        "vad_filter": b"true",
        "model": b"whisper-1",
    }
    assert b'filename="audio.wav"' in sent.body
    for word in (b"Zorblat", b"2026/2", b"metadata", b"interviews"):
        assert word not in sent.raw.replace(SOUND, b"")
    assert provider.requests == []


def test_the_transcript_is_sealed_on_record_and_not_in_the_log(gateway: GatewayServer) -> None:
    person = gateway.people["ana"][0]
    about = {"metadata[case]": "2026/3", "metadata[on_behalf_of]": person}
    answer = transcribe(gateway, **about)
    asked, received = events(gateway, answer)
    assert (asked["type"], received["type"]) == ("transcription.requested", "transcription.received")
    assert (asked["actor"], asked["requester"], asked["leaves"]) == ("application:casebook", person, False)
    assert (asked["models"], asked["bytes"], asked["format"]) == (["whisper"], len(SOUND), "json")
    assert received["case"] == asked["case"]
    assert received["usage"] == {"prompt_tokens": 40, "completion_tokens": 7}
    assert received["known"]["UK_NINO"] == 1
    assert "Quillfeather" not in json.dumps([asked, received])
    name = answer.headers["x-transcription-id"]
    with gateway.client() as client:
        found = client.get(f"/v1/audio/transcriptions/{name}").json()
    assert (found["transcript"]["text"], found["case"], found["policy"]) == (HEARD, "2026/3", "interviews")
    with httpx.Client(
        base_url=gateway.url, headers={"Authorization": f"Bearer {gateway.other_key}"}, verify=PLAIN
    ) as other:
        refused = other.get(f"/v1/audio/transcriptions/{name}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_transcription")
    assert flaws(gateway) == []


def flaws(gateway: GatewayServer) -> list[str]:
    found = gateway.resources.database.snapshot(
        lambda connection: [str(one) for one in check_content(connection, gateway.resources.vault)]
    )
    missing = gateway.resources.database.read(missing_content)
    return found + ([f"{missing} are missing"] if missing else [])


def test_what_it_names_is_redacted_in_the_case_from_then_on(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    transcribe(gateway, headers={"X-Countersign-Case": "2026/4"})
    for case, known in (
        ("2026/4", b"<PERSON_2> called. Mr <PERSON_1> has moved"),
        ("2026/5", b"<PERSON_1> called. Mr <PERSON_2> has moved"),
    ):
        about = {"case": case, "subjects": ["Tom Arkwright"]}
        gateway.ask("Tom Arkwright called. Mr Zorblat Quillfeather has moved.", model="use", metadata=about)
        assert known in provider.requests[-1].body


def test_a_failure_is_on_record(gateway: GatewayServer, whisper: ProviderServer) -> None:
    for fault, code in (
        (Fault(status=500), "provider_failed"),
        (Fault(body=b"[]"), "provider_failed"),
        (Fault(body=b'{"text": null}'), "provider_failed"),
        (Fault(status=400), "provider_refused"),
    ):
        whisper.faults.append(fault)
        answer = transcribe(gateway)
        assert answer.json()["error"]["code"] == code
        last = gateway.events()[-1]
        assert (last["type"], last["code"]) == ("transcription.failed", code)


def test_a_policy_without_the_section_refuses(gateway: GatewayServer, whisper: ProviderServer) -> None:
    with pytest.raises(openai.PermissionDeniedError) as refused:
        gateway.openai().audio.transcriptions.create(model="use", file=("a.wav", SOUND))
    assert (refused.value.code, refused.value.param) == ("transcriptions_not_allowed", "model")
    assert whisper.requests == []


def test_a_route_that_is_outside_by_now_is_refused(
    fresh: Callable[..., GatewayServer], policies: Path, whisper: ProviderServer, provider: ProviderServer
) -> None:
    gateway = fresh(policies=policies, models=routes(whisper, provider))
    assert transcribe(gateway).status_code == 200
    providers = gateway.resources.providers
    providers._routes["whisper"] = providers._routes["whisper"].model_copy(update={"leaves": True})
    whisper.requests.clear()
    error = transcribe(gateway).json()["error"]
    assert error["code"] == "transcriptions_not_allowed"
    assert "`leaves: false` at models.whisper in countersign.yaml" in error["message"]
    assert whisper.requests == []


@pytest.mark.parametrize(
    ("fields", "status", "param"),
    [
        ({"sound": b""}, 422, "file"),
        ({"model": ""}, 404, "model"),
        ({"response_format": "diarized_json"}, 400, "response_format"),
        ({"stream": "true"}, 400, "stream"),
        ({"temperature": "hot"}, 400, "temperature"),
        ({"chunking_strategy": "auto"}, 400, "chunking_strategy"),
        ({"timestamp_granularities[]": "letter"}, 400, "timestamp_granularities"),
        ({"metadata[topic]": "x"}, 400, "metadata"),
        ({"metadata[on_behalf_of]": "nobody"}, 422, "metadata.on_behalf_of"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_wrong_is_named(
    gateway: GatewayServer, whisper: ProviderServer, fields: dict[str, Any], status: int, param: str
) -> None:
    answer = transcribe(gateway, **fields)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    assert whisper.requests == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"model": "interviews"}'),
        ("multipart/form-data", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nz\r\n--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nuse',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\n\xff\r\n--x--',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n" * 500),
    ],
    ids=["json", "no boundary", "empty", "another", "no name", "cut", "no text", "parts"],
)
def test_a_body_that_is_no_form_is_refused(gateway: GatewayServer, kind: str, body: bytes) -> None:
    with gateway.client() as client:
        answer = client.post("/v1/audio/transcriptions", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")


def test_a_recording_has_a_bound_of_its_own(
    fresh: Callable[..., GatewayServer], policies: Path, whisper: ProviderServer, provider: ProviderServer
) -> None:
    limits = {"body_bytes": 10_000, "audio_bytes": 200_000}
    gateway = fresh(policies=policies, models=routes(whisper, provider), limits=limits)
    assert transcribe(gateway, sound=b"\0" * 150_000).status_code == 200
    assert len(whisper.requests) == 1
    error = transcribe(gateway, sound=b"\0" * 250_000)
    assert (error.status_code, error.json()["error"]["code"]) == (413, "body_too_large")
    assert "200000 bytes" in error.json()["error"]["message"]
    assert len(whisper.requests) == 1


def test_it_is_erased_with_its_case_and_by_itself(gateway: GatewayServer) -> None:
    in_case = transcribe(gateway, headers={"X-Countersign-Case": "2026/6"}).headers["x-transcription-id"]
    alone = transcribe(gateway).headers["x-transcription-id"]
    for about, name in (({"application": "casebook", "case": "2026/6"}, in_case), ({"advice": alone}, alone)):
        with gateway.client("ada") as client:
            held = client.post("/v1/holds", json={**about, "reason": "inquest"})
            assert held.status_code == 201
            refused = client.post("/v1/erasures", json={**about, "reason": "court_order"})
            assert (refused.status_code, refused.json()["error"]["code"]) == (409, "on_hold")
            assert client.post("/v1/holds/lift", json={**about, "reason": "inquest"}).status_code == 200
            done = client.post("/v1/erasures", json={**about, "reason": "court_order"}).json()
        assert done["transcripts_erased"] == [name]
        with gateway.client() as client:
            assert client.get(f"/v1/audio/transcriptions/{name}").status_code == 404
        assert gateway.events()[-1]["type"] == "content.erased"
    erased = [event for event in gateway.events() if event.get("transcription") == alone][-1]
    assert (erased["type"], erased["erased"]) == ("content.erased", ["content"])
    assert flaws(gateway) == []


def test_it_is_erased_when_its_retention_is_over(
    fresh: Callable[..., GatewayServer], policies: Path, whisper: ProviderServer, provider: ProviderServer
) -> None:
    gateway = fresh(policies=policies, models=routes(whisper, provider))
    name = transcribe(gateway, headers={"X-Countersign-Case": "2026/7"}).headers["x-transcription-id"]
    database, log = gateway.resources.database, gateway.resources.log
    query = f"SELECT id, content_until FROM {tables.transcriptions.name}"
    ((found, until),) = database.read(lambda connection: connection.execute(query).fetchall())
    assert found == name
    received = next(event for event in gateway.events() if event["type"] == "transcription.received")["time"]
    assert until[:10] > received[:10]
    dump = "SELECT * FROM transcriptions, cases"
    before = database.read(lambda connection: connection.execute(dump).fetchall())
    assert len(before) == 1
    rebuild_from(log, database)
    assert database.read(lambda connection: connection.execute(dump).fetchall()) == before
    log.submit(
        lambda transaction: transaction.connection.execute(
            "UPDATE transcriptions SET content_until = '2001-01-01T00:00:00.000000Z'"
        )
    ).result()
    wait_for(lambda: any(event.get("why") == "retention" for event in gateway.events()))
    with gateway.client() as client:
        assert client.get(f"/v1/audio/transcriptions/{name}").status_code == 404


def test_the_documents_example_works_as_it_stands(gateway: GatewayServer, tmp_path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "transcriptions.md").read_text("utf-8")
    example = guide.split("```python\n")[1].split("```")[0]
    (tmp_path / "interview.wav").write_bytes(SOUND)
    for told, here in (
        ("http://127.0.0.1:8080", gateway.url),
        ("THE-KEY", gateway.key),
        ("interview.wav", str(tmp_path / "interview.wav")),
    ):
        assert told in example
        example = example.replace(told, here)
    said: list[Any] = []
    exec(compile(example, "transcriptions.md", "exec"), {"print": lambda *words: said.extend(words)})
    assert said == [HEARD]


def test_nothing_personal_is_in_the_gateways_own_log(
    gateway: GatewayServer, capsys: pytest.CaptureFixture[str]
) -> None:
    transcribe(gateway, prompt="Zorblat speaks.", headers={"X-Countersign-Case": "Quillfeather"})
    transcribe(gateway, sound=b"", prompt="Zorblat speaks.")
    told = capsys.readouterr()
    assert "Zorblat" not in told.out + told.err
    assert "Quillfeather" not in told.out + told.err


def test_a_reader_is_given_a_file_that_proves_what_was_said(gateway: GatewayServer) -> None:
    name = transcribe(gateway).headers["x-transcription-id"]
    resources = gateway.resources
    disclosed = disclose_content(
        resources.log, resources.database, resources.vault, name, "transcript", "operator"
    )
    assert b"Quillfeather" not in disclosed.file
    opened = [event for event in gateway.events() if event["type"] == "content.opened"][-1]
    assert (opened["transcription"], opened["kind"]) == (name, "transcript")


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_it_works_on_both_stores(
    store: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    policies: Path,
    whisper: ProviderServer,
    provider: ProviderServer,
) -> None:
    settings: dict[str, Any] = {
        "policies": policies,
        "models": routes(whisper, provider),
        "redaction": RedactionSettings(name_model=None),
    }
    if store == "postgresql":
        postgres = request.getfixturevalue("postgres")
        settings["database"] = postgres.address(postgres.database())
    with GatewayServer(tmp_path, provider, **settings) as gateway:
        for _ in range(2):
            answer = transcribe(gateway, headers={"X-Countersign-Case": "2026/8"})
            assert answer.json()["text"] == HEARD
        with gateway.client("ada") as client:
            about = {"application": "casebook", "case": "2026/8", "reason": "court_order"}
            done = client.post("/v1/erasures", json=about).json()
        assert len(done["transcripts_erased"]) == 2
        assert done["pseudonyms_erased"] >= 1
        assert flaws(gateway) == []
