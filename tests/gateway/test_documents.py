"""Files in requests of all three interfaces: read into text, redacted, recorded, shown; nothing personal leaves."""

import base64
import random
import re
import textwrap
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.documents.files import mail, pdf, scanned_pdf, word
from tests.gateway_server import PLAIN, GatewayServer
from tests.provider_server import ProviderServer

ABOUT = {"subjects": '["Siobhan O\'Connor"]'}
HEADERS = {"X-Countersign-Subjects": ABOUT["subjects"]}
PERSONAL = (b"Siobhan", b"O'Connor", b"AB123456C", b"AB 12 34 56 C", b"Amina", b"Osei", b"07700")
SAID = "Siobhan O'Connor, NI AB 12 34 56 C, phone 07700 900123."
LETTER = pdf(SAID, "Dear Ms Amina Osei,\nthe boiler is broken.", author="Amina Osei")
NOTE = word(
    "Dear Ms Amina Osei,",
    table=[["Name", "Number"], ["Siobhan O'Connor", "AB123456C"]],
    header=SAID,
    footer="Phone 07700 900123",
    comment=("Amina Osei", "Ask Siobhan O'Connor."),
    author="Amina Osei",
)
MAIL = mail(
    SAID,
    attached=[("Siobhan O'Connor.pdf", "application/pdf", LETTER)],
    From="Siobhan O'Connor <siobhan.oconnor@example.com>",
    Subject="AB123456C",
)
ENCODED = base64.b64encode(random.Random(1).randbytes(300))
FILES = {
    "letter.pdf": ("application/pdf", LETTER),
    "note.docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", NOTE),
    "mail.eml": ("message/rfc822", MAIL),
    "page.html": ("text/html", f"<html><title>{SAID}</title><p>Dear Ms Amina Osei".encode()),
    "note.txt": ("text/plain", SAID.encode()),
}


def data_url(media_type: str, data: bytes) -> str:
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def part(name: str, media_type: str, data: bytes) -> dict[str, Any]:
    return {"type": "file", "file": {"filename": name, "file_data": data_url(media_type, data)}}


def ask(gateway: GatewayServer, *parts: dict[str, Any], model: str = "use", **body: Any) -> httpx.Response:
    content = [{"type": "text", "text": "What does it say?"}, *parts]
    with gateway.client() as client:
        return client.post(
            "/v1/chat/completions",
            json={
                "model": model,
                "messages": [{"role": "user", "content": content}],
                "metadata": ABOUT,
                **body,
            },
        )


def nothing_personal(provider: ProviderServer) -> None:
    assert len(provider.requests) == 1
    found = [one for one in PERSONAL if one.lower() in provider.requests[0].raw.lower()]
    assert found == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_on_as_redacted_text(gateway: GatewayServer, provider: ProviderServer, name: str) -> None:
    answer = ask(gateway, part(name, *FILES[name]))
    assert answer.status_code == 200, answer.text
    nothing_personal(provider)
    question, document = provider.requests[0].json["messages"][-1]["content"]
    assert question == {"type": "text", "text": "What does it say?"}
    assert document["type"] == "text"
    assert document["text"].startswith(f"[{name}")
    assert "<UK_NINO_1>" in document["text"]


