"""The page of one advice: what it shows to whom, and what becomes of what is typed on it."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import httpx
import pytest

from tests.gateway_server import PASSWORD, GatewayServer, form_token, send_form
from tests.provider_server import ECHO, ProviderServer

Start = Callable[..., GatewayServer]


@pytest.fixture(autouse=True)
def echo(pages_provider: ProviderServer) -> Iterator[None]:
    yield
    pages_provider.answer = ECHO


def held(
    site: GatewayServer, text: str = "Write to Mr John Smith.", model: str = "held", **metadata: str
) -> str:
    answer = site.ask(text, model=model, metadata=metadata)
    return str(answer.headers["x-advice-id"])


def decide(client: httpx.Client, advice: str, decision: str, **fields: Any) -> httpx.Response:
    page = f"/advice/{advice}"
    fields.setdefault("amendment", amendment(client.get(page).text))
    return send_form(client, page, f"{page}/decision", decision=decision, **fields)


def amendment(page: str) -> str:
    found = re.search(r'<textarea[^>]*id="amendment"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return found[1] if found else ""


def test_the_page_shows_what_was_asked_with_what_was_taken_out(site: GatewayServer) -> None:
    advice = held(site, "Write to john.smith@example.org, please.")
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
    assert (
        '<mark class="cs-out">john.smith@example.org <span class="cs-out__label">EMAIL_ADDRESS_1</span>'
        in page
    )
    assert "This is advice. The decision, and the responsibility for it, are yours." in page
    for part in ("held", "test-model", advice, "casebook"):
        assert part in page
    assert "checked" not in page


def test_it_is_on_record_that_the_page_showed_the_advice(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        client.get(f"/advice/{advice}")
        client.get(f"/advice/{advice}")
    shown = [event["to"] for event in site.events(advice) if event["type"] == "advice.shown"]
    assert shown == [f"person:{site.people['ben'][0]}"]


def test_what_the_model_added_is_marked(site: GatewayServer, pages_provider: ProviderServer) -> None:
    pages_provider.answer = "Ring 07700 900123."
    advice = held(site, "Write something.", model="use")
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
    assert "Personal details that nobody had sent" in page
    assert re.search(r'<mark class="cs-added">07700 900123', page)


@pytest.mark.parametrize(
    "answer",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="https://evil.example/">click</a>',
        "[click](https://evil.example/) https://evil.example/",
        "</textarea><script>alert(1)</script>",
        "{{ 7 * 7 }} {% include 'x' %}",
    ],
)
def test_a_models_markup_is_shown_as_text(
    site: GatewayServer, pages_provider: ProviderServer, answer: str
) -> None:
    pages_provider.answer = answer
    advice = held(site, answer)
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        changed = decide(client, advice, "change", amendment=answer + " more", reason=answer)
        after = client.get(changed.headers["location"]).text
    for one in (page, after):
        assert "<script>alert" not in one
        assert "<img" not in one
        assert 'href="https://evil' not in one
        assert "{{" not in answer or "{{ 7 * 7 }}" in one
    assert re.search(r"evil|alert|7 \* 7", page)


@pytest.mark.parametrize(
    ("decision", "fields", "recorded", "status"),
    [
        ("accept", {}, ("accept", 0), "accepted"),
        ("change", {"amendment": "Dear Sir, come on Tuesday."}, ("accept", 1), "accepted"),
        ("reject", {"reason": "Wrong dates."}, ("reject", 0), "rejected"),
    ],
)
def test_a_decision_is_recorded_as_it_was_chosen(
    site: GatewayServer, decision: str, fields: dict[str, str], recorded: tuple[str, int], status: str
) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        answer = decide(client, advice, decision, **fields)
        assert answer.headers["location"] == f"/advice/{advice}?recorded=decision"
        page = client.get(answer.headers["location"]).text
        again = client.post(
            f"/advice/{advice}/decision", data={"token": form_token(page), "decision": decision, **fields}
        )
    assert "Your decision is on record." in page
    assert 'name="decision"' not in page
    assert again.status_code in (303, 409)
    [event] = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    assert (event["decision"], event["text"]) == recorded
    assert site.read("ben", advice).json()["status"] == status
    if decision == "change":
        assert "What was accepted in its place" in page
        assert f"{event['changed'] / 10:g} per cent of the words differ" in page


@pytest.mark.parametrize(
    ("decision", "fields", "field"),
    [
        ("", {}, "decision"),
        ("burn", {}, "decision"),
        ("reject", {}, "reason"),
        ("reject", {"reason": " \n"}, "reason"),
        ("change", {"amendment": " "}, "amendment"),
        ("change", {}, "amendment"),
        ("accept", {"amendment": "Something else."}, "amendment"),
    ],
)
def test_what_is_missing_is_said_by_field_and_what_was_typed_stays(
    site: GatewayServer, decision: str, fields: dict[str, str], field: str
) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        answer = decide(client, advice, decision, **{"reason": "  ", **fields})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
        if "amendment" in fields:
            assert amendment(answer.text) == fields["amendment"]
        typed = decide(client, advice, "", reason="Half a thought")
        assert "Half a thought" in typed.text
        assert "Half a thought" in client.get(f"/advice/{advice}").text
        decide(client, advice, "reject", reason="A whole one")
        assert "Half a thought" not in client.get(f"/advice/{advice}").text
    assert site.types(advice).count("decision.recorded") == 1


def test_two_people_decide_each_with_a_view_first_and_without_knowing_the_others(site: GatewayServer) -> None:
    advice = held(site, model="two")
    answer = "cs-text--answer"
    with site.browser("ana") as ana, site.browser("ben") as ben:
        page = ana.get(f"/advice/{advice}").text
        assert answer not in page
        assert 'name="decision"' not in page
        empty = send_form(ana, f"/advice/{advice}", f"/advice/{advice}/view", view=" ")
        assert empty.status_code == 422
        early = ana.post(f"/advice/{advice}/decision", data={"token": form_token(page), "decision": "accept"})
        assert early.status_code in (409, 422)
        for client in (ana, ben):
            send_form(client, f"/advice/{advice}", f"/advice/{advice}/view", view="I would grant it.")
            page = client.get(f"/advice/{advice}").text
            assert answer in page
            assert "I would grant it." in page
        assert "own_view" in decide(ana, advice, "accept").text
        decide(ana, advice, "accept", own_view="agrees")
        page = ben.get(f"/advice/{advice}").text
        assert "accepted" not in re.sub(r"(?s)<form.*?</form>", "", page)
        assert "waits for a second person" in ana.get(f"/advice/{advice}").text
        decide(ben, advice, "reject", reason="No.", own_view="differs")
        page = ben.get(f"/advice/{advice}").text
        assert "ana:" in re.sub(r"\s+", "", page)
    recorded = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    assert [event["own_view"] for event in recorded] == ["agrees", "differs"]


def test_whoever_asked_does_not_decide_and_is_told_so(site: GatewayServer) -> None:
    advice = held(site, on_behalf_of=site.people["ana"][0])
    with site.browser("ana") as client:
        page = client.get(f"/advice/{advice}").text
        assert "somebody else decides on it" in page
        answer = client.post(
            f"/advice/{advice}/decision", data={"token": form_token(page), "decision": "accept"}
        )
    assert answer.status_code == 409
    assert "decision.recorded" not in site.types(advice)


def test_whoever_comes_second_is_told_and_keeps_what_they_typed(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as ben, site.browser("cai") as cai:
        page = cai.get(f"/advice/{advice}").text
        decide(ben, advice, "accept")
        fields = {"token": form_token(page), "decision": "reject", "reason": "A long argument"}
        answer = cai.post(f"/advice/{advice}/decision", data=fields)
    assert answer.status_code == 409
    assert "Somebody else decided on this advice before you" in answer.text
    assert "A long argument" in answer.text
    assert site.types(advice).count("decision.recorded") == 1


def lose_session(client: httpx.Client, how: str, site: GatewayServer) -> None:
    if how == "signed out elsewhere":
        client.post("/sign-out", data={"token": form_token(client.get("/advice").text)})
    else:
        client.cookies.clear()


@pytest.mark.parametrize("how", ["signed out elsewhere", "the cookie is gone"])
def test_what_was_typed_survives_the_session(site: GatewayServer, how: str) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        lose_session(client, how, site)
        fields = {"token": form_token(page), "decision": "reject", "reason": "A long argument & more"}
        asked = client.post(f"/advice/{advice}/decision", data=fields)
        assert asked.status_code == 401
        assert "What you typed is kept" in asked.text
        wrong = client.post("/sign-in", data={**hidden(asked.text), "username": "ben", "password": "wrong"})
        assert wrong.status_code == 422
        back = client.post("/sign-in", data={**hidden(wrong.text), "username": "ben", "password": PASSWORD})
        assert back.headers["location"] == f"/advice/{advice}"
        page = client.get(f"/advice/{advice}").text
        assert "A long argument &amp; more" in page
        assert "Nothing of it was sent" in page
    assert "decision.recorded" not in site.types(advice)


def hidden(page: str) -> dict[str, str]:
    from html import unescape

    main = page[page.index("<main") :]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', main)
    return {name: unescape(value) for name, value in found}


def test_nobody_else_gets_to_see_what_was_typed(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        client.cookies.clear()
        fields = {"token": form_token(page), "decision": "reject", "reason": "For my eyes only"}
        asked = client.post(f"/advice/{advice}/decision", data=fields)
        client.post("/sign-in", data={**hidden(asked.text), "username": "cai", "password": PASSWORD})
        assert "For my eyes only" not in client.get(f"/advice/{advice}").text
    with site.browser("ben") as ben, site.browser("cai") as cai:
        decide(ben, advice, "", reason="For my eyes only")
        assert "For my eyes only" in ben.get(f"/advice/{advice}").text
        assert "For my eyes only" not in cai.get(f"/advice/{advice}").text


def test_a_form_of_ones_earlier_session_is_kept_not_lost_and_not_counted(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        send_form(client, "/advice", "/sign-out")
        send_form(client, "/sign-in", "/sign-in", username="ben", password=PASSWORD)
        fields = {"token": form_token(page), "decision": "reject", "reason": "Typed before"}
        answer = client.post(f"/advice/{advice}/decision", data=fields)
        assert answer.headers["location"] == f"/advice/{advice}"
        assert "Typed before" in client.get(f"/advice/{advice}").text
    assert "decision.recorded" not in site.types(advice)


def test_a_draft_lies_sealed_and_goes_with_its_advice(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        decide(client, advice, "", reason="Xylophone argument")
        for path in site.settings.data.glob("countersign.db*"):
            assert b"Xylophone" not in path.read_bytes()
        site.decide("cai", advice)
        with site.client("ada") as admin:
            answer = admin.post("/v1/erasures", json={"advice": advice, "reason": "subject_request"})
        assert answer.status_code == 200
        gone = client.get(f"/advice/{advice}")
    assert gone.status_code == 410
    assert "has been erased" in gone.text
    count = site.resources.database.read(
        lambda connection: connection.execute(
            "SELECT count(*) FROM drafts WHERE advice = ?", (advice,)
        ).fetchone()
    )
    assert count == (0,)


def test_something_that_was_not_taken_out_is_reported(site: GatewayServer) -> None:
    advice = held(site, "Write to Zebedee today.")
    path = f"/advice/{advice}/missed"
    with site.browser("ben") as client:
        for value in ("", "Florence", "x" * 600):
            answer = send_form(client, f"/advice/{advice}", path, missed=value)
            assert answer.status_code == 422
            assert 'href="#missed"' in answer.text
        answer = send_form(client, f"/advice/{advice}", path, missed="Zebedee")
        assert "It is on record" in client.get(answer.headers["location"]).text
    assert site.types(advice).count("redaction.missed") == 1


@pytest.mark.parametrize("advice", ["adv_none", "adv_%2e%2e", "x" * 300, "adv_1;DROP TABLE"])
def test_an_advice_that_is_not_there_is_a_page_not_found(site: GatewayServer, advice: str) -> None:
    with site.browser("ben") as client:
        assert client.get(f"/advice/{advice}").status_code == 404


def test_review_url_leads_to_the_page(site: GatewayServer) -> None:
    advice = held(site)
    url = site.read("ben", advice).json()["decision_support"]["review_url"]
    with site.browser("ben") as client:
        assert client.get(url).status_code == 200


def test_marked_caveats_are_confirmed_one_by_one_before_an_accept(site: GatewayServer) -> None:
    advice = held(site, model="confirmed")
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        assert re.findall(r'name="caveats_read" type="checkbox" value="(\w+)"', page) == ["dates", "names"]
        answer = decide(client, advice, "accept", caveats_read=["dates"])
        assert answer.status_code == 422
        assert 'href="#caveats_read"' in answer.text
        assert re.search(r'value="dates"\s+checked', answer.text)
        assert not re.search(r'value="names"\s+checked', answer.text)
        assert decide(client, advice, "accept", caveats_read=["dates", "names", "forged"]).status_code == 303
    [event] = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    assert event["caveats_read"] == ["dates", "names"]


def test_a_rejection_needs_no_confirmation(site: GatewayServer) -> None:
    advice = held(site, model="confirmed")
    with site.browser("ben") as client:
        assert decide(client, advice, "reject", reason="Wrong.").status_code == 303
    assert site.read("ben", advice).json()["status"] == "rejected"


def test_a_caveat_stands_under_the_line_that_it_is_about(
    site: GatewayServer, pages_provider: ProviderServer
) -> None:
    pages_provider.answer = "He came on Monday.\nThe risk is high.\nHe left."
    advice = held(site, model="confirmed")
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
    note = '<span class="cs-note">Only a current assessment counts.</span>'
    assert page.count(note) == 1
    assert re.search(rf"The risk is high\.\s*{re.escape(note)}\s*He left", page)


def test_what_is_too_long_for_one_page_is_read_on_several(
    site: GatewayServer, pages_provider: ProviderServer
) -> None:
    pages_provider.answer = "Short."
    words = "The note goes on for very long. " * 4_000 + "That is all of it."
    advice = held(site, words)
    seen = []
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        while True:
            assert len(page) < 150_000
            seen += re.findall(r'<div class="cs-text">(.*?)</div>', page, re.DOTALL)
            after = re.findall(r'href="(/advice/adv_\w+/asked\?from=\d+)"', page)
            if not after or "all of it." in seen[-1]:
                break
            page = client.get(after[-1]).text
        assert "".join(seen) == words
        assert client.get(f"/advice/{advice}/asked?from=999999999").status_code == 404
        assert client.get(f"/advice/{advice}/asked?from=x").status_code == 200


def long_answer(site: GatewayServer, provider: ProviderServer, words: int) -> tuple[str, str]:
    provider.answer = "\n".join(f"line {number} & more" for number in range(words))
    return held(site), str(provider.answer)


def test_a_long_answer_is_read_on_several_pages_and_the_form_says_so(
    site: GatewayServer, pages_provider: ProviderServer
) -> None:
    advice, answer = long_answer(site, pages_provider, 9_000)
    seen = []
    with site.browser("ben") as client:
        page = first = client.get(f"/advice/{advice}").text
        while True:
            assert len(page) < 110_000
            seen += re.findall(r'<div class="cs-text cs-text--answer">(.*?)</div>', page, re.DOTALL)
            after = re.findall(rf'href="(/advice/{advice}/answer\?from=\d+)"', page)
            if "That was all of it." in page:
                break
            page = client.get(after[-1]).text
        # What is not in the request is marked, which is no part of the text.
        mark = r'<mark class="cs-doubt">(.*?) <span class="cs-out__label">.*?</span></mark>'
        plain = re.sub(mark, r"\1", "".join(seen))
        assert unescape(plain) == answer
        assert "Read the rest of the answer before you decide" in first
        assert client.get(f"/advice/{advice}/answer?from=999999999").status_code == 404
        assert client.get(f"/advice/{advice}/accepted").status_code == 404


def test_a_long_answer_is_changed_on_a_page_of_its_own(
    site: GatewayServer, pages_provider: ProviderServer
) -> None:
    advice, answer = long_answer(site, pages_provider, 4_000)
    changed = answer.replace("line 7 ", "row 7 ")
    with site.browser("ben") as client:
        page = client.get(f"/advice/{advice}").text
        assert amendment(page) == ""
        assert f'href="/advice/{advice}/changes#changing"' in page
        nothing = send_form(client, f"/advice/{advice}", f"/advice/{advice}/decision", decision="change")
        assert nothing.status_code == 422
        assert amendment(client.get(f"/advice/{advice}/changes").text)
        again = decide(client, advice, "change", amendment=changed, reason=" " * 20_000)
        assert unescape(amendment(again.text)) == changed
        done = decide(client, advice, "change", amendment=changed)
        page = client.get(done.headers["location"]).text
        assert "per cent of the words differ" in page
        assert len(page) < 110_000
        assert "row 7 " in client.get(f"/advice/{advice}/accepted").text
    assert site.read("ben", advice).json()["amendments"][0]["content"] == changed


def test_what_was_changed_is_shown_before_it_is_decided_and_nothing_is_recorded(site: GatewayServer) -> None:
    advice = held(site, "Come on Monday, please.")
    page, typed = f"/advice/{advice}", {"decision": "change", "reason": "It is Tuesday."}
    with site.browser("ben") as client:
        same = send_form(client, page, f"{page}/changes", amendment="Come on Monday, please.", **typed)
        assert "the words are still the model" in same.text
        shown = send_form(client, page, f"{page}/changes", amendment="Come on Tuesday, please.", **typed)
        assert shown.status_code == 200
        assert re.search(r"Come on <del>Monday, </del><ins>Tuesday, </ins>please\.", shown.text)
        assert "25 per cent of the words differ" in shown.text
        assert amendment(shown.text) == "Come on Tuesday, please."
        assert re.search(r'value="change" checked', shown.text)
        assert "decision.recorded" not in site.types(advice)
        assert amendment(client.get(page).text) == "Come on Tuesday, please."  # kept, should they go away
        assert client.get(f"{page}/changes").status_code == 200
        assert decide(client, advice, "change", amendment="Come on Tuesday, please.").status_code == 303


def test_reporting_takes_along_what_was_typed_of_the_decision(site: GatewayServer) -> None:
    advice = held(site, "Write to Zebedee today.")
    fields = {"decision": "reject", "reason": "Half a thought"}
    with site.browser("ben") as client:
        for missed in ("Florence", "Zebedee"):
            answer = send_form(
                client, f"/advice/{advice}", f"/advice/{advice}/missed", missed=missed, **fields
            )
        page = client.get(answer.headers["location"]).text
    assert "It is on record" in page
    assert "Half a thought" in page
    assert re.search(r'value="reject"\s+checked', page)
    assert "decision.recorded" not in site.types(advice)


def test_what_was_typed_about_something_that_is_gone_can_be_copied(site: GatewayServer) -> None:
    with site.browser("ben") as client:
        fields = {"token": form_token(client.get("/advice").text), "reason": "A long & careful argument"}
        page = client.post("/advice/adv_0/decision", data=fields)
        signed_out = client.post("/set-password", data={"password": "secret words", "token": "x"})
    assert page.status_code == 404
    assert "A long &amp; careful argument" in page.text
    assert "Send it again" not in page.text
    assert "secret words" not in signed_out.text


def test_a_form_from_elsewhere_is_not_given_back(site: GatewayServer) -> None:
    with site.browser("ben") as client:
        page = client.post(
            "/concerns/new", data={"what": "Planted words"}, headers={"Origin": "https://evil.example"}
        )
    assert page.status_code == 403
    assert "Planted words" not in page.text


def test_a_page_that_is_only_fetched_ahead_was_shown_to_nobody(site: GatewayServer) -> None:
    advice = held(site)
    with site.browser("ben") as client:
        answer = client.get(f"/advice/{advice}", headers={"Sec-Purpose": "prefetch;prerender"})
    assert answer.status_code == 503
    assert "advice.shown" not in site.types(advice)
