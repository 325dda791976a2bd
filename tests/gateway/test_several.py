"""Two gateways on one PostgreSQL are one service: what was done at one holds at the other."""

import asyncio
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from html import unescape
from typing import NamedTuple

import httpx
import pytest

from audit import now_text
from gateway.advice import Claim, case_scope
from gateway.api import call_headers
from gateway.api.keep_alive import COMMENT, with_comments
from gateway.redaction import RedactionSettings
from gateway.steps import idempotency
from tests.gateway_server import POLICIES, GatewayServer, form_token
from tests.postgres_server import PostgresServer, own_server
from tests.provider_server import Fault, ProviderServer
from tests.shared_log import verify_of
from tests.waiting import wait_for

PATTERNS = RedactionSettings(name_model=None)

pytestmark = pytest.mark.xdist_group("several")


class Both(NamedTuple):
    one: GatewayServer
    other: GatewayServer


@pytest.fixture(scope="module")
def running(
    postgres: PostgresServer, provider_server: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    name = postgres.database()
    with postgres.connect(name) as connection:
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    folder = tmp_path_factory.mktemp("several")
    policies = shutil.copytree(POLICIES, folder / "policies")
    settings = {"database": postgres.address(name), "redaction": PATTERNS, "policies": policies}
    with (
        GatewayServer(folder / "one", provider_server, **settings) as one,
        GatewayServer(folder / "other", provider_server, beside=one, **settings) as other,
    ):
        yield Both(one, other)


@pytest.fixture
def both(running: Both, provider: ProviderServer) -> Both:
    return running


def test_advice_asked_at_one_is_decided_at_the_other_and_released_at_the_first(both: Both) -> None:
    advice = both.one.ask(model="held").headers["x-advice-id"]
    assert both.other.decide("ben", advice).json()["status"] == "accepted"
    assert "completion" in both.one.read("application", advice).json()
    assert both.other.types(advice) == [
        "advice.requested",
        "advice.received",
        "decision.recorded",
        "advice.accepted",
        "advice.released",
    ]


def test_a_caller_who_waits_at_one_learns_of_a_decision_at_the_other(both: Both) -> None:
    advice = both.one.ask(model="held").headers["x-advice-id"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(both.one.read, "application", advice, Prefer="wait=15")
        both.other.decide("ben", advice)
        assert waiting.result().json()["status"] == "accepted"


def test_two_people_who_decide_at_two_gateways_at_once_get_one_outcome(both: Both) -> None:
    for _ in range(5):
        advice = both.one.ask(model="held").headers["x-advice-id"]
        with ThreadPoolExecutor(2) as pool:
            accepted = pool.submit(both.one.decide, "ben", advice, "accept")
            rejected = pool.submit(both.other.decide, "cai", advice, "reject", reason="No.")
            statuses = {accepted.result().status_code, rejected.result().status_code}
        assert statuses == {201, 409}
        assert len({"advice.accepted", "advice.rejected"} & set(both.one.types(advice))) == 1


def test_the_same_key_at_the_other_gateway_is_the_same_advice(both: Both) -> None:
    headers = {"Idempotency-Key": "several-1"}
    first = both.one.ask(model="held", headers=headers)
    again = both.other.ask(model="held", headers=headers)
    assert again.headers["x-advice-id"] == first.headers["x-advice-id"]
    assert both.other.ask("Something else.", model="held", headers=headers).status_code == 409


def test_the_same_key_at_both_at_once_is_asked_once(both: Both, provider: ProviderServer) -> None:
    provider.latency_seconds = 0.3
    headers = {"Idempotency-Key": "several-2"}
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda gateway: gateway.ask(model="held", headers=headers), both))
    assert len(provider.requests) == 1
    assert {answer.status_code for answer in answers} <= {202, 409}
    assert 202 in {answer.status_code for answer in answers}


def test_the_same_body_at_both_at_once_is_asked_once(both: Both, provider: ProviderServer) -> None:
    for _ in range(3):  # which of them is first is a matter of chance
        provider.requests.clear()
        provider.latency_seconds = 0.5
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda at: both[at % 2].ask("At once.", model="use"), range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4
        assert len(provider.requests) == 1
        assert len({answer.headers["x-advice-id"] for answer in answers}) == 1
        assert len({answer.json()["choices"][0]["message"]["content"] for answer in answers}) == 1