@pytest.mark.parametrize("name", ["Siobhan_O'Connor AB123456C.pdf", "amina osei letter.pdf"])
def test_nothing_personal_in_a_files_name_leaves(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    ask(gateway, part(name, "application/pdf", pdf("The boiler is broken.")))
    nothing_personal(provider)
    content = provider.requests[0].json["messages"][-1]["content"]
    assert content[1]["text"] == "[document 1.pdf, page 1]\nThe boiler is broken."


@pytest.mark.parametrize("name", FILES)
def test_the_responses_api_reads_files(gateway: GatewayServer, provider: ProviderServer, name: str) -> None:
    media_type, data = FILES[name]
    file = {"type": "input_file", "filename": name, "file_data": data_url(media_type, data)}
    item = {"role": "user", "content": [{"type": "input_text", "text": "What does it say?"}, file]}
    with gateway.client() as client:
        answer = client.post("/v1/responses", json={"model": "use", "input": [item], "metadata": ABOUT})
        assert answer.status_code == 200, answer.text
        nothing_personal(provider)
        follow = {
            "model": "use",
            "input": "And?",
            "previous_response_id": answer.json()["id"],
            "metadata": ABOUT,
        }
        assert client.post("/v1/responses", json=follow).status_code in (200, 404)
    assert f"[{name}" in provider.requests[0].json["messages"][-1]["content"][1]["text"]


@pytest.mark.parametrize("name", FILES)
def test_the_messages_api_reads_documents(
    gateway: GatewayServer, provider: ProviderServer, name: str
) -> None:
    media_type, data = FILES[name]
    source = {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}
    if name == "note.txt":
        source = {"type": "text", "media_type": media_type, "data": data.decode()}
    block = {
        "type": "document",
        "source": source,
        "title": "About Siobhan O'Connor v1.2",
        "context": "Sent by Siobhan",
    }
    answer = message(gateway, block)
    assert answer.status_code == 200, answer.text
    nothing_personal(provider)
    context, document = provider.requests[0].json["messages"][-1]["content"]
    assert context["text"].startswith("Sent by <PERSON_1>")
    assert document["text"].startswith("[document 1.")


def message(gateway: GatewayServer, *blocks: dict[str, Any], path: str = "/v1/messages") -> httpx.Response:
    return httpx.post(
        gateway.url + path,
        json={"model": "use", "max_tokens": 99, "messages": [{"role": "user", "content": list(blocks)}]},
        headers={"x-api-key": gateway.key, **HEADERS},
        timeout=20,
        verify=PLAIN,
    )


def test_tokens_of_a_document_are_counted_and_it_may_stand_in_a_tools_result(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    source = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(LETTER).decode()}
    block = {"type": "document", "source": source}
    counted = message(gateway, block, path="/v1/messages/count_tokens")
    assert 20 < counted.json()["input_tokens"] < 300
    scan = {
        "type": "base64",
        "media_type": "application/pdf",
        "data": base64.b64encode(scanned_pdf()).decode(),
    }
    at_fault = message(gateway, block, {"type": "document", "source": scan}, path="/v1/messages/count_tokens")
    assert "page 1 of document.pdf holds no text" in at_fault.text
    result = {
        "type": "tool_result",
        "tool_use_id": "t1",
        "content": [{"type": "text", "text": "Read:"}, block],
    }
    call = {"type": "tool_use", "id": "t1", "name": "read", "input": {}}
    answer = httpx.post(
        f"{gateway.url}/v1/messages",
        json={
            "model": "use",
            "max_tokens": 99,
            "messages": [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}],
        },
        headers={"x-api-key": gateway.key, **HEADERS},
        timeout=20,
        verify=PLAIN,
    )
    assert answer.status_code == 200, answer.text
    nothing_personal(provider)


def test_the_decision_page_shows_the_text_of_the_file(gateway: GatewayServer) -> None:
    answer = ask(gateway, part("letter.pdf", *FILES["letter.pdf"]), model="held")
    advice = answer.json()["decision_support"]["advice_id"]
    gateway.give_password("ben")
    with gateway.browser("ben") as browser:
        page = re.sub(r"<[^>]+>", "", browser.get(f"/advice/{advice}").text)
    assert "[letter.pdf, page 2]" in page
    assert "the boiler is broken." in page


