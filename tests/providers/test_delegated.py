"""Routes through litellm's whole call: the rehearsal model, and providers without a way of their own here."""

import logging
from typing import Any

import pytest

from gateway.providers import (
    ModelRoute,
    ProviderCut,
    ProviderFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderTimeout,
)
from gateway.providers.rehearsal import LABEL, rehearse
from tests.provider_server import Fault, ProviderServer
from tests.providers.conftest import REQUEST, Build

NOTE = "Please summarise.\nIt is a long note. <PERSON_1> was seen on 3.4.2026 at the office! Nothing else."


def rehearsal(build: Build) -> Any:
    return build(m=ModelRoute(model="rehearsal/extract"))


def delegated(server: ProviderServer, **fields: Any) -> ModelRoute:
    given = {"model": "deepseek/m", "api_base": server.base_url, "api_key_env": "K", "retries": 0, **fields}
    return ModelRoute.model_validate(given)


def test_the_extract_says_that_it_is_no_answer_and_prefers_sentences_with_facts() -> None:
    text = rehearse([{"role": "user", "content": NOTE}])
    assert text == f"{LABEL}\n\n- <PERSON_1> was seen on 3.4.2026 at the office!"
    assert "no real model answered" in LABEL


def test_the_extract_is_of_the_last_user_message_whatever_its_form() -> None:
    parts = [{"type": "text", "text": "On 5 May."}, {"type": "text", "text": "On 6 May."}]
    messages = [{"role": "user", "content": "On 4 May."}, {"role": "user", "content": parts}]
    text = rehearse([*messages, {"role": "assistant", "content": "On 7 May."}])
    assert text.endswith("- On 5 May.\n- On 6 May.")


def test_a_text_without_facts_gives_its_first_sentences() -> None:
    assert rehearse([{"role": "user", "content": "hello. you"}]).endswith("- hello.\n- you")
    assert rehearse([]).endswith("The request has no text of a user.")


async def test_the_rehearsal_model_honours_n_and_looks_at_nothing_else(build: Build) -> None:
    request = {"messages": [{"role": "user", "content": NOTE}], "n": 3, "temperature": 2, "unknown": 1}
    body = (await rehearsal(build).complete(["m"], request)).body
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]
    assert {choice["message"]["content"] for choice in body["choices"]} == {rehearse(request["messages"])}
    assert body["usage"]["total_tokens"] > 0


@pytest.mark.parametrize("choices", [1, 3])
async def test_the_rehearsal_model_streams_each_choice_to_its_end(build: Build, choices: int) -> None:
    request = {"messages": [{"role": "user", "content": NOTE}], "n": choices, "stream": True}
    texts, finished, count = [""] * choices, [], 0
    async with await rehearsal(build).stream(["m"], request) as stream:
        async for chunk in stream:
            count += 1
            for choice in chunk["choices"]:
                texts[choice["index"]] += choice["delta"].get("content") or ""
                finished += [choice["index"]] if choice["finish_reason"] else []
    assert set(texts) == {rehearse(request["messages"])}
    assert sorted(finished) == list(range(choices))
    assert count > 3


async def test_a_provider_without_a_way_of_its_own_is_asked_through_litellm(
    server: ProviderServer, build: Build
) -> None:
    providers = build({"K": "sk-k"}, m=delegated(server))
    completion = await providers.complete(["m"], {**REQUEST, "temperature": 0.5})
    assert completion.body["choices"][0]["message"]["content"] == "What happened on 3 May?"
    assert server.requests[0].json["temperature"] == 0.5
    assert server.requests[0].headers["authorization"] == "Bearer sk-k"
    async with await providers.stream(["m"], REQUEST) as stream:
        text = "".join([c["choices"][0]["delta"].get("content") or "" async for c in stream if c["choices"]])
    assert text == "What happened on 3 May?"


@pytest.mark.parametrize("field", ["api_base", "base_url", "mock_response", "extra_headers", "fallbacks"])
async def test_litellms_own_arguments_are_no_callers_to_give(
    server: ProviderServer, build: Build, field: str
) -> None:
    with pytest.raises(ProviderRefused, match="deepseek has no such field") as caught:
        await build({"K": "k"}, m=delegated(server)).complete(["m"], {**REQUEST, field: "x"})
    assert caught.value.param == field
    assert server.requests == []


@pytest.mark.parametrize(
    ("fault", "error_type"),
    [
        (Fault(status=429, headers={"Retry-After": "7"}), ProviderRateLimited),
        (Fault(status=400), ProviderRefused),
        (Fault(status=401), ProviderFailed),
        (Fault(status=500), ProviderFailed),
        (Fault(body=b"<html>PROVIDER"), ProviderFailed),
        (Fault(close=True), ProviderFailed),
    ],
)
async def test_litellms_errors_are_ours_without_their_text(
    server: ProviderServer,
    build: Build,
    fault: Fault,
    error_type: type[Exception],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults.append(fault)
    with pytest.raises(error_type) as caught:
        await build({"K": "k"}, m=delegated(server)).complete(["m"], REQUEST)
    assert "PROVIDER" not in repr(vars(caught.value))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    printed = capfd.readouterr()
    assert "PROVIDER" not in printed.out + printed.err + caplog.text
    assert "3 May" not in printed.out + printed.err + caplog.text


async def test_a_hanging_provider_behind_litellm_is_a_time_out(server: ProviderServer, build: Build) -> None:
    server.faults.append(Fault(hang=True))
    with pytest.raises(ProviderTimeout):
        await build({"K": "k"}, m=delegated(server, timeout_seconds=1)).complete(["m"], REQUEST)


@pytest.mark.parametrize("fault", [Fault(cut_after=3), Fault(end_after=3)])
async def test_a_stream_that_litellm_would_end_cleanly_is_cut_all_the_same(
    server: ProviderServer, build: Build, fault: Fault
) -> None:
    server.answer = "A long answer in many chunks"
    server.faults.append(fault)
    reasons: list[str] = []
    with pytest.raises(ProviderCut):
        await _read(build({"K": "k"}, m=delegated(server)), reasons)
    assert reasons == []


async def _read(providers: Any, reasons: list[str]) -> None:
    async with await providers.stream(["m"], REQUEST) as stream:
        async for chunk in stream:
            reasons += [c["finish_reason"] for c in chunk["choices"] if c["finish_reason"]]
