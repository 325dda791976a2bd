"""Somebody in a browser: signed in as a person, wide or narrow, with or without scripts."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe

from tests.gateway_server import PASSWORD, GatewayServer

HEAVIEST = 150_000
"""Bytes of a page with all that it loads, as they come over the wire."""

_axe = Axe()


class Visitor:
    """A window. Whatever it loads is counted, and must come from the gateway."""

    def __init__(
        self,
        browser: Any,
        site: GatewayServer,
        who: str | None,
        *,
        width: int = 1280,
        scripts: bool = True,
        language: str = "en-GB",
    ) -> None:
        self.site = site
        self.context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            locale=language,
        )
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()
        self.loaded: list[Any] = []
        self.complaints: list[str] = []
        self.page.on("requestfinished", lambda request: self.loaded.append(request))
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._width, self._scripts = width, scripts
        if who is not None:
            self.context.add_cookies([{"name": "session", "value": site.session(who), "url": site.url}])

    def sign_in(self, who: str, password: str = PASSWORD, button: str = "Sign in") -> None:
        if not self.page.locator("#username").count():
            self.open("/sign-in")
        self.page.fill("#username", who)
        self.page.fill("#password", password)
        self.press(button)

    def open(self, path: str) -> Any:
        """Go to a page; gives its answer."""
        self.loaded.clear()
        return self.page.goto(path)

    def press(self, name: str) -> None:
        """Press the button of this name in the page's main part."""
        self.follow(self.page.locator("main").get_by_role("button", name=name, exact=True))

    def follow(self, control: Any) -> None:
        """Click on what leads to another page, and be there: a click alone may leave the old page in the window."""
        with self.page.expect_navigation():
            control.click()

    def text(self) -> str:
        return str(self.page.locator("main").inner_text())

    def check(self) -> None:
        """What holds of every page in every state: accessible, no wider than the window, light, all ours, quiet."""
        if self._scripts:  # axe is one; a page is the same without
            found = _axe.run(
                self.page, options={"resultTypes": ["violations"]}
            )  # the rest is not even collected
            assert found.violations_count == 0, found.generate_report()
            assert self.page.evaluate("document.documentElement.scrollWidth") <= self._width
        assert 'class="' not in str(self.page.inner_text("body")), "markup of ours is shown as text"
        hosts = {urlsplit(request.url).netloc for request in self.loaded}
        assert hosts <= {urlsplit(self.site.url).netloc}
        assert self.weight() <= HEAVIEST
        assert not self.complaints

    def weight(self) -> int:
        """Bytes over the wire since `open`."""
        sizes = [request.sizes() for request in self.loaded]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    def _listen(self, message: Any) -> None:
        # The browser writes a line for each answer that is an error; those are asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()
