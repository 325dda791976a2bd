"""Oversight finds a decision, reads its story, takes its proof along and follows the measures; it never writes."""

import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit import main as run_command
from tests.gateway_server import GatewayServer, form_token
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]
WRONG = "It mixes up two people. <script>alert(1)</script>"


@pytest.fixture(scope="module")
def rejected(site: GatewayServer) -> str:
    advice = str(site.ask("Please summarise: Mr John Smith.", model="held").headers["x-advice-id"])
    site.read("ben", advice)
    site.decide("ben", advice, "reject", reason="Wrong person.")
    return advice


@pytest.fixture(scope="module")
def decided(site: GatewayServer) -> None:
    for number in range(12):
        advice = str(site.ask("Please help.", model="held").headers["x-advice-id"])
        site.read("cai", advice)
        site.decide("cai", advice, *(["reject"] if number % 3 == 0 else []), reason="As it should be.")


@pytest.fixture
def olu(site: GatewayServer) -> Iterator[httpx.Client]:
    with site.browser("olu") as client:
        yield client


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (320, False)])
def test_a_reader_finds_the_rejections_of_one_policy_and_proves_one(
    visit: Open, rejected: str, tmp_path: Path, site: GatewayServer, width: int, scripts: bool
) -> None:
    visitor = visit("olu", width=width, scripts=scripts)
    visitor.open("/record")
    visitor.page.select_option("#policy", "held")
    visitor.page.select_option("#status", "rejected")
    visitor.press("Search")
    visitor.check()
    visitor.follow(visitor.page.get_by_role("link", name=rejected))
    visitor.check()
    assert "Proven." in visitor.text()
    assert "rejected the advice" in visitor.text()
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Proof of this decision").click()
    file = tmp_path / "decision.json"
    download.value.save_as(file)
    assert run_command(["check", str(file), "--key", str(site.settings.data / "log.vkey")]) == 0


def test_the_document_to_print_holds_the_proof(olu: httpx.Client, rejected: str) -> None:
    answer = olu.get(f"/record/{rejected}/decision.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", answer.content, re.DOTALL)
    attached = [text for stream in streams if (text := _inflated(stream)).startswith(b'{\n "format"')]
    assert json.loads(attached[0])["advice"] == rejected
    assert attached[0] == olu.get(f"/record/{rejected}/proof.json").content


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_what_is_found_can_be_taken_along_as_a_table(olu: httpx.Client, rejected: str) -> None:
    rows = olu.get("/record.csv?policy=held&status=rejected").text.splitlines()
    assert rows[0] == "advice,requested_at,policy,policy_version,application,status,settled_at"
    assert rejected in {row.partition(",")[0] for row in rows}
    assert {row.split(",")[5] for row in rows[1:]} == {"rejected"}


@pytest.mark.parametrize("width", [320, 1280])
def test_the_measures_and_their_charts(visit: Open, decided: None, width: int) -> None:
    visitor = visit("olu", width=width)
    for path in ("/measures", "/measures?by=policy", "/measures/rejected?by=policy", "/measures/kappa"):
        assert visitor.open(path).status == 200
        visitor.check()
    visitor.open("/measures/rejected?by=policy")
    assert visitor.page.evaluate("document.querySelector('.cs-chart').naturalWidth") > 0


@pytest.mark.parametrize(("width", "scripts", "language"), [(320, False, "en-GB"), (1280, True, "cy")])
def test_oversight_begins_with_pictures_each_with_its_table(
    visit: Open, decided: None, width: int, scripts: bool, language: str
) -> None:
    visitor = visit("olu", width=width, scripts=scripts, language=language)
    visitor.open("/")
    assert visitor.page.url.endswith("/measures")
    visitor.check()
    pictures = visitor.page.locator(".cs-picture img")
    assert pictures.count() >= 2
    for place in range(pictures.count()):
        assert visitor.page.request.get(str(pictures.nth(place).get_attribute("src"))).status == 200
    visitor.page.locator(".cs-picture summary").first.focus()
    visitor.page.keyboard.press("Enter")
    assert visitor.page.locator(".cs-picture table").first.is_visible()


def test_a_picture_that_there_is_none_of_is_not_found(olu: httpx.Client) -> None:
    assert olu.get("/measures/pictures/outcomes.svg").status_code == 200
    assert olu.get("/measures/pictures/none.svg").status_code == 404
    assert olu.get("/measures/pictures/outcomes.svg?since=x").status_code == 400


