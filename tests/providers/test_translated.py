"""Providers with an interface of their own: what they are sent, and how their answers look to us."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import respx

from gateway.providers import ModelRoute, ProviderCut, ProviderFailed, ProviderRateLimited, ProviderRefused
from tests.providers.conftest import Build

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "Where does <PERSON_1> live?"},
]
TOOL = {
    "type": "function",
    "function": {
        "name": "find.address",
        "description": "Finds an address",
        "parameters": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
ANTHROPIC = "https://api.anthropic.com/v1/messages"
OLLAMA = "http://localhost:11434/api/chat"
MISTRAL = "https://api.mistral.ai/v1/chat/completions"

ANTHROPIC_ANSWER = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "In Leeds."}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 12, "output_tokens": 4},
}
ANTHROPIC_EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {**ANTHROPIC_ANSWER, "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "In "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Leeds é😀."}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}},
    {"type": "message_stop"},
]


class Pieces(httpx.AsyncByteStream):
    """A body that arrives in pieces of seven bytes, so that characters and events are split."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), 7):
            yield self._body[start : start + 7]


def events(*items: dict[str, Any]) -> httpx.Response:
    lines = [f"event: {item['type']}\ndata: {json.dumps(item, ensure_ascii=False)}\n\n" for item in items]
    return httpx.Response(200, stream=Pieces("".join(lines).encode()))


def claude(**fields: Any) -> ModelRoute:
    return ModelRoute.model_validate({"model": "anthropic/claude-sonnet-4-5", "retries": 0, **fields})


KEY = {"ANTHROPIC_API_KEY": "sk-ant"}


async def collect(chunks: AsyncIterator[dict[str, Any]]) -> tuple[str, list[str]]:
    """The text, and the reasons why it ended."""
    text, reasons = "", []
    async for chunk in chunks:
        for choice in chunk["choices"]:
            text += choice["delta"].get("content") or ""
            reasons += [choice["finish_reason"]] if choice["finish_reason"] else []
    return text, reasons


@respx.mock
async def test_anthropic_is_asked_in_its_own_interface_and_answers_in_openais(build: Build) -> None:
    asked = respx.post(ANTHROPIC).respond(json=ANTHROPIC_ANSWER)
    providers = build(KEY, m=claude())
    request = {"messages": MESSAGES, "temperature": 0.1, "max_tokens": 50, "stop": ["END"], "n": 1}
    completion = await providers.complete(["m"], request)
    sent = json.loads(asked.calls[0].request.content)
    assert asked.calls[0].request.headers["x-api-key"] == "sk-ant"
    assert sent["system"][0]["text"] == "Be brief."
    assert (sent["max_tokens"], sent["temperature"], sent["stop_sequences"]) == (50, 0.1, ["END"])
    assert completion.body["object"] == "chat.completion"
    assert completion.body["choices"][0]["message"]["content"] == "In Leeds."
    assert completion.body["choices"][0]["finish_reason"] == "stop"
    assert completion.body["usage"]["total_tokens"] == 16


@respx.mock
async def test_the_callers_request_is_not_changed_by_the_translation(build: Build) -> None:
    respx.post(ANTHROPIC).respond(json=ANTHROPIC_ANSWER)
    request = {"messages": MESSAGES, "tools": [TOOL]}
    before = json.dumps(request)
    await build(KEY, m=claude()).complete(["m"], request)
    assert json.dumps(request) == before


@respx.mock
async def test_anthropics_stream_is_openais_however_its_bytes_are_split(build: Build) -> None:
    respx.post(ANTHROPIC).mock(events(*ANTHROPIC_EVENTS))
    request = {"messages": MESSAGES, "stream": True, "stream_options": {"include_usage": True}}
    chunks = [chunk async for chunk in await build(KEY, m=claude()).stream(["m"], request)]
    text = "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])
    assert text == "In Leeds é😀."
    assert [c["choices"][0]["finish_reason"] for c in chunks if c["choices"]][-1] == "stop"
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert any(chunk.get("usage", {}).get("completion_tokens") == 4 for chunk in chunks)


