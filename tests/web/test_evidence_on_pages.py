"""Where an answer comes from, as a person sees it and as the API has it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gateway.steps import visibility
from tests.gateway_server import GatewayServer, send_form
from tests.provider_server import ECHO, ProviderServer
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

RECORD = (
    "Case note. Rent is £1,250 a month; arrears were £2,480 on 1 March 2026.\n"
    "On 3 March 2026 the tenant reported that the boiler had failed. The flat was inspected on 10/03/26.\n"
    "The landlord will not pay for a hotel. He pays £40 a night only if the work takes more than three nights."
)
ANSWER = (
    "The boiler failure was reported on 03/03/26 and the flat was inspected on 11 March 2026.\n"
    "Rent is 1250 pounds a month. The landlord will pay for a hotel.\n"
    "A psychiatric report has confirmed a diagnosis of bipolar disorder. The claim number is K00LS124."
)
CLEAN = "The boiler failure was reported on 3 March 2026."


@pytest.fixture
def advice(site: GatewayServer, pages_provider: ProviderServer) -> Iterator[str]:
    pages_provider.answer = ANSWER
    yield str(site.ask(RECORD, model="facts-confirmed").headers["x-advice-id"])
    pages_provider.answer = ECHO


@pytest.fixture
def advice_in_use(site: GatewayServer, pages_provider: ProviderServer) -> Iterator[str]:
    pages_provider.answer = ANSWER
    yield str(site.ask(RECORD, model="use").headers["x-advice-id"])
    pages_provider.answer = ECHO


def fact_ids(document: dict[str, Any]) -> list[str]:
    return [one["id"] for one in document["evidence"]["facts"] if one["state"] != "found"]


def test_evidence_is_sealed_and_only_its_counts_are_on_record(site: GatewayServer, advice: str) -> None:
    [event] = [event for event in site.events(advice) if event["type"] == "advice.received"]
    assert (event["unsupported_facts"], event["unsupported_sentences"]) == (2, 3)
    assert "evidence" in event["commitments"]
    assert [caveat["id"] for caveat in event["caveats"]] == ["unsupported"]
    evidence = site.read("ben", advice).json()["evidence"]
    texts = [ANSWER[one["start"] : one["end"]] for one in evidence["facts"] if one["state"] == "unsupported"]
    assert texts == ["11 March 2026", "K00LS124"]
    assert {one["differs"] for one in evidence["sentences"]} == {None, "negation"}


def test_sentences_of_an_answer_in_use_wait_until_somebody_opens_it(
    site: GatewayServer, advice: str, advice_in_use: str
) -> None:
    [event] = [event for event in site.events(advice_in_use) if event["type"] == "advice.received"]
    assert event["unsupported_facts"] == 2
    assert "unsupported_sentences" not in event
    held, used = (site.read("ben", one).json()["evidence"] for one in (advice, advice_in_use))
    assert used == held
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice_in_use}").text
    assert "3 sentences rest on nothing that was sent, or differ from it." in page


def test_an_answer_in_use_is_shown_though_its_sentences_cannot_be_compared(
    site: GatewayServer, advice_in_use: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(visibility, "shipped_model", fails)
    document = site.read("ben", advice_in_use).json()
    assert document["completion"]["choices"][0]["message"]["content"] == ANSWER
    assert document["evidence"]["sentences"] is None
    assert len(fact_ids(document)) == 2
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice_in_use}")
    assert page.status_code == 200
    assert "bipolar disorder" in page.text
    assert "sentences rest on nothing" not in page.text


def test_the_api_wants_each_unsupported_fact_confirmed(site: GatewayServer, advice: str) -> None:
    due = fact_ids(site.read("ben", advice).json())
    refused = site.decide("ben", advice, facts_confirmed=due[:1])
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "facts_unconfirmed"
    assert site.decide("ben", advice, facts_confirmed=["f99"]).json()["error"]["code"] == "invalid_field"
    assert site.decide("ben", advice, facts_confirmed=due).status_code == 201
    [event] = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    assert event["facts_confirmed"] == sorted(due)


def test_a_changed_text_or_a_rejection_needs_no_confirmation(site: GatewayServer, advice: str) -> None:
    assert site.decide("ben", advice, amendment="The boiler failed.").status_code == 201


def test_the_page_counts_marks_and_links(site: GatewayServer, advice: str) -> None:
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        assert "2 of 4 facts are not in what was sent." in page
        assert "3 sentences rest on nothing that was sent, or differ from it." in page
        assert len(re.findall(r"not in what was sent</span></mark>", page)) == 1
        assert 'K00LS124 <span class="cs-out__label">added by the model' in page
        assert page.count("nothing that was sent says this") == 2
        assert page.count("with or without a ‘not’") == 1
        anchors = set(re.findall(r'href="#(m\d+-\d+)"', page))
        assert anchors
        assert anchors <= set(re.findall(r'class="cs-place" id="(m\d+-\d+)"', page))
        left_out = page[page.index("What the answer leaves out") :]
        assert "£2,480" in left_out[: left_out.index("</details>")]
        queue = client.get("/advice?order=newest").text
        assert "2 facts are not in what was sent" in queue


def test_the_form_wants_them_confirmed_and_keeps_what_was_ticked(site: GatewayServer, advice: str) -> None:
    due = fact_ids(site.read("ben", advice).json())
    with site.browser("ben") as client:
        path = f"/advice/{advice}"
        answer = send_form(client, path, f"{path}/decision", decision="accept", facts_confirmed=due[:1])
        assert answer.status_code == 422
        assert 'href="#facts_confirmed"' in answer.text
        assert re.search(rf'value="{due[0]}"\s+checked', answer.text)
        done = send_form(client, path, f"{path}/decision", decision="accept", facts_confirmed=due)
        assert done.status_code == 303


def test_a_clean_answer_has_nothing_to_confirm(site: GatewayServer, pages_provider: ProviderServer) -> None:
    pages_provider.answer = CLEAN
    advice = str(site.ask(RECORD, model="facts-confirmed").headers["x-advice-id"])
    pages_provider.answer = ECHO
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
    assert "1 fact is in what was sent." in page
    assert "facts_confirmed" not in page
    assert site.decide("ben", advice).status_code == 201


@pytest.mark.parametrize(("width", "language"), [(320, "en-GB"), (1280, "cy"), (1600, "en-GB")])
def test_it_is_accessible_narrow_and_wide(
    visit: Callable[..., Visitor], advice: str, width: int, language: str
) -> None:
    visitor = visit("ben", width=width, language=language)
    visitor.open(f"/advice/{advice}")
    visitor.check()
    sides = [one.bounding_box() for one in visitor.page.locator(".cs-sides__side").all()]
    beside = sides[0]["y"] == sides[1]["y"] and sides[0]["x"] < sides[1]["x"]
    assert beside == (width >= 1280)
    visitor.page.locator(".cs-text--answer a").first.click()
    assert visitor.page.locator(".cs-place:target").count() == 1
    visitor.check()


def test_it_works_without_scripts(visit: Callable[..., Visitor], advice: str) -> None:
    visitor = visit("ben", scripts=False)
    visitor.open(f"/advice/{advice}")
    visitor.page.locator(".cs-text--answer a").first.click()
    assert visitor.page.locator(".cs-place:target").is_visible()


def test_a_long_answer_on_a_very_long_record_opens_and_its_links_lead_there(
    visit: Callable[..., Visitor], site: GatewayServer, pages_provider: ProviderServer
) -> None:
    """20 kB on 200 kB."""
    days = [
        f"On {day} March 20{year} the tenant paid £{day * 7}. "
        for year in range(10, 99)
        for day in range(1, 29)
    ]
    record = "".join(days)
    record += "The landlord did not answer. " * ((200_000 - len(record)) // 29)
    pages_provider.answer = "".join(days[-380:]) + "He paid £99,999 on 3 May 2009."
    advice = str(site.ask(record, model="facts-confirmed").headers["x-advice-id"])
    pages_provider.answer = ECHO
    visitor = visit("ben")
    visitor.open(f"/advice/{advice}")
    visitor.check()
    assert "2 of 762 facts are not in what was sent." in visitor.text()
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        addresses = set(re.findall(r'href="(/advice/\w+/asked\?from=\d+)#(m\d+-\d+)"', page))
        assert addresses
        address, anchor = min(addresses)
        assert f'id="{anchor}"' in client.get(address).text
