"""A caseworker's whole way in a browser: from the queue to a decision on record, whatever happens in between."""

from collections.abc import Callable

import pytest

from tests.gateway_server import PASSWORD, GatewayServer
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]


def held(site: GatewayServer, model: str = "held") -> str:
    text = "Write to Mr John Smith, john.smith@example.org, about Tuesday."
    return str(site.ask(text, model=model).headers["x-advice-id"])


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_from_the_queue_to_a_decision(visit: Open, site: GatewayServer, width: int, scripts: bool) -> None:
    advice = held(site, "two")
    visitor = visit("ben", width=width, scripts=scripts)
    visitor.open("/advice?policy=two&order=newest")
    visitor.check()
    visitor.follow(visitor.page.locator(f"a[href='/advice/{advice}']"))
    visitor.check()
    visitor.press("Save my view and show the advice")
    visitor.check()  # with its error
    visitor.page.fill("#view", "I would write to him.")
    visitor.press("Save my view and show the advice")
    visitor.check()
    assert visitor.page.locator("main input:checked").count() == 0
    visitor.press("Record my decision")
    visitor.check()
    visitor.page.get_by_label("It agrees with my view").check()
    visitor.page.get_by_label("Accept with changes").check()
    if not visitor.page.locator("#amendment").is_visible():  # scripts open it
        visitor.page.get_by_text("Change the text before you accept it").click()
    visitor.page.fill("#amendment", "Dear Mr Smith, please come on Tuesday.")
    visitor.page.fill("#reason", "Shorter.")
    visitor.press("Show what I changed")
    visitor.check()
    assert visitor.page.locator("#changing ins").first.is_visible()
    visitor.press("Record my decision")
    assert "Your decision is on record." in visitor.text()
    visitor.check()
    assert site.types(advice).count("decision.recorded") == 1


def test_the_keyboard_alone_decides(visit: Open, site: GatewayServer) -> None:
    advice = held(site)
    visitor = visit("ben")
    visitor.open(f"/advice/{advice}")
    keyboard = visitor.page.keyboard
    tab_to(visitor, "decision")
    keyboard.press("Space")  # the first: reject
    tab_to(visitor, "reason")
    keyboard.type("Wrong dates.")
    keyboard.press("Tab")
    keyboard.press("Enter")
    visitor.page.wait_for_url("**recorded=decision")
    [event] = [event for event in site.events(advice) if event["type"] == "decision.recorded"]
    assert event["decision"] == "reject"


def tab_to(visitor: Visitor, name: str) -> None:
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_a_double_click_two_tabs_and_a_reload_make_one_decision(visit: Open, site: GatewayServer) -> None:
    advice = held(site)
    visitor = visit("ben", scripts=False)
    other = visitor.context.new_page()
    for page in (visitor.page, other):
        page.goto(f"/advice/{advice}")
        page.get_by_label("Reject").check()
        page.fill("#reason", "Wrong dates.")
    visitor.page.get_by_role("button", name="Record my decision").dblclick()
    visitor.page.wait_for_url("**recorded=decision")
    with other.expect_navigation():
        other.get_by_role("button", name="Record my decision").click()
    assert "Your decision is on record." in other.locator("main").inner_text()
    visitor.page.reload()
    visitor.page.go_back()
    visitor.page.go_forward()
    assert site.types(advice).count("decision.recorded") == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_an_expired_session_loses_nothing_that_was_typed(
    visit: Open, site: GatewayServer, scripts: bool
) -> None:
    advice = held(site)
    visitor = visit("ben", scripts=scripts)
    visitor.open(f"/advice/{advice}")
    visitor.page.get_by_label("Accept with changes").check()
    if not visitor.page.locator("#amendment").is_visible():  # scripts open it
        visitor.page.get_by_text("Change the text before you accept it").click()
    visitor.page.fill("#amendment", 'Dear John,\n\n"Tuesday" & <soon>')
    visitor.page.fill("#reason", "Kinder.")
    visitor.context.clear_cookies()
    visitor.press("Record my decision")
    assert "What you typed is kept" in visitor.text()
    visitor.check()
    visitor.sign_in("ben", PASSWORD)
    assert visitor.page.input_value("#amendment") == 'Dear John,\n\n"Tuesday" & <soon>'
    assert visitor.page.input_value("#reason") == "Kinder."
    assert visitor.page.get_by_label("Accept with changes").is_checked()
    visitor.check()
    visitor.press("Record my decision")
    assert "Your decision is on record." in visitor.text()


def test_going_away_and_back_loses_nothing_that_was_typed(visit: Open, site: GatewayServer) -> None:
    advice = held(site)
    visitor = visit("ben", scripts=False)
    visitor.open(f"/advice/{advice}")
    visitor.page.fill("#reason", "A long argument")
    visitor.follow(visitor.page.get_by_role("link", name="All advice"))
    visitor.page.wait_for_url("**/advice")
    visitor.page.go_back()
    visitor.page.wait_for_url(f"**/advice/{advice}")
    assert visitor.page.input_value("#reason") == "A long argument"


def test_zoomed_to_400_per_cent_nothing_is_cut_off(visit: Open, site: GatewayServer) -> None:
    visitor = visit("ben", width=320)  # 1280 CSS pixels at 400 per cent
    visitor.open(f"/advice/{held(site)}")
    visitor.check()