def is_new(gateway: GatewayServer, model: str, first: str) -> bool:
    return gateway.ask("Asked again elsewhere.", model=model).headers["x-advice-id"] != first


def test_a_client_that_timed_out_at_one_gets_its_answer_at_the_other(
    both: Both, provider: ProviderServer
) -> None:
    for model, status in (("use", 200), ("held", 202)):
        provider.requests.clear()
        provider.latency_seconds = 1.0
        body = {"model": model, "messages": [{"role": "user", "content": "Asked again elsewhere."}]}
        with both.one.client() as client, pytest.raises(httpx.ReadTimeout):
            client.post("/v1/chat/completions", json=body, timeout=0.5)
        wait_for(lambda: provider.requests)
        again = both.other.ask("Asked again elsewhere.", model=model)
        assert (again.status_code, len(provider.requests)) == (status, 1)
        # Now that somebody has it, the same question is a new one, at both.
        provider.latency_seconds = 0.0
        first = again.headers["x-advice-id"]
        for gateway in both:  # the first one may still be at its answer
            wait_for(partial(is_new, gateway, model, first))
        assert len(provider.requests) == 3
        assert "advice.abandoned" not in both.one.types(again.headers["x-advice-id"])


def test_a_client_that_timed_out_at_one_gets_its_stream_at_the_other(
    both: Both, provider: ProviderServer
) -> None:
    provider.latency_seconds = 1.0
    body = {"model": "use", "messages": [{"role": "user", "content": "Streamed elsewhere."}], "stream": True}
    with both.one.client() as client, pytest.raises(httpx.ReadTimeout):
        client.post("/v1/chat/completions", json=body, timeout=0.5)
    wait_for(lambda: provider.requests)
    with both.other.client() as client:
        again = client.post("/v1/chat/completions", json=body)
        assert again.text.endswith("data: [DONE]\n\n")
        assert len(provider.requests) == 1
        late = client.post("/v1/chat/completions", json=body)
    assert again.headers["x-advice-id"] != late.headers["x-advice-id"]
    assert len(provider.requests) == 2


