"""Providers that speak OpenAI's interface, over a real server on loopback."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import respx

from gateway.providers import (
    ModelRoute,
    ProviderCut,
    ProviderError,
    ProviderFailed,
    ProviderRateLimited,
    ProviderRefused,
    Providers,
    ProviderTimeout,
)
from gateway.providers import transport as transport_module
from tests.provider_server import Fault, ProviderServer
from tests.providers.conftest import REQUEST, Build

EVERY_FIELD: dict[str, Any] = {
    **REQUEST,
    "temperature": 0.5,
    "n": 2,
    "stop": ["END"],
    "seed": 7,
    "logprobs": True,
    "response_format": {"type": "json_object"},
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
    "metadata": {"a": "b"},
    "reasoning_effort": "low",
    "a_field_of_next_year": {"deep": [1, None, "é"]},
}


def route(server: ProviderServer, **fields: Any) -> ModelRoute:
    return ModelRoute.model_validate(
        {"model": "openai/m", "api_base": server.base_url, "retries": 0, **fields}
    )


async def _stream_whole(providers: Providers, models: list[str], request: dict[str, Any]) -> str:
    return await collect(await providers.stream(models, request))


async def collect(chunks: AsyncIterator[dict[str, Any]]) -> str:
    return "".join([choice["delta"].get("content") or "" async for c in chunks for choice in c["choices"]])


def has_no_foreign_text(error: BaseException) -> bool:
    return "PROVIDER" not in str(error) and error.__cause__ is None and error.__context__ is None


async def test_every_field_reaches_the_provider_as_it_was_sent(server: ProviderServer, build: Build) -> None:
    await build(m=route(server)).complete(["m"], EVERY_FIELD)
    assert server.requests[0].json == {**EVERY_FIELD, "model": "m"}


async def test_the_answer_keeps_every_field_of_the_providers(server: ProviderServer, build: Build) -> None:
    completion = await build(m=route(server)).complete(["m"], EVERY_FIELD)
    assert completion.body["system_fingerprint"] == "fp_provider"
    assert [choice["message"]["content"] for choice in completion.body["choices"]] == [
        "What happened on 3 May?"
    ] * 2
    assert completion.model == "m"
    assert [attempt.outcome for attempt in completion.attempts] == ["answered"]


async def test_the_routes_own_params_win_and_its_headers_are_sent(
    server: ProviderServer, build: Build
) -> None:
    own = route(server, params={"store": False}, headers={"X-Team": "probation"})
    await build(m=own).complete(["m"], {**REQUEST, "store": True})
    assert server.requests[0].json["store"] is False
    assert server.requests[0].headers["x-team"] == "probation"


async def test_the_key_comes_from_the_variable_that_the_route_names(
    server: ProviderServer, build: Build
) -> None:
    environ = {"TEAM_KEY": "sk-team", "OPENAI_API_KEY": "sk-openai"}
    await build(environ, m=route(server, api_key_env="TEAM_KEY")).complete(["m"], REQUEST)
    assert server.requests[0].headers["authorization"] == "Bearer sk-team"


async def test_openais_key_is_not_given_to_somebody_elses_server(
    server: ProviderServer, build: Build
) -> None:
    await build({"OPENAI_API_KEY": "sk-openai"}, m=route(server)).complete(["m"], REQUEST)
    assert b"sk-openai" not in server.received


@respx.mock
async def test_openai_itself_gets_the_usual_key(build: Build) -> None:
    asked = respx.post("https://api.openai.com/v1/chat/completions").respond(
        json={"choices": [{"index": 0, "message": {"content": "yes"}}]}
    )
    providers = build({"OPENAI_API_KEY": "sk-openai"}, m=ModelRoute(model="openai/gpt-4o"))
    await providers.complete(["m"], REQUEST)
    assert asked.calls[0].request.headers["authorization"] == "Bearer sk-openai"


@respx.mock
async def test_azure_is_asked_by_deployment_with_its_own_header(build: Build) -> None:
    asked = respx.post(
        "https://a.example/openai/deployments/my%20gpt/chat/completions", params={"api-version": "2024-06-01"}
    ).respond(json={"choices": [{"index": 0, "message": {"content": "yes"}}]})
    own = ModelRoute(
        model="azure/my gpt",
        api_base="https://a.example",
        api_version="2024-06-01",
        api_key_env="AZURE_API_KEY",
    )
    await build({"AZURE_API_KEY": "k"}, m=own).complete(["m"], REQUEST)
    assert asked.calls[0].request.headers["api-key"] == "k"
    assert "authorization" not in asked.calls[0].request.headers


async def test_a_stream_arrives_chunk_by_chunk_and_whole(server: ProviderServer, build: Build) -> None:
    server.answer, server.chunk_characters = "Zwölf 😀\u2028 Zeilen", 1
    stream = await build(m=route(server)).stream(
        ["m"], {**REQUEST, "stream_options": {"include_usage": True}}
    )
    chunks = [chunk async for chunk in stream]
    assert (
        "".join(c["choices"][0]["delta"].get("content", "") for c in chunks if c["choices"]) == server.answer
    )
    assert chunks[-1]["usage"]["total_tokens"] > 0
    assert len(chunks) == len(server.answer) + 3


async def test_a_streamed_tool_call_keeps_its_pieces(server: ProviderServer, build: Build) -> None:
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "find", "arguments": '{"name": "<PERSON_1>"}'},
    }
    server.answer, server.tool_calls = None, [call]
    async with await build(m=route(server)).stream(["m"], REQUEST) as stream:
        deltas = [chunk["choices"][0]["delta"] async for chunk in stream]
    pieces = [piece["function"]["arguments"] for delta in deltas for piece in delta.get("tool_calls", ())]
    assert "".join(pieces) == call["function"]["arguments"]


async def test_complete_asks_for_one_piece_whatever_the_caller_asked(
    server: ProviderServer, build: Build
) -> None:
    asked = {**REQUEST, "stream": True, "stream_options": {"include_usage": True}}
    await build(m=route(server)).complete(["m"], asked)
    assert "stream" not in server.requests[0].json
    assert "stream_options" not in server.requests[0].json


@pytest.mark.parametrize(
    "fault",
    [Fault(cut_after=3), Fault(end_after=3), Fault(error_after=3), Fault(cut_after=1), Fault(end_after=5)],
    ids=["dropped", "ended without its end", "error event", "dropped early", "one choice of two unfinished"],
)
async def test_a_cut_stream_is_an_error_and_never_an_end(
    server: ProviderServer, build: Build, fault: Fault
) -> None:
    server.answer = "A long answer"
    server.faults.append(fault)
    with pytest.raises(ProviderCut, match="too early") as caught:
        await collect(await build(m=route(server)).stream(["m"], {**REQUEST, "n": 2}))
    assert has_no_foreign_text(caught.value)


async def test_a_stream_without_done_is_whole_once_every_choice_has_finished(
    server: ProviderServer, build: Build
) -> None:
    server.answer = "Yes"
    server.faults.append(Fault(end_after=3))
    assert await collect(await build(m=route(server)).stream(["m"], REQUEST)) == "Yes"


@pytest.mark.parametrize(
    "fault", [Fault(cut_after=0), Fault(error_after=0), Fault(end_after=0), Fault(close=True)]
)
async def test_what_fails_before_the_first_chunk_is_raised_before_the_stream(
    server: ProviderServer, build: Build, fault: Fault
) -> None:
    server.faults.append(fault)
    with pytest.raises(ProviderFailed) as caught:
        await build(m=route(server)).stream(["m"], REQUEST)
    assert caught.value.status == 502
    assert has_no_foreign_text(caught.value)


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(
    ("fault", "error_type", "status"),
    [
        (Fault(status=429, headers={"Retry-After": "7"}), ProviderRateLimited, 429),
        (Fault(status=500), ProviderFailed, 502),
        (Fault(status=503), ProviderFailed, 502),
        (Fault(status=401), ProviderFailed, 502),
        (Fault(status=404), ProviderFailed, 502),
        (Fault(status=400), ProviderRefused, 400),
        (Fault(status=422), ProviderRefused, 400),
        (Fault(status=302, headers={"Location": "http://127.0.0.1:9/"}), ProviderFailed, 502),
        (Fault(body=b"<html>PROVIDER</html>"), ProviderFailed, 502),
        (Fault(body=b'{"choices": []}'), ProviderFailed, 502),
        (Fault(body=b'{"choices": [{}]}'), ProviderFailed, 502),
        (Fault(body=b"\xff\xfe"), ProviderFailed, 502),
        (Fault(headers={"Content-Encoding": "gzip"}, body=b"\x1f\x8b"), ProviderFailed, 502),
    ],
)
async def test_a_providers_error_is_ours_with_a_status_and_without_its_text(
    server: ProviderServer,
    build: Build,
    fault: Fault,
    error_type: type[ProviderError],
    status: int,
    streamed: bool,
) -> None:
    server.faults.append(fault)
    providers = build(m=route(server))
    with pytest.raises(error_type) as caught:
        await (providers.stream if streamed else providers.complete)(["m"], REQUEST)
    assert caught.value.status == status
    assert caught.value.retry_after == (7 if status == 429 else None)
    assert has_no_foreign_text(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("streamed", "limit"), [(True, "idle_seconds"), (False, "timeout_seconds")])
async def test_a_provider_that_hangs_is_a_time_out(
    server: ProviderServer, build: Build, streamed: bool, limit: str
) -> None:
    server.faults.append(Fault(hang=True))
    providers = build(m=route(server, **{limit: 0.5}))
    with pytest.raises(ProviderTimeout) as caught:
        await (providers.stream if streamed else providers.complete)(["m"], REQUEST)
    assert caught.value.status == 504
    assert has_no_foreign_text(caught.value)
    assert server.disconnected.wait(5) or not server.arrived.is_set()


async def test_a_stream_that_falls_silent_is_a_time_out(server: ProviderServer, build: Build) -> None:
    server.faults.append(Fault(hang_after=2))
    with pytest.raises(ProviderTimeout):
        await collect(await build(m=route(server, idle_seconds=0.5)).stream(["m"], REQUEST))
    assert server.disconnected.wait(5)


async def test_a_stream_that_trickles_beyond_its_time_is_a_time_out(
    server: ProviderServer, build: Build
) -> None:
    server.answer, server.chunk_characters, server.chunk_seconds = "x" * 200, 1, 0.01
    with pytest.raises(ProviderTimeout):
        await collect(await build(m=route(server, timeout_seconds=0.2)).stream(["m"], REQUEST))


async def test_a_server_that_is_not_there_can_not_be_reached(build: Build) -> None:
    nowhere = ModelRoute(model="openai/m", api_base="http://127.0.0.1:1", retries=0)
    with pytest.raises(ProviderFailed, match="can't be reached") as caught:
        await build(m=nowhere).complete(["m"], REQUEST)
    assert has_no_foreign_text(caught.value)


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_huge_answer_is_not_read_to_its_end(
    server: ProviderServer, build: Build, streamed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "MAX_ANSWER_BYTES", 10_000)
    server.answer, server.chunk_characters = "x" * 50_000, 1_000
    providers = build(m=route(server))
    with pytest.raises(ProviderFailed):
        await (_stream_whole if streamed else Providers.complete)(providers, ["m"], REQUEST)


async def test_a_cancelled_caller_closes_the_providers_connection(
    server: ProviderServer, build: Build
) -> None:
    server.faults.append(Fault(hang=True))
    task = asyncio.create_task(build(m=route(server)).complete(["m"], REQUEST))
    assert await asyncio.to_thread(server.arrived.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 5)


async def test_a_stream_cancelled_while_it_waits_closes_the_connection(
    server: ProviderServer, build: Build
) -> None:
    server.faults.append(Fault(hang_after=1))
    stream = await build(m=route(server)).stream(["m"], REQUEST)
    await anext(stream)
    task = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.disconnected.wait, 5)


async def test_a_stream_closed_early_closes_the_connection(server: ProviderServer, build: Build) -> None:
    server.faults.append(Fault(hang_after=2))
    async with await build(m=route(server)).stream(["m"], REQUEST) as stream:
        await anext(stream)
    assert await asyncio.to_thread(server.disconnected.wait, 5)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_whole_streams_give_their_connection_back(server: ProviderServer, build: Build) -> None:
    providers = build(m=route(server))
    for _ in range(5):
        async with await providers.stream(["m"], REQUEST) as stream:
            await collect(stream)
    assert server.open_connections == 1


async def test_text_that_is_not_utf8_is_refused_and_not_sent(server: ProviderServer, build: Build) -> None:
    with pytest.raises(ProviderRefused, match="lone surrogate"):
        await build(m=route(server)).complete(["m"], {"messages": [{"role": "user", "content": "\ud800"}]})
    assert server.requests == []


@respx.mock
async def test_events_split_anywhere_are_the_same_answer(build: Build) -> None:
    class Bytewise(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for (
                byte
            ) in 'data: {"choices":[{"index":0,"delta":{"content":"é😀"}}]}\r\n\r\ndata: [DONE]'.encode():
                yield bytes([byte])

    respx.post("https://api.openai.com/v1/chat/completions").mock(httpx.Response(200, stream=Bytewise()))
    assert (
        await collect(
            await build({"OPENAI_API_KEY": "k"}, m=ModelRoute(model="openai/x")).stream(["m"], REQUEST)
        )
        == "é😀"
    )
