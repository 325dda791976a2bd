"""English and Welsh: everything that a caseworker sees, in the language that they prefer."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from gateway.web.language import choose_language, load_languages
from tests.gateway_server import GatewayServer
from tests.web.visitor import Visitor

WEB = Path(__file__).parent.parent.parent / "gateway" / "web"
CASEWORKERS = (
    "base",
    "concern",
    "concerns",
    "filters",
    "error",
    "home",
    "one-advice",
    "part-of-text",
    "parts",
    "passkey-form",
    "passkey-parts",
    "passkey-second",
    "passkeys",
    "policies",
    "policy",
    "policy-compare",
    "policy-parts",
    "policy-version",
    "policy-versions",
    "raise-concern",
    "statement",
    "password-set",
    "queue",
    "set-password",
    "sign",
    "sign-in",
    "signed-out",
    "usage",
)
IN_CODE = (
    "concerns",
    "decision_form",
    "error_pages",
    "navigation",
    "passkeys",
    "queue",
    "sign_in",
    "decision_signature",
    "usage",
)
"""Templates and modules with words that caseworkers see; and the page of usage, which is in Welsh too."""

LANGUAGES = load_languages("Europe/London")
Open = Callable[..., Visitor]


def words() -> set[str | tuple[str, ...]]:
    files = [(WEB / "templates" / f"{name}.html", "jinja2.ext:babel_extract") for name in CASEWORKERS]
    files += [(WEB / f"{name}.py", "python") for name in IN_CODE]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    options = {"trimmed": "true"}
    found = set()
    for path, method in files:
        for _, message, _, _ in extract_from_file(method, str(path), keywords=keywords, options=options):
            found.add(message)
    return found


def test_every_word_that_a_caseworker_sees_is_in_welsh() -> None:
    with (WEB / "locale" / "cy.po").open("rb") as file:
        catalogue = read_po(file, locale="cy")
    seen = words()
    assert len(seen) > 150
    missing = [
        one
        for one in seen
        if not (found := catalogue.get(one[0] if isinstance(one, tuple) else one)) or not found.string
    ]
    assert missing == []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            assert message.id == "" or names(text) == names(
                message.id if isinstance(message.id, str) else message.id[1]
            )


def names(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize(
    ("cookies", "accept", "expected"),
    [
        ({}, "cy, en;q=0.5", "cy"),
        ({}, "cy-GB", "cy"),
        ({}, "de, fr", "en"),
        ({}, None, "en"),
        ({}, ";;;,,,\x00", "en"),
        ({"language": "en"}, "cy", "en"),
        ({"language": "cy"}, "en", "cy"),
        ({"language": "../../etc"}, "en", "en"),
    ],
)
def test_the_choice_goes_before_the_browsers_wish(
    cookies: dict[str, str], accept: str | None, expected: str
) -> None:
    assert choose_language(LANGUAGES, cookies, accept).code == expected


def test_times_spans_and_numbers_are_written_as_each_language_does() -> None:
    english, welsh = LANGUAGES["en"], LANGUAGES["cy"]
    assert english.time("2026-07-01T11:05:00.000000Z") == "1 July 2026, 12:05"
    assert welsh.time("2026-11-24T11:05:00.000000Z") == "24 Tachwedd 2026, 11:05"
    assert english.span(3 * 86_400) == "3 days"
    assert welsh.span(3 * 86_400) == "3 diwrnod"
    assert english.number(12.5) == "12.5"


def test_a_whole_journey_in_welsh_shows_no_english(site: GatewayServer) -> None:
    advice = site.ask("xx", model="two").headers["x-advice-id"]
    english = {one for one in words() if isinstance(one, str) and len(one) > 12 and "%" not in one}
    with site.browser("ben") as client:
        client.headers["Accept-Language"] = "cy"
        for path in ("/advice", f"/advice/{advice}", "/nowhere", "/advice?whose=decided", "/passkeys"):
            page = unescape(client.get(path).text)
            assert '<html lang="cy"' in page
            assert not {one for one in english if one in page}
        switched = client.get("/language/en", params={"return": "/advice"})
        assert switched.headers["location"] == "/advice"
        assert '<html lang="en"' in client.get("/advice").text


@pytest.mark.xdist_group("browser")
def test_welsh_pages_are_accessible_and_fit_the_window(visit: Open, site: GatewayServer) -> None:
    advice = site.ask("Write to john@example.org.", model="confirmed").headers["x-advice-id"]
    visitor = visit(width=320, language="cy")
    visitor.open("/advice")
    visitor.check()
    visitor.page.fill("#username", "ben")
    visitor.page.fill("#password", "wrong")
    visitor.press("Mewngofnodi")
    visitor.check()
    visitor.follow(visitor.page.get_by_role("link", name="English"))
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    visitor.follow(visitor.page.get_by_role("link", name="Cymraeg"))
    visitor.sign_in("ben", button="Mewngofnodi")
    for path in (f"/advice/{advice}", "/advice"):
        visitor.open(path)
        visitor.check()
