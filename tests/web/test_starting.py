"""While models load there are no services yet: every page says so, and in which time to come again."""

from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.api import build_application
from gateway.settings import load_settings
from gateway.web import build_pages


@pytest.mark.parametrize("path", ["/sign-in", "/set-password", "/nowhere"])
@pytest.mark.parametrize("cookie", ["", "session=x"])
async def test_a_page_that_is_asked_for_too_early_says_so(path: str, cookie: str, tmp_path: Path) -> None:
    @asynccontextmanager
    async def lifespan(_app: object):  # type: ignore[no-untyped-def]
        yield

    pages = build_pages(load_settings(data=tmp_path))
    app = build_application(lifespan, origin="x", verifier_keys=lambda: ["x"], control_token="x", pages=pages)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        answer = await client.get(path, headers={"Accept": "text/html", "Cookie": cookie})
    assert answer.status_code == 503
    assert "not available just now" in answer.text
    assert answer.headers["retry-after"] == "2"
