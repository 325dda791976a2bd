"""Marked personal data, driven through every endpoint and error path, is in nothing that is written or sent on.

Sealed content is encrypted, so the database may be searched whole: pages, free pages, WAL, and all else in the folder.
"""

import base64
import io
import json
import logging
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import Fault, ProviderServer

MARK = "Quillfeather"
EMAIL = "zephyrine.quillfeather@example.org"
NINO = "AB 12 34 56 C"
CASE = "CASE-QUILLFEATHER-77"
TEXT = f"{MARK}, {EMAIL}, NI {NINO}, called."
ABOUT = {"case": CASE, "subjects": json.dumps([MARK])}


def spellings(value: str) -> set[bytes]:
    """In clear and in the usual encodings, at any alignment in base64."""
    raw = value.encode()
    found = {
        raw,
        raw.lower(),
        raw.upper(),
        urllib.parse.quote(value).encode(),
        value.encode("utf-16-le"),
        raw.hex().encode(),
    }
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + raw)
        found.add(text[4 if shift else 0 : -4])
    return found


MARKS = {spelling for value in (MARK, EMAIL, NINO, "AB123456C", CASE) for spelling in spellings(value)}


def drive(gateway: GatewayServer, provider: ProviderServer) -> None:
    """Each endpoint, and each way that it can fail, with marked data in every place that takes text."""
    for model in ("use", "held", "two", "refusing", "nothing-added", "no-address-added", "none", MARK):
        gateway.ask(TEXT, model=model, metadata=ABOUT, user=MARK, stop=[MARK])
        gateway.ask(TEXT, model=model, metadata=ABOUT, stream=True)
    gateway.ask("What sentence for " + MARK, model="refusing", metadata=ABOUT)
    for fault in (
        Fault(status=400, body=json.dumps({"error": {"message": TEXT, "code": MARK}}).encode()),
        Fault(status=500, body=TEXT.encode()),
        Fault(body=TEXT.encode()),
        Fault(cut_after=1),
        Fault(error_after=1),
        Fault(close=True),
    ):
        for stream in (False, True):
            provider.faults.append(fault)
            gateway.ask(TEXT, model="use", metadata=ABOUT, stream=stream)
    wrong = [
        {"messages": TEXT},
        {"messages": [{"role": MARK, "content": TEXT}]},
        {"messages": [{"role": "user", "content": [{"type": MARK, "text": TEXT}]}]},
        {"messages": [{"role": "user", "content": {MARK: TEXT}}]},
        {"metadata": {"case": [CASE]}},
        {"metadata": {"subjects": TEXT}},
        {"metadata": {"on_behalf_of": MARK}},
        {"tools": [{"type": "function", "function": {"name": MARK}}]},
        {MARK: TEXT},
    ]
    for body in wrong:
        gateway.ask(TEXT, model="use", **{"metadata": ABOUT, **body})
    key = {"Idempotency-Key": MARK}
    for text in (TEXT, TEXT, TEXT + "!"):
        gateway.ask(text, model="held", metadata=ABOUT, headers=key)
    decide(gateway)
    queries(gateway)


def decide(gateway: GatewayServer) -> None:
    advice = gateway.ask(TEXT, model="two", metadata=ABOUT).headers["x-advice-id"]
    for who in ("ana", "ben", "cai"):
        with gateway.client(who) as client:
            client.post(f"/v1/advice/{advice}/view", json={"view": TEXT})
            client.post(f"/v1/advice/{advice}/view", json={"view": TEXT + "!"})
            client.post(f"/v1/advice/{advice}/view", json={MARK: TEXT})
            client.post(f"/v1/advice/{advice}/decisions", json={"decision": TEXT})
            client.post(f"/v1/advice/{advice}/decisions", json={"decision": "accept", MARK: TEXT})
            client.get(f"/v1/advice/{advice}")
            missed = f"/v1/advice/{advice}/missed-redactions"
            client.post(missed, json={"value": "called"})
            for value in (MARK, MARK, EMAIL, NINO, TEXT, CASE, MARK + "!", "Nobody " + MARK):
                client.post(missed, json={"value": value})
            client.post(missed, json={"value": MARK, "type": MARK})
            client.post(missed, json={"value": [MARK]})
            client.post(missed, json={"value": MARK, MARK: TEXT})
        gateway.decide(who, advice, amendment=TEXT, reason=TEXT, caveats_read=[MARK])
        gateway.decide(who, advice, amendment=TEXT, reason=TEXT)
        gateway.decide(who, advice, "reject", reason=TEXT)
    gateway.read("application", advice)


