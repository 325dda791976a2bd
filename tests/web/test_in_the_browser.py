"""Signing in, signing out and going wrong, as somebody in a browser meets them."""

from collections.abc import Callable

import pytest

from tests.gateway_server import PASSWORD
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_somebody_signs_in_after_a_mistake_and_signs_out(visit: Open, width: int, scripts: bool) -> None:
    visitor = visit(width=width, scripts=scripts)
    visitor.open("/")
    assert "/sign-in" in visitor.page.url
    visitor.check()
    visitor.sign_in("ben", "wrong")
    assert visitor.page.title().startswith("Error: ")
    assert visitor.page.input_value("#username") == "ben"
    visitor.check()
    visitor.page.locator(".govuk-error-summary a").click()
    assert visitor.page.locator("#username").evaluate("one => one.matches(':focus, :target')")
    visitor.sign_in("ben", PASSWORD)
    assert visitor.page.locator("header").get_by_text("ben").is_visible()
    visitor.check()
    visitor.follow(visitor.page.get_by_role("button", name="Sign out"))
    visitor.open("/")
    assert "/sign-in" in visitor.page.url


def test_the_keyboard_alone_signs_in(visit: Open) -> None:
    visitor = visit()
    visitor.open("/sign-in")
    keyboard = visitor.page.keyboard
    keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.type("ben")
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    visitor.page.wait_for_url("**/advice")
    assert "Sign out" in visitor.page.locator("header").inner_text()


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [("ben", "/nowhere", 404), (None, "/set-password", 200), (None, "/nowhere", 404)],
)
def test_pages_that_lead_nowhere_are_accessible_too(
    visit: Open, who: str | None, path: str, status: int
) -> None:
    for width in (320, 1280):
        visitor = visit(who, width=width)
        assert visitor.open(path).status == status
        visitor.check()
