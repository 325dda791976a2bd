"""The queue: what waits for whom, in which order, page by page."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.gateway_server import GatewayServer

Start = Callable[..., GatewayServer]


@pytest.fixture(scope="module")
def busy(site: GatewayServer) -> dict[str, list[str]]:
    """Advice of a policy of its own: what Ana asked for, and what nobody is named for."""
    return {
        "anas": [ask(site, on_behalf_of=site.people["ana"][0]) for _ in range(2)],
        "nobodys": [ask(site) for _ in range(45)],
    }


def ask(site: GatewayServer, model: str = "queued", **metadata: str) -> str:
    return str(site.ask("Write.", model=model, metadata=metadata).headers["x-advice-id"])


def listed(client: httpx.Client, address: str) -> list[str]:
    found = []
    while address:
        page = client.get(address).text
        found += re.findall(r'<a class="govuk-link" href="/advice/(adv_\w+)"', page)
        after = re.search(r'href="([^"]+)" rel="next"', page)
        address = after[1].replace("&amp;", "&") if after else ""
    return found


def test_each_sees_what_they_may_decide_on_and_what_they_asked_for(
    site: GatewayServer, busy: dict[str, list[str]]
) -> None:
    with site.browser("ana") as ana, site.browser("ben") as ben:
        assert set(listed(ben, "/advice?policy=queued")) == {*busy["anas"], *busy["nobodys"]}
        assert set(listed(ana, "/advice?policy=queued")) == set(busy["nobodys"])
        assert listed(ana, "/advice?whose=mine&policy=queued") == busy["anas"][::-1]
        assert listed(ben, "/advice?whose=mine&policy=queued") == []


@pytest.mark.parametrize("order", ["due", "oldest", "newest", "nonsense"])
def test_every_order_lists_each_once_page_by_page(
    site: GatewayServer, busy: dict[str, list[str]], order: str
) -> None:
    with site.browser("ben") as client:
        found = listed(client, f"/advice?policy=queued&order={order}")
    expected = busy["anas"] + busy["nobodys"]
    assert found == (expected[::-1] if order == "newest" else expected)


def test_what_one_has_decided_on_waits_no_more_and_is_found_again(site: GatewayServer) -> None:
    advice = ask(site, "held")
    site.decide("ben", advice)
    with site.browser("ben") as client:
        assert advice not in listed(client, "/advice?policy=held")
        assert listed(client, "/advice?whose=decided&status=accepted&policy=held")[0] == advice
        assert advice not in listed(client, "/advice?whose=decided&status=rejected&policy=held")


def test_a_second_decider_is_still_asked(site: GatewayServer) -> None:
    advice = ask(site, "two")
    for who in ("ana", "ben"):
        with site.client(who) as client:
            client.post(f"/v1/advice/{advice}/view", json={"view": "Yes."})
    site.decide("ana", advice)
    with site.browser("ana") as ana, site.browser("ben") as ben:
        assert advice not in listed(ana, "/advice?policy=two")
        assert advice in listed(ben, "/advice?policy=two")


def test_what_is_overdue_is_told_on_top(fresh_site: Start) -> None:
    server = fresh_site()
    with server.browser("ben") as client:
        assert "overdue" not in client.get("/advice").text
        advice = ask(server, "use")
        server.resources.log.submit(
            lambda tx: tx.connection.execute("UPDATE advice SET decide_by = '2026-01-01T00:00:00.000000Z'")
        ).result()
        page = client.get("/advice").text
        assert "1 piece of advice is overdue" in page
        assert listed(client, "/advice?due=over") == [advice]
        server.decide("cai", advice)
        assert "overdue" not in client.get("/advice").text


@pytest.mark.parametrize(
    "query", ["after=%ff", "after=bm9uc2Vuc2U", "policy=%3Cscript%3E", "whose=x&status=y&order=z&due=q"]
)
def test_an_address_that_makes_no_sense_shows_a_page(site: GatewayServer, query: str) -> None:
    with site.browser("ben") as client:
        answer = client.get(f"/advice?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace('<script type="module"', "")
