"""One gateway with people who can sign in, and one browser, for all tests of pages in a process."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gateway.redaction import RedactionSettings
from tests.gateway_server import GatewayServer
from tests.provider_server import ECHO, ProviderServer
from tests.web.visitor import Visitor

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WITHOUT_MODELS = {"redaction": RedactionSettings(name_model=None)}
SIGNED = Path(__file__).parent / "policies"
PEOPLE = ("ana", "ben", "cai", "olu", "ada")
"""A caseworker, two reviewers, an overseer and an admin."""


@pytest.fixture(scope="session")
def pages_provider() -> Iterator[ProviderServer]:
    with ProviderServer() as server:
        server.answer = ECHO
        yield server


@pytest.fixture(scope="session")
def site(pages_provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayServer]:
    """The gateway of all tests that leave it as it is for others."""
    with served(tmp_path_factory.mktemp("site"), pages_provider) as server:
        yield server


@pytest.fixture(scope="session")
def signing_site(
    pages_provider: ProviderServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayServer]:
    """A gateway whose policies want decisions signed with passkeys, where browsers know them."""
    data = tmp_path_factory.mktemp("signing") / "data"
    with served(data, pages_provider, named="localhost", policies=SIGNED) as server:
        yield server


@pytest.fixture
def fresh_site(tmp_path: Path, pages_provider: ProviderServer) -> Iterator[Callable[..., GatewayServer]]:
    """Starts a gateway of the test's own, with settings of its own."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(served(tmp_path / "data", pages_provider, **settings))


def served(
    data: Path, provider: ProviderServer, *, passwords: tuple[str, ...] = PEOPLE, **settings: Any
) -> GatewayServer:
    more: dict[str, Any] = {**WITHOUT_MODELS, "web": {"attempts_per_address": 1_000_000}, **settings}
    server = GatewayServer(data, provider, **more)
    server.passwords = passwords
    return server


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's chromium; a module's tests share it, in one worker, as its driver bears no asyncio beside it."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no chromium; .ci/run installs it")
        pytest.skip("these tests look at the pages in a browser: install Debian's chromium for them")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, site: GatewayServer) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser window: `visit("ben", width=320, scripts=False)`; without a name nobody is signed in."""
    with ExitStack() as stack:

        def opened(who: str | None = None, **how: Any) -> Visitor:
            return stack.enter_context(Visitor(chromium, how.pop("at", site), who, **how))

        yield opened