@respx.mock
async def test_a_tools_name_that_anthropic_can_not_have_comes_back_as_it_was(build: Build) -> None:
    call = {"type": "tool_use", "id": "t1", "name": "find_address", "input": {"name": "<PERSON_1>"}}
    answer = {**ANTHROPIC_ANSWER, "content": [call], "stop_reason": "tool_use"}
    start = {"type": "content_block_start", "index": 0, "content_block": {**call, "input": {}}}
    delta = {"type": "input_json_delta", "partial_json": '{"name": "<PERSON_1>"}'}
    streamed = [
        ANTHROPIC_EVENTS[0],
        start,
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 4}},
        {"type": "message_stop"},
    ]
    asked = respx.post(ANTHROPIC)
    asked.side_effect = [httpx.Response(200, json=answer), events(*streamed)]
    providers, request = build(KEY, m=claude()), {"messages": MESSAGES, "tools": [TOOL]}
    whole = (await providers.complete(["m"], request)).body["choices"][0]["message"]["tool_calls"][0]
    pieces = [
        piece["function"]
        async for chunk in await providers.stream(["m"], request)
        for choice in chunk["choices"]
        for piece in choice["delta"].get("tool_calls") or ()
    ]
    assert whole["function"]["name"] == "find.address"
    assert json.loads(whole["function"]["arguments"]) == {"name": "<PERSON_1>"}
    assert [piece["name"] for piece in pieces if piece.get("name")] == ["find.address"]
    assert json.loads("".join(piece.get("arguments") or "" for piece in pieces)) == {"name": "<PERSON_1>"}


@respx.mock
@pytest.mark.parametrize("kept", range(len(ANTHROPIC_EVENTS) - 2))
async def test_anthropics_stream_cut_before_its_stop_reason_is_an_error(build: Build, kept: int) -> None:
    respx.post(ANTHROPIC).mock(events(*ANTHROPIC_EVENTS[:kept]))
    with pytest.raises(ProviderCut):
        await _stream_whole(build(KEY, m=claude()))