def test_a_chart_acts_on_nothing_and_loads_nothing(olu: httpx.Client, decided: None) -> None:
    answer = olu.get("/measures/accepted/chart.svg?by=policy")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert not re.findall(r'(?:href|src)="(?:https?:)?//', answer.text)


@pytest.mark.parametrize(
    "path", ["/record?since=yesterday", "/record?since=2026-11-24&until=2026-11-01", "/measures?until=x"]
)
def test_a_search_that_cannot_be_made_says_what_is_wrong(visit: Open, path: str) -> None:
    visitor = visit("olu", width=320)
    assert visitor.open(path).status == 422
    assert visitor.page.title().startswith("Error: ")
    visitor.check()


def test_a_concern_takes_two_clicks_is_answered_and_its_words_cannot_act(visit: Open, rejected: str) -> None:
    ana = visit("ana", width=320)
    ana.open(f"/advice/{rejected}")
    ana.follow(ana.page.get_by_role("link", name="Raise a concern"))
    ana.press("Send")
    assert ana.page.title().startswith("Error: ")
    ana.check()
    ana.page.fill("#what", WRONG)
    ana.page.get_by_label("Serious").check()
    ana.press("Send")
    ana.check()
    assert WRONG in ana.text()
    address = ana.page.url.partition("?")[0]
    ada = visit("ada")
    ada.open(address)
    ada.press("Send the answer")
    ada.check()
    ada.page.get_by_label("Yes, it is right").check()
    ada.page.fill("#answer", "The prompt was mended.")
    ada.press("Send the answer")
    ada.check()
    ana.open(address)
    assert "The prompt was mended." in ana.text()


def test_one_who_did_not_raise_it_does_not_learn_of_a_concern(site: GatewayServer) -> None:
    with site.client("ana") as client:
        body = {"policy": "held", "severity": "minor", "what": "Too long."}
        concern = client.post("/v1/concerns", json=body).json()["id"]
    with site.browser("ben") as client:
        assert client.get(f"/concerns/{concern}").status_code == 404
        assert concern not in client.get("/concerns").text
    with site.browser("olu") as client:
        assert concern in client.get("/concerns").text
        token = form_token(client.get("/concerns").text)
        answer: Any = client.post(
            f"/concerns/{concern}/answer", data={"token": token, "state": "upheld", "answer": "x"}
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(("who", "width"), [("ana", 320), ("olu", 1280)])
def test_anybody_reads_what_a_policy_is_for_and_oversight_its_transparency_record(
    visit: Open, who: str, width: int
) -> None:
    visitor = visit(who, width=width)
    visitor.open("/policies")
    visitor.check()
    visitor.open("/policies/refusing")
    visitor.check()
    assert "Exercise the gateway in tests." in visitor.text()
    assert ("[To be written by the department]" in visitor.text()) == (who == "olu")


def test_the_transparency_record_is_a_file_to_finish(olu: httpx.Client) -> None:
    text = olu.get("/policies/held/transparency-record.md").text
    assert text.startswith("# Algorithmic Transparency Record: ")
    assert "### Senior responsible owner\n\n[To be written by the department]" in text
    assert "### Team\n\nTests" in text


def test_staff_make_a_statement_for_the_person_whose_case_it_is(
    visit: Open, site: GatewayServer, rejected: str
) -> None:
    visitor = visit("ana", width=320)
    visitor.open(f"/advice/{rejected}")
    visitor.follow(visitor.page.get_by_role("link", name="Statement for the person"))
    visitor.check()
    assert rejected in visitor.text()
    with site.browser("ana") as client:
        assert client.get(f"/advice/{rejected}/statement.pdf").content.startswith(b"%PDF-")
        assert client.get(f"/advice/{rejected}/statement.md").text.startswith(
            "# How AI was used in your case"
        )
    with site.browser("olu") as client:
        assert client.get(f"/advice/{rejected}/statement").status_code == 403


def test_a_reader_takes_the_whole_record_along_and_verifies_it_elsewhere(
    olu: httpx.Client, site: GatewayServer, rejected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = olu.get("/record.tar")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-log.tar"'
    assert "content-length" not in answer.headers  # it is made while it is sent
    (tmp_path / "audit-log.tar").write_bytes(answer.content)
    key = str(site.settings.data / "log.vkey")
    assert run_command(["verify", str(tmp_path / "audit-log.tar"), "--key", key]) == 0
    assert "events are as they were signed." in capsys.readouterr().out
    assert run_command(["watch", str(tmp_path / "audit-log.tar"), "--key", key]) == 0, capsys.readouterr().out
    assert rejected.encode() in answer.content
    with site.browser("ben") as client:
        assert client.get("/record.tar").status_code == 403
