"""Traces reach a collector, from the application's to the provider's, and hold nothing about anybody."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.telemetry import (
    TelemetryMissing,
    TelemetrySettings,
    outgoing_headers,
    start_tracing,
    trace_id,
)
from tests.free_port import free_port
from tests.gateway_server import MASTER_KEY, PLAIN, POLICIES, PROMPTS
from tests.provider_server import ProviderServer
from tests.waiting import wait_for

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
QUESTION = "Summarise: Mr John Smith, NI AB123456C, of 12 Acacia Avenue."


class Collector:
    """A server that takes traces by OTLP over HTTP."""

    def __init__(self) -> None:
        self.raw = b""
        self.spans: list[Any] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                collector.raw += body
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        collector.spans += scope.spans
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    yield server
    server.stop()


@pytest.fixture
def provider() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        yield server


def test_one_request_is_one_trace_from_the_application_to_the_provider(
    collector: Collector, provider: ProviderServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    settings = {
        "policies": str(POLICIES),
        "prompts": str(PROMPTS),
        "models": {"default": {"model": "openai/test-model", "api_base": provider.base_url}},
        "redaction": {"name_model": None},
        "telemetry": {"endpoint": collector.url},
    }
    (tmp_path / "countersign.yaml").write_text(json.dumps(settings))
    environ = {**os.environ, "COUNTERSIGN_MASTER_KEY": MASTER_KEY, "COUNTERSIGN_DATA": str(tmp_path / "data")}
    command = [sys.executable, "-c", "from gateway.commands.cli import main; main()"]
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", MASTER_KEY)
    made = CliRunner().invoke(app, ["keys", "application", "casebook", "--data", str(tmp_path / "data")])
    key = next(word for word in made.output.split() if word.startswith("cs_app_"))
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: process.poll() is not None or is_ready(port))
        assert process.poll() is None, "the gateway ended by itself"
        headers = {
            "Authorization": f"Bearer {key}",
            "traceparent": f"00-{TRACE}-{PARENT}-01",
            "tracestate": "john=smith",
            "baggage": "name=Smith",
        }
        body = {"model": "use", "messages": [{"role": "user", "content": QUESTION}]}
        url = f"http://127.0.0.1:{port}/v1/chat/completions"
        assert httpx.post(url, headers=headers, json=body, timeout=20, verify=PLAIN).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=30)
    ours = {span.name: span for span in collector.spans if span.trace_id.hex() == TRACE}
    request, attempt = ours["POST /v1/chat/completions"], ours["chat test-model"]
    assert request.parent_span_id.hex() == PARENT
    for step in ("redact", "record_request", "complete", "inspect", "record_answer"):
        assert ours[step].parent_span_id == request.span_id
    assert attempt.parent_span_id == ours["complete"].span_id
    attributes = {one.key: one.value for one in attempt.attributes}
    assert attributes["gen_ai.request.model"].string_value == "test-model"
    assert attributes["gen_ai.usage.input_tokens"].int_value > 0
    sent = provider.requests[-1].headers
    assert sent["traceparent"] == f"00-{TRACE}-{attempt.span_id.hex()}-01"
    assert not {"tracestate", "baggage"} & sent.keys()
    lines = [json.loads(line) for line in logged.splitlines() if '"request"' in line]
    assert TRACE in [line.get("trace_id") for line in lines]
    for private in (b"Smith", b"AB123456C", b"Acacia", b"john"):
        assert private not in collector.raw


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready", verify=PLAIN).status_code == 200
    except httpx.TransportError:
        return False


def test_without_an_endpoint_nothing_is_traced_or_passed_on() -> None:
    assert outgoing_headers() == {}
    assert trace_id() is None


def test_an_endpoint_without_the_sdk_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(TelemetryMissing, match=r"countersign\[telemetry\]"):
        start_tracing(TelemetrySettings(endpoint="http://127.0.0.1:4318"))