def test_who_waits_for_the_stream_of_another_gateway_is_sent_comments(
    both: Both, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_OPEN_SECONDS", 0.1)
    monkeypatch.setattr(call_headers, "with_comments", partial(with_comments, seconds=0.1))
    provider.latency_seconds = 1.5
    body = {"model": "use", "messages": [{"role": "user", "content": "Awaited elsewhere."}], "stream": True}
    with both.one.client() as client, both.other.client() as other, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/v1/chat/completions", json=body)
        wait_for(lambda: provider.requests)
        again = other.post("/v1/chat/completions", json=body)
    assert again.text.startswith(COMMENT.decode())
    assert again.text.endswith("data: [DONE]\n\n")
    assert again.headers["x-advice-id"] == first.result().headers["x-advice-id"]
    assert '"decision_support":{' in again.text
    assert len(provider.requests) == 1


def test_who_waits_for_a_stream_that_fails_elsewhere_is_told_so(
    both: Both, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_OPEN_SECONDS", 0.1)
    provider.latency_seconds = 1.5
    provider.faults.append(Fault(status=500))
    body = {"model": "use", "messages": [{"role": "user", "content": "Fails elsewhere."}], "stream": True}
    with both.one.client() as client, both.other.client() as other, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/v1/chat/completions", json=body)
        wait_for(lambda: provider.requests)
        again = other.post("/v1/chat/completions", json=body)
        assert first.result().status_code == 502
        assert '"code":"advice_not_ready"' in again.text
        assert "[DONE]" not in again.text
        assert other.post("/v1/chat/completions", json=body).text.endswith("data: [DONE]\n\n")


def test_a_stream_that_was_left_half_way_at_one_is_another_at_the_other(
    both: Both, provider: ProviderServer
) -> None:
    provider.faults.append(Fault(hang_after=3))
    body = {"model": "use", "messages": [{"role": "user", "content": "Left, elsewhere."}], "stream": True}
    with both.one.client() as client, client.stream("POST", "/v1/chat/completions", json=body) as left:
        next(left.iter_bytes())
    advice = left.headers["x-advice-id"]
    wait_for(lambda: "advice.received" in both.one.types(advice))
    with both.other.client() as client:
        # Until the one has let go of it, the other says when to try again.
        wait_for(
            lambda: (
                client.post("/v1/chat/completions", json=body).headers.get("x-advice-id", advice) != advice
            )
        )


def test_a_client_that_repeats_a_409_elsewhere_is_told_of_the_same_advice(
    both: Both, provider: ProviderServer
) -> None:
    provider.answer = "{}"
    asked = {"response_format": {"type": "json_object"}}
    first, again = (gateway.ask("Held, as JSON.", model="held", **asked) for gateway in both)
    assert (first.status_code, again.status_code) == (409, 409)
    advice = first.json()["error"]["advice"]
    assert again.json()["error"]["advice"] == advice
    assert both.one.decide("ben", advice).status_code == 201
    assert both.other.ask("Held, as JSON.", model="held", **asked).headers["x-advice-id"] == advice
    assert len(provider.requests) == 1


def test_what_failed_at_one_is_asked_anew_at_the_other(both: Both, provider: ProviderServer) -> None:
    provider.faults.append(Fault(status=500))
    assert both.one.ask("Fails once.", model="use").status_code == 502
    assert both.other.ask("Fails once.", model="use").status_code == 200


def test_the_same_body_of_another_application_is_another_request(
    both: Both, provider: ProviderServer
) -> None:
    provider.latency_seconds = 0.5
    body = {"model": "shown-first", "messages": [{"role": "user", "content": "From two."}]}

    def ask(gateway: GatewayServer, key: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"}
        with gateway.client() as client:
            return client.post("/v1/chat/completions", json=body, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(ask, both.one, both.one.key)
        other = pool.submit(ask, both.other, both.other.other_key)
        answers = [one.result(), other.result()]
    assert {answer.status_code for answer in answers} == {202}, [answer.text for answer in answers]
    assert len(provider.requests) == 2


def test_nothing_of_a_body_is_kept_in_clear_by_its_claim(
    both: Both, provider: ProviderServer, postgres: PostgresServer
) -> None:
    asked = {
        "response_format": {"type": "json_object"},
        "messages": [{"role": "user", "content": "Zorblat."}],
    }
    provider.answer = "{}"
    advice = both.one.ask(model="held", **asked).json()["error"]["advice"]

    def claims() -> list[tuple[str, ...]]:
        query = "SELECT application, key_hash, body_hash FROM idempotency WHERE advice = %(advice)s"
        return both.one.resources.database.read(
            lambda connection: connection.execute(query, {"advice": advice}).fetchall()
        )

    ((application, key, body),) = claims()
    assert (application, len(key), body) == ("casebook", 40, "")
    assert both.one.decide("ben", advice, "reject", reason="No.").status_code == 201
    with both.one.client("ada") as client:
        erased = client.post("/v1/erasures", json={"advice": advice, "reason": "court_order"})
    assert erased.status_code == 200, erased.text
    assert claims() == []  # the key is made of the body, so it goes with that


def test_what_reached_somebody_elsewhere_is_not_abandoned(both: Both, provider: ProviderServer) -> None:
    provider.answer = "{}"
    asked = {"response_format": {"type": "json_object"}}
    advice = both.one.ask("Whose is it?", model="held", **asked).json()["error"]["advice"]
    key = both.one.resources.database.read(
        lambda connection: connection.execute(
            "SELECT key_hash FROM idempotency WHERE advice = %(advice)s", {"advice": advice}
        ).fetchone()
    )
    assert key is not None
    here, gone = Claim("casebook", key[0], seconds={}), Claim("casebook", "0" * 40, seconds={})
    recorder = both.one.resources.make_recorder()
    asyncio.run(recorder.abandoned(advice, gone))
    assert "advice.abandoned" not in both.one.types(advice)
    asyncio.run(recorder.abandoned(advice, here))
    assert both.one.types(advice)[-1] == "advice.abandoned"


def test_a_limit_of_requests_a_minute_is_of_all_gateways_together(both: Both) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda number: both[number % 2].ask(f"Number {number}.", model="limited"), range(8))
        )
    told = [answer.json().get("error") for answer in answers]
    assert Counter(answer.status_code for answer in answers) == {200: 2, 429: 6}, told
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_overdue_advice_of_one_blocks_at_the_other(both: Both) -> None:
    first = both.one.ask(model="due")
    advice = first.headers["x-advice-id"]
    decide_by = first.json()["decision_support"]["decide_by"]
    wait_for(lambda: now_text() > decide_by)
    assert both.other.ask(model="due").status_code == 409
    for event in both.one.events():
        if event["type"] == "advice.received" and event["policy"]["id"] == "due":
            both.other.decide("ben", event["advice"])
    assert both.other.ask(model="due").status_code == 200
    assert advice


def test_one_case_at_both_gateways_has_one_set_of_pseudonyms(both: Both, provider: ProviderServer) -> None:
    names = [f"Mr Quillfeather{letter}" for letter in "abcdefgh"]

    def ask(number: int) -> int:
        text = f"{names[number % 8]} called, and {names[(number + 3) % 8]}."
        subjects = str(names).replace("'", '"')
        answer = both[number % 2].ask(text, model="use", metadata={"case": "shared", "subjects": subjects})
        # What the model saw comes back in whole, so each pseudonym was put back right.
        if answer.status_code == 200:
            assert text in answer.json()["choices"][0]["message"]["content"]
        return answer.status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = Counter(pool.map(ask, range(24)))
    assert set(statuses) <= {200, 503}
    assert statuses[200] >= 12
    rows = both.one.resources.database.read(
        lambda connection: both.one.resources.vault.pseudonyms(connection, case_of(both.one, "shared"))
    )
    assert len({value for _, _, value in rows}) == len(rows) == len({text for text, _, _ in rows})


def case_of(gateway: GatewayServer, case: str) -> str:
    return case_scope(gateway.resources.vault, "casebook", case)


def test_people_and_keys_made_or_revoked_at_one_are_so_at_the_other(both: Both) -> None:
    with both.one.client("ada") as client:
        made = client.post("/v1/credentials", json={"name": "Eve", "roles": ["reviewer"]}).json()
    advice = both.one.ask(model="held").headers["x-advice-id"]
    with both.other.client("ada") as client:
        eve = {"Authorization": f"Bearer {made['token']}"}
        assert client.get(f"/v1/advice/{advice}", headers=eve).status_code == 200
        client.delete(f"/v1/credentials/{made['person']}")
    with both.one.client("ada") as client:
        assert client.get(f"/v1/advice/{advice}", headers=eve).status_code == 401


def test_held_advice_expires_once(both: Both) -> None:
    advice = both.one.ask(model="quick").headers["x-advice-id"]
    wait_for(lambda: both.other.read("application", advice).json()["status"] == "expired")
    assert both.one.types(advice).count("advice.expired") == 1


def test_what_was_erased_at_one_is_gone_at_the_other(both: Both) -> None:
    advice = both.one.ask(model="held").headers["x-advice-id"]
    both.one.decide("ben", advice)
    with both.one.client("ada") as client:
        done = client.post("/v1/erasures", json={"advice": advice, "reason": "court_order"})
    assert done.status_code == 200, done.text
    assert both.other.read("ben", advice).status_code == 410


def test_the_wrapping_key_is_exchanged_while_both_are_at_work(both: Both) -> None:
    stop = threading.Event()
    asked: list[str] = []

    def ask(gateway: GatewayServer) -> None:
        while not stop.is_set():
            asked.append(gateway.ask(model="held").headers["x-advice-id"])

    with ThreadPoolExecutor(4) as pool:
        callers = [pool.submit(ask, gateway) for gateway in (*both, *both)]
        for gateway in (*both, *both):
            with gateway.client("ada") as client:
                assert client.post("/v1/master-key/rotations").status_code == 200
        stop.set()
        for caller in callers:
            caller.result()
    assert asked
    for advice in asked:
        for gateway in both:
            assert gateway.read("ben", advice).status_code == 200


def test_a_policy_that_is_put_in_force_at_one_is_soon_in_force_at_the_other(both: Both) -> None:
    file = both.one.settings.policies / "limited.yaml"
    file.write_text(file.read_text().replace("title: ", "title: New "))
    both.one.hang_up()

    def titles() -> list[str]:
        return [str(gateway.policy("limited")["title"]) for gateway in both]

    wait_for(lambda: all(title.startswith("New ") for title in titles()))
    loaded = [event for event in both.one.events() if event["type"] == "policy.loaded"]
    assert [event["actor"] for event in loaded if event["policy"]["id"] == "limited"][2:] == ["operator"]


def test_a_checkpoint_from_one_and_tiles_from_the_other_fit(both: Both) -> None:
    for gateway, other in (both, reversed(both)):
        gateway.ask(model="held")
        with gateway.client("olu") as client, other.client("olu") as elsewhere:
            size = int(client.get("/audit/checkpoint").text.split("\n")[1])
            assert int(elsewhere.get("/audit/checkpoint").text.split("\n")[1]) >= size
            part = f"{size // 256:03}.p/{size % 256}" if size % 256 else f"{size // 256 - 1:03}"
            assert elsewhere.get(f"/audit/tile/0/{part}").status_code == 200


def test_the_log_of_both_verifies(both: Both) -> None:
    both.one.ask(model="held")
    both.other.ask(model="held")
    for gateway in both:
        report = verify_of(gateway.resources.database, gateway.settings.data)
        assert report.ok, report.findings


def test_without_the_database_callers_are_told_when_to_retry_and_then_it_goes_on(
    provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("away")
    monkeypatch.setattr("gateway.storage.postgresql.database.ANSWER_SECONDS", 0.5)
    with own_server() as server:
        settings = {"database": server.address(server.database()), "redaction": PATTERNS}
        settings["monitoring"] = {"token": "watched"}
        with (
            GatewayServer(folder / "one", provider, **settings) as one,
            GatewayServer(folder / "other", provider, beside=one, **settings) as other,
        ):
            advice, typed_on = (one.ask(model="held").headers["x-advice-id"] for _ in range(2))
            one.give_password("ben")
            browser = one.browser("ben")
            token = form_token(browser.get(f"/advice/{typed_on}").text)
            form = {"token": token, "decision": "reject", "reason": "A long & <careful> argument"}
            server.kill()
            for gateway in (one, other):
                for refused in (
                    gateway.ask(model="held"),
                    gateway.decide("ben", advice),
                    gateway.read("ben", advice),
                ):
                    assert refused.status_code == 503
                    assert refused.json()["error"]["code"] == "log_unavailable"
                    assert int(refused.headers["retry-after"]) > 0
                    assert str(server.port) not in refused.text
            page = browser.post(f"/advice/{typed_on}/decision", data=form)
            assert page.status_code == 503
            given_back = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text)
            assert {name: unescape(value) for name, value in given_back[-3:]} == form
            server.start()
            wait_for(lambda: browser.post(f"/advice/{typed_on}/decision", data=form).status_code == 303)
            wait_for(lambda: one.read("ben", typed_on).json().get("status") == "rejected")
            wait_for(lambda: other.decide("ben", advice).is_success)
            wait_for(lambda: one.ask(model="held").status_code == 202)
            with one.client("ben") as client, server.hanging():
                # It refuses nothing; what needs no database does not wait for it.
                assert client.get(f"/v1/advice/{advice}").status_code == 503
                assert client.get("/health/ready").status_code == 503
                assert client.get("/health/live").status_code == 200
                assert client.get("/metrics", headers={"Authorization": "Bearer watched"}).status_code == 200
            wait_for(lambda: one.ask(model="held").status_code == 202)
        report = verify_of(one.resources.database, one.settings.data)
        assert report.ok, report.findings
