"""An admin sees what a month cost, by whom and for what, as table, chart and file."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from tests.gateway_server import GatewayServer
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_an_admin_sees_usage_by_each_group(
    visit: Open, site: GatewayServer, width: int, scripts: bool
) -> None:
    person = site.people["ana"][0]
    assert site.ask(model="use", metadata={"on_behalf_of": person}).status_code == 200
    visitor = visit("ada", width=width, scripts=scripts)
    visitor.open("/usage")
    visitor.check()
    assert "use" in visitor.text()
    visitor.page.select_option("#by", "person")
    visitor.press("Show")
    visitor.check()
    assert person in visitor.text()
    visitor.page.fill("#month", "November")
    visitor.press("Show")
    assert "Enter a month, like 2026-11" in visitor.text()
    visitor.check()


def test_a_chart_and_a_file_have_the_same_figures(site: GatewayServer) -> None:
    assert site.ask(model="use").status_code == 200
    month = datetime.now(UTC).strftime("%Y-%m")
    with site.browser("ada") as browser:
        page = browser.get("/usage", params={"month": month})
        assert f"/usage/chart.svg?month={month}&amp;by=policy" in page.text
        chart = browser.get("/usage/chart.svg", params={"month": month, "by": "model"})
        assert chart.headers["content-type"].startswith("image/svg+xml")
        assert "default" in "".join(ElementTree.fromstring(chart.content).itertext())
        table = browser.get("/usage.csv", params={"month": month})
        assert table.text.splitlines()[0].startswith("month,policy,application,person,model,requests")
        assert any(line.startswith(f"{month},use,casebook,") for line in table.text.splitlines())
        assert browser.get("/usage.csv", params={"month": "x"}).status_code == 400
        assert browser.get("/usage", params={"month": "1999-01"}).status_code == 200