def queries(gateway: GatewayServer) -> None:
    quoted = urllib.parse.quote(TEXT)
    for who in ("application", "ben", "olu", "ada"):
        with gateway.client(who) as client:
            for path in (
                f"/{quoted}",
                f"/v1/advice/{quoted}",
                f"/v1/advice/{quoted}/missed-redactions",
                f"/v1/models/{quoted}",
                f"/v1/policies/{quoted}",
                f"/v1/advice?status={quoted}",
                f"/v1/advice?after={quoted}",
                f"/v1/advice?policy={quoted}",
                f"/v1/audit/events?type={quoted}",
                f"/v1/audit/events/{quoted}/proof",
                f"/audit/tile/{quoted}",
            ):
                client.get(path)
            client.request("QUILL", f"/{quoted}")
            client.post(f"/v1/advice/{quoted}/missed-redactions", json={"value": TEXT})
            client.post("/v1/credentials", json={"name": TEXT, "roles": [MARK]})
            client.post("/v1/credentials", json={"application": MARK + " " + EMAIL})
            client.delete(f"/v1/credentials/{quoted}")
            for path in ("/v1/erasures", "/v1/holds", "/v1/holds/lift"):
                client.post(path, json={"case": CASE, "application": MARK, "reason": "complaint"})
                client.post(path, json={"case": CASE, "application": "casebook", "reason": TEXT})
                client.post(path, json={"advice": MARK, "reason": "court_order", MARK: TEXT})
                client.post(f"{path}/{quoted}", json={"case": TEXT})
            client.post("/v1/holds", json={"case": CASE, "application": "casebook", "reason": "complaint"})
            client.post(
                "/v1/erasures", json={"case": CASE, "application": "casebook", "reason": "court_order"}
            )
            client.post("/v1/chat/completions", content=TEXT.encode())
    httpx.get(gateway.url + "/v1/models", headers={"Authorization": f"Bearer {MARK}"}, verify=PLAIN)


def test_nothing_that_is_written_holds_marked_personal_data(
    fresh: Callable[..., GatewayServer],
    provider: ProviderServer,
    logged: io.StringIO,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    spans, tracing = InMemorySpanExporter(), TracerProvider()
    tracing.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr("gateway.telemetry.traces._tracer", tracing.get_tracer("countersign"))
    gateway = fresh()
    drive(gateway, provider)
    written = {
        "log lines": logged.getvalue().encode(),
        "stdout and stderr": "".join(capfd.readouterr()).encode(),
        "metrics": gateway.client("olu").get("/metrics").content,
        "info": gateway.client("olu").get("/info").content,
        "readiness": gateway.client("olu").get("/health/ready").content,
        "spans": "".join(span.to_json() for span in spans.get_finished_spans()).encode(),
        "events": b"".join(gateway.resources.log.read(0, gateway.resources.log.size)),
        "the provider": provider.received,
    }
    files = {str(path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(name.endswith("-wal") for name in files), "the gateway still runs, its WAL is searched too"
    gateway.stop()
    files |= {f"{path} afterwards": path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = {
        (place, mark)
        for place, content in {**written, **files}.items()
        for mark in MARKS
        if mark in content or (len(mark) > 12 and mark.lower() in content.lower())
    }
    assert not found
    assert logged.getvalue().count('"event": "request"') > 50, "the log lines that were searched are there"
    assert written["spans"].count(b"gen_ai.request.model") > 10


def test_a_library_that_logs_a_text_leaves_no_trace_of_it(logged: io.StringIO) -> None:
    for name in ("presidio-analyzer", "LiteLLM", "httpx", "asyncio", "uvicorn.error", "some.library"):
        logging.getLogger(name).error("failed on %s", TEXT, exc_info=ValueError(TEXT))
        logging.getLogger(name).debug(TEXT)
    assert MARK not in logged.getvalue()
    assert "asyncio" in logged.getvalue()