def test_what_stood_in_the_file_is_put_back_into_the_answer(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answer = "Write to <PERSON_1>."
    answer = ask(gateway, part("note.txt", *FILES["note.txt"]))
    assert answer.json()["choices"][0]["message"]["content"] == "Write to Siobhan O'Connor."


@pytest.mark.parametrize(
    ("file", "status", "says"),
    [
        ({"file_id": "file-1"}, 422, "keeps no files"),
        ({"file_data": "https://example.com/a.pdf"}, 422, "fetches nothing"),
        (
            {"filename": "a.pdf", "file_data": data_url("application/pdf", scanned_pdf())},
            422,
            "page 1 of a.pdf holds no text",
        ),
        (
            {"filename": "a.pdf", "file_data": "data:application/pdf,plain"},
            400,
            "must be a data URL in base64",
        ),
        (
            {"filename": "a.pdf", "file_data": data_url("image/png", b"\x89PNG")},
            422,
            "of a kind that can't be read",
        ),
        ({"filename": "a.pdf", "file_data": "data:application/pdf;base64,=?="}, 422, "not valid base64"),
        ({"filename": "a.txt"}, 400, "`file_data` must be a string"),
        ({"filename": 1, "file_data": "eA=="}, 400, "`filename`"),
        ({"filename": "a.txt", "file_data": "eA==", "more": 1}, 400, "alone"),
        ("a.txt", 400, "needs its `file`"),
        ({"filename": "a.txt", "file_data": base64.b64encode(b"\x00\x01").decode()}, 422, "something else"),
        (
            {"filename": "a.txt", "file_data": base64.b64encode(ENCODED).decode()},
            422,
            "Encoded data",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_part(
    gateway: GatewayServer, provider: ProviderServer, file: Any, status: int, says: str
) -> None:
    answer = ask(gateway, {"type": "file", "file": file})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"].removesuffix(".text")) == (status, "messages[0].content[1]"), (
        error
    )
    assert says in error["message"]
    assert provider.requests == []


def test_the_other_interfaces_name_the_part_as_they_call_it(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    scan = scanned_pdf(before=["x"])
    file = {"type": "input_file", "filename": "a.pdf", "file_data": data_url("application/pdf", scan)}
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        gateway.openai().responses.create(model="use", input=[{"role": "user", "content": [file]}])  # type: ignore[list-item,misc]
    assert refused.value.param == "input[0].content[0]"
    assert "page 2 of a.pdf holds no text; it may be a scan." in refused.value.message
    source = {"type": "base64", "media_type": "application/pdf", "data": base64.b64encode(scan).decode()}
    answer = message(gateway, {"type": "text", "text": "x"}, {"type": "document", "source": source})
    assert answer.status_code == 422
    assert "page 2 of document.pdf" in answer.text
    assert "messages[0].content[1]" in answer.text
    for kind in ("url", "file"):
        answer = message(gateway, {"type": "document", "source": {"type": kind, "url": "https://x"}})
        assert (answer.status_code, f"`{kind}`" in answer.text) == (422, True)
    assert provider.requests == []


def test_the_limits_are_the_settings(fresh: Any, provider: ProviderServer) -> None:
    limits = {"document_bytes": 2_000, "document_pages": 1, "document_characters": 1_000}
    gateway = fresh(limits=limits)
    for data, says in (
        (b"x y " * 600, "larger than 2000 bytes"),
        (b"x y " * 300, "more than 1000 characters"),
        (pdf("x", "y"), "more than 1 pages"),
    ):
        name = "a.pdf" if data.startswith(b"%PDF") else "a.txt"
        answer = ask(gateway, part(name, "", data))
        assert answer.status_code == 422
        assert says in answer.json()["error"]["message"]
    assert provider.requests == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200), st.booleans())
def test_random_bytes_are_never_a_500(gateway: GatewayServer, name: str, data: bytes, whole: bool) -> None:
    media_type, content = FILES[name]
    file = {"filename": name, "file_data": data_url(media_type, content[: len(content) // 2 * whole] + data)}
    assert ask(gateway, {"type": "file", "file": file}).status_code in (200, 422)


def test_the_example_of_the_guide_works_as_it_stands(
    gateway: GatewayServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "documents.md").read_text("utf-8")
    example = textwrap.dedent(re.findall(r"```python\n(.*?)```", guide, re.DOTALL)[0])
    assert len(example.strip().splitlines()) <= 12
    (tmp_path / "letter.pdf").write_bytes(LETTER)
    monkeypatch.chdir(tmp_path)
    for old, new in (
        ("http://127.0.0.1:8080", gateway.url),
        ("THE-KEY", gateway.key),
        ("draft-letter", "use"),
    ):
        assert old in example
        example = example.replace(old, new)
    exec(example, {})
    assert "[letter.pdf, page 1]" in capsys.readouterr().out
