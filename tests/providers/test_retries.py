"""Retries of one route, then the next route; and when neither helps."""

import pytest

from gateway.providers import (
    ModelRoute,
    ProviderError,
    ProviderFailed,
    ProviderRateLimited,
    ProviderRefused,
    Providers,
    ProvidersBusy,
)
from tests.provider_server import Fault, ProviderServer
from tests.providers.conftest import REQUEST, Build, Waits


def route(server: ProviderServer, model: str = "openai/first", retries: int = 1) -> ModelRoute:
    return ModelRoute(model=model, api_base=server.base_url, retries=retries)


def asked(server: ProviderServer) -> list[str]:
    return [request.json["model"] for request in server.requests]


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_failure_is_tried_again_and_then_the_next_model(
    server: ProviderServer, build: Build, waits: Waits, streamed: bool
) -> None:
    server.faults.extend([Fault(status=500), Fault(status=503)])
    providers = build(first=route(server), second=route(server, "openai/second"))
    result = await (providers.stream if streamed else providers.complete)(["first", "second"], REQUEST)
    assert asked(server) == ["first", "first", "second"]
    assert result.model == "second"
    assert [(a.model, a.outcome, a.provider_status) for a in result.attempts] == [
        ("first", "provider_failed", 500),
        ("first", "provider_failed", 503),
        ("second", "answered", 200),
    ]
    assert len(waits) == 1


async def test_a_refused_request_is_tried_nowhere_else(server: ProviderServer, build: Build) -> None:
    server.faults.append(Fault(status=400))
    with pytest.raises(ProviderRefused):
        await build(first=route(server), second=route(server)).complete(["first", "second"], REQUEST)
    assert asked(server) == ["first"]


async def test_a_refused_key_is_not_hidden_by_the_next_model(server: ProviderServer, build: Build) -> None:
    server.faults.append(Fault(status=401))
    with pytest.raises(ProviderFailed, match="own configuration"):
        await build(first=route(server), second=route(server)).complete(["first", "second"], REQUEST)


async def test_the_last_models_error_is_the_callers(server: ProviderServer, build: Build) -> None:
    server.faults.extend([Fault(status=500), Fault(status=429, headers={"Retry-After": "30"})])
    providers = build(first=route(server, retries=0), second=route(server, retries=0))
    with pytest.raises(ProviderRateLimited) as caught:
        await providers.complete(["first", "second"], REQUEST)
    assert caught.value.retry_after == 30
    assert caught.value.__context__ is None


async def test_a_short_retry_after_is_waited_for(server: ProviderServer, build: Build, waits: Waits) -> None:
    server.faults.append(Fault(status=429, headers={"Retry-After": "1"}))
    await build(first=route(server)).complete(["first"], REQUEST)
    assert waits == [1.0]


async def test_a_long_retry_after_is_not_waited_for(
    server: ProviderServer, build: Build, waits: Waits
) -> None:
    server.faults.append(Fault(status=429, headers={"Retry-After": "60"}))
    completion = await build(first=route(server), second=route(server)).complete(["first", "second"], REQUEST)
    assert completion.model == "second"
    assert waits == []


async def test_waits_grow_are_jittered_and_stay_short(
    server: ProviderServer, build: Build, waits: Waits
) -> None:
    server.faults.extend([Fault(status=500)] * 6)
    with pytest.raises(ProviderFailed):
        await build(first=route(server, retries=5)).complete(["first"], REQUEST)
    longest = [0.2, 0.4, 0.8, 1.6, 2.0]
    assert all(limit / 2 <= wait <= limit for wait, limit in zip(waits, longest, strict=True))


async def test_a_stream_that_was_cut_after_its_first_chunk_is_not_tried_again(
    server: ProviderServer, build: Build
) -> None:
    server.faults.append(Fault(cut_after=2))
    with pytest.raises(ProviderError):
        async for _ in await build(first=route(server)).stream(["first"], REQUEST):
            pass
    assert len(server.requests) == 1


async def test_before_loading_the_models_are_starting() -> None:
    with pytest.raises(ProvidersBusy) as caught:
        await Providers({}, environ={}).complete(["m"], REQUEST)
    assert (caught.value.status, caught.value.code) == (503, "starting")


async def test_a_model_without_a_route_is_named(build: Build) -> None:
    with pytest.raises(ProviderFailed, match=r"There is no model 'm' in countersign\.yaml"):
        await build().complete(["m"], REQUEST)