@respx.mock
async def test_anthropics_error_event_is_a_cut_stream_without_its_text(build: Build) -> None:
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "PROVIDER text"}}
    respx.post(ANTHROPIC).mock(events(*ANTHROPIC_EVENTS[:5], error))
    with pytest.raises(ProviderCut) as caught:
        await _stream_whole(build(KEY, m=claude()))
    assert "PROVIDER" not in repr(vars(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def _stream_whole(providers: Any) -> tuple[str, list[str]]:
    return await collect(await providers.stream(["m"], {"messages": MESSAGES}))


@respx.mock
@pytest.mark.parametrize(
    ("field", "value"),
    [("seed", 7), ("n", 2), ("logprobs", True), ("metadata", {"a": "b"}), ("api_base", "x")],
)
async def test_a_field_that_would_be_lost_is_refused_by_its_name(
    build: Build, field: str, value: Any
) -> None:
    with pytest.raises(ProviderRefused, match="anthropic has no such field") as caught:
        await build(KEY, m=claude()).complete(["m"], {"messages": MESSAGES, field: value})
    assert (caught.value.param, caught.value.status) == (field, 400)
    assert not respx.calls


@respx.mock
async def test_anthropics_errors_are_ours(build: Build) -> None:
    body = {"type": "error", "error": {"type": "rate_limit_error", "message": "PROVIDER text"}}
    respx.post(ANTHROPIC).respond(429, json=body, headers={"retry-after": "9"})
    with pytest.raises(ProviderRateLimited) as caught:
        await build(KEY, m=claude()).complete(["m"], {"messages": MESSAGES})
    assert (caught.value.retry_after, caught.value.provider_code) == (9, "rate_limit_error")


@respx.mock
@pytest.mark.parametrize("body", [b"<html>PROVIDER", b'{"content": 7}', b"[]", b"null"])
async def test_an_answer_without_sense_is_the_providers_failure(build: Build, body: bytes) -> None:
    respx.post(ANTHROPIC).respond(200, content=body)
    with pytest.raises(ProviderFailed) as caught:
        await build(KEY, m=claude()).complete(["m"], {"messages": MESSAGES})
    assert "PROVIDER" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def ollama_lines(*texts: str) -> bytes:
    lines = [
        {"model": "l", "created_at": "x", "message": {"role": "assistant", "content": text}, "done": False}
        for text in texts
    ]
    end = {"model": "l", "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
    end = {**end, "prompt_eval_count": 5, "eval_count": 3}
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in [*lines, end]).encode()


@respx.mock
async def test_ollamas_own_interface_answers_whole_and_streamed(build: Build) -> None:
    whole = json.loads(ollama_lines("In Leeds.").split(b"\n")[0]) | {"done": True, "eval_count": 3}
    asked = respx.post(OLLAMA)
    streamed = httpx.Response(200, stream=Pieces(ollama_lines("In ", "Lee\u2028ds😀")))
    asked.side_effect = [httpx.Response(200, json={**whole, "prompt_eval_count": 5}), streamed]
    providers = build(m=ModelRoute(model="ollama_chat/llama3.2"))
    completion = await providers.complete(["m"], {"messages": MESSAGES, "seed": 7})
    assert json.loads(asked.calls[0].request.content)["options"]["seed"] == 7
    assert completion.body["choices"][0]["message"]["content"] == "In Leeds."
    assert await _stream_whole(providers) == ("In Lee\u2028ds😀", ["stop"])


@respx.mock
@pytest.mark.parametrize("lost", [1, 40])
async def test_ollamas_stream_cut_before_its_end_is_an_error(build: Build, lost: int) -> None:
    body = ollama_lines("In ", "Leeds")
    respx.post(OLLAMA).mock(httpx.Response(200, stream=Pieces(body[: len(body) - lost - 1])))
    with pytest.raises(ProviderCut):
        await _stream_whole(build(m=ModelRoute(model="ollama_chat/llama3.2")))


@respx.mock
async def test_mistral_gets_the_seed_by_its_own_name_and_streams(build: Build) -> None:
    frame = {"id": "x", "object": "chat.completion.chunk", "model": "m", "created": 1}
    chunks = [
        {**frame, "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": end}]}
        for text, end in [("In ", None), ("Leeds.", None), ("", "stop")]
    ]
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
    message = {"role": "assistant", "content": "In Leeds."}
    answer = {**frame, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    asked = respx.post(MISTRAL)
    cut = body.replace("data: [DONE]\n\n", "").replace('"stop"', "null")
    asked.side_effect = [
        httpx.Response(200, json=answer),
        httpx.Response(200, stream=Pieces(body.encode())),
        httpx.Response(200, stream=Pieces(cut.encode())),
    ]
    providers = build({"MISTRAL_API_KEY": "k"}, m=ModelRoute(model="mistral/mistral-large-latest"))
    completion = await providers.complete(["m"], {"messages": MESSAGES, "seed": 7})
    sent = json.loads(asked.calls[0].request.content)
    assert (sent["random_seed"], sent["model"]) == (7, "mistral-large-latest")
    assert completion.body["choices"][0]["message"]["content"] == "In Leeds."
    assert await _stream_whole(providers) == ("In Leeds.", ["stop"])
    with pytest.raises(ProviderCut):
        await _stream_whole(providers)


@respx.mock
async def test_mistral_gets_ids_of_tool_calls_in_the_only_form_that_it_takes(build: Build) -> None:
    message = {"role": "assistant", "content": "Done."}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    answer = {"id": "x", "object": "chat.completion", "model": "m", "created": 1, "choices": [choice]}
    asked = respx.post(MISTRAL).mock(httpx.Response(200, json=answer))
    providers = build({"MISTRAL_API_KEY": "k"}, m=ModelRoute(model="mistral/mistral-large-latest"))
    called = {"id": "call_12", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [
        *MESSAGES,
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "call_12", "content": "done"},
    ]
    await providers.complete(["m"], {"messages": messages})
    sent = json.loads(asked.calls[0].request.content)["messages"][-2:]
    assert [sent[0]["tool_calls"][0]["id"], sent[1]["tool_call_id"]] == ["call00012", "call00012"]
    assert messages[-1]["tool_call_id"] == "call_12"


async def test_anthropic_gets_what_it_has_beside_openais_fields(build: Build) -> None:
    route = ModelRoute(model="anthropic/claude-sonnet-4-5", api_key_env="KEY")
    with respx.mock:
        sent = respx.post(ANTHROPIC).mock(return_value=httpx.Response(200, json=ANTHROPIC_ANSWER))
        request = {"model": "p", "messages": MESSAGES, "top_k": 7, "max_tokens": 9}
        await build({"KEY": "k"}, default=route).complete(["default"], request)
    body = json.loads(sent.calls[0].request.content)
    assert (body["top_k"], body["max_tokens"]) == (7, 9)


async def test_top_k_is_refused_by_name_where_there_is_none(build: Build) -> None:
    for model in ("mistral/mistral-large-latest", "openai/gpt-4o", "groq/openai/gpt-oss-120b"):
        route = ModelRoute(model=model, api_key_env="KEY")
        with respx.mock, pytest.raises(ProviderRefused) as refused:
            await build({"KEY": "k"}, default=route).complete(["default"], {"messages": MESSAGES, "top_k": 7})
        assert refused.value.param == "top_k"


async def test_openai_gets_the_newer_name_of_max_tokens_and_its_servers_the_old(build: Build) -> None:
    answer = {"choices": [{"index": 0, "message": {"content": "x"}, "finish_reason": "stop"}]}
    names = {}
    for base in (None, "http://vllm.example/v1"):
        url = f"{base or 'https://api.openai.com/v1'}/chat/completions"
        route = ModelRoute(model="openai/gpt-5", api_key_env="KEY", api_base=base)
        with respx.mock:
            sent = respx.post(url).mock(return_value=httpx.Response(200, json=answer))
            await build({"KEY": "k"}, default=route).complete(
                ["default"], {"messages": MESSAGES, "max_tokens": 9}
            )
        names[base] = json.loads(sent.calls[0].request.content).keys() - {"messages", "model"}
    assert names == {None: {"max_completion_tokens"}, "http://vllm.example/v1": {"max_tokens"}}
