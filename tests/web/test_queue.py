"""The queue: what waits for whom, in which order, page by page."""

import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest

from gateway.advice import ErasureTarget, erase
from tests.gateway_server import GatewayServer, send_form

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


def entries(client: httpx.Client, address: str) -> dict[str, str]:
    """The words of each entry, by its advice."""
    page = client.get(address).text
    found = {}
    for part in page.split('<li class="cs-entry">')[1:]:
        advice = re.search(r'href="/advice/(adv_\w+)"', part)
        assert advice
        found[advice[1]] = " ".join(unescape(re.sub(r"<[^>]+>", "", part.partition("</li>")[0])).split())
    return found


def in_case(site: GatewayServer, question: str, case: str, key: str = "", model: str = "held") -> str:
    with site.openai(key) as client:
        answer = client.chat.completions.with_raw_response.create(
            model=model, messages=[{"role": "user", "content": question}], metadata={"case": case}
        )
    return str(answer.headers["x-advice-id"])


def test_an_entry_has_its_case_and_its_question_with_what_was_taken_out_in_place(
    site: GatewayServer,
) -> None:
    advice = in_case(site, "What does Mr John Smith (CRN X123456) owe?" + " And why?" * 50, "PROB-17")
    with site.browser("ben") as client:
        words = entries(client, "/advice?policy=held&order=newest")[advice]
        page = client.get(f"/advice/{advice}").text
    assert words.startswith("What does Mr John Smith (CRN X123456) owe? And why?")
    assert len(words) < 400
    assert "Case PROB-17" in words
    assert "PROB-17" in page
    assert "PROB-17" not in str(site.events(advice))


def test_one_case_is_found_by_its_reference_which_no_address_holds(site: GatewayServer) -> None:
    same = {in_case(site, f"Question {number}.", "PROB-18") for number in range(3)}
    in_case(site, "Another.", "PROB-19")
    with site.browser("ben") as client:
        done = send_form(client, "/advice", "/advice?policy=held", reference=" PROB-18 ")
        assert done.status_code == 303
        assert "PROB-18" not in done.headers["location"]
        assert set(listed(client, done.headers["location"])) == same
        assert "Only case PROB-18 is shown." in client.get(done.headers["location"]).text
        unknown = send_form(client, "/advice", "/advice", reference="PROB-20")
        assert (unknown.status_code, "There is no advice of a case" in unknown.text) == (422, True)
        assert send_form(client, "/advice", "/advice", reference=" ").status_code == 422


def test_of_a_reference_that_two_applications_have_the_person_chooses(site: GatewayServer) -> None:
    one = in_case(site, "Mine.", "BOTH-1", model="shown-first")
    with site.browser("ben") as client:
        first = send_form(client, "/advice", "/advice", reference="BOTH-1")
        assert first.status_code == 303
        other = in_case(site, "Theirs.", "BOTH-1", site.other_key, "shown-first")
        page = send_form(client, "/advice", "/advice", reference="BOTH-1").text
        addresses = [unescape(one) for one in re.findall(r'href="(/advice\?[^"]*case=[^"]*)">the case', page)]
        assert [listed(client, address) for address in addresses] == [[one], [other]]


def test_what_one_person_asked_for_is_chosen_by_their_id(
    site: GatewayServer, busy: dict[str, list[str]]
) -> None:
    ana = site.people["ana"][0]
    with site.browser("ben") as client:
        page = client.get("/advice").text
        assert f'<option value="{ana}">ana</option>' in page
        assert set(listed(client, f"/advice?policy=queued&requester={ana}")) == set(busy["anas"])
        assert listed(client, f"/advice?requester={site.people['cai'][0]}") == []


def test_nothing_of_what_was_asked_is_left_in_an_entry_once_it_is_erased(site: GatewayServer) -> None:
    advice = in_case(site, "What does Mr Paul Jones owe?", "GONE-1")
    site.decide("ben", advice)
    target = ErasureTarget(advice, is_case=False)
    with site.browser("ben") as client:
        assert "Jones" in entries(client, "/advice?whose=decided")[advice]
        site.resources.log.submit(
            lambda tx: erase(tx, site.resources.vault, target, why="subject_request", actor="operator")
        ).result()
        assert "Jones" not in entries(client, "/advice?whose=decided")[advice]
