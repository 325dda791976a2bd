"""An admin ends keys, and erases a case after seeing what would go and what stands in its way."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.gateway_server import POLICIES, GatewayServer
from tests.waiting import wait_for
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]


def asked(site: GatewayServer, case: str) -> str:
    answer = site.ask("Please help Mr John Smith.", model="held", metadata={"case": case})
    return str(answer.headers["x-advice-id"])


def was_used(site: GatewayServer, who: str) -> bool:
    """Whether it is written down by now that one of a person's keys was used."""
    used = "SELECT 1 FROM credentials WHERE holder = ? AND used_on IS NOT NULL"
    rows = site.resources.database.read(
        lambda connection: connection.execute(used, (site.people[who][0],)).fetchall()
    )
    return bool(rows)


@pytest.mark.parametrize(("width", "scripts"), [(320, True), (1280, False)])
def test_a_case_is_erased_once_nothing_stands_in_its_way(
    visit: Open, site: GatewayServer, width: int, scripts: bool
) -> None:
    case = f"a-case-{width}"
    advice = asked(site, case)
    visitor = visit("ada", width=width, scripts=scripts)
    visitor.open("/erasure")
    visitor.check()
    visitor.press("Show what would go")
    assert visitor.page.title().startswith("Error: ")
    visitor.check()

    def show() -> None:
        visitor.open("/erasure")
        visitor.page.get_by_label("A whole case").check()
        visitor.page.select_option("#application", "casebook")
        visitor.page.fill("#case", case)
        visitor.page.get_by_label("the person concerned asked for it").check()
        visitor.press("Show what would go")
        visitor.check()

    show()
    assert f"{advice} waits for an answer or a decision." in visitor.text()
    assert not visitor.page.get_by_role("button", name="Erase it for good").count()
    site.decide("ben", advice, "reject", reason="No.")
    with site.client("ada") as client:
        hold = {"application": "casebook", "case": case, "reason": "inquest"}
        assert client.post("/v1/holds", json=hold).status_code == 201
        show()
        assert "A legal hold" in visitor.text()
        assert client.post("/v1/holds/lift", json=hold).status_code == 200
    show()
    assert case not in visitor.page.url
    visitor.press("Erase it for good")
    visitor.check()
    assert "gone for good" in visitor.text()
    assert site.read("ben", advice).status_code == 410
    assert site.types(advice)[-1] == "content.erased"
    assert site.events(advice)[-1]["actor"] == f"person:{site.people['ada'][0]}"


def test_a_case_that_is_not_there_is_told_beside_its_field(visit: Open) -> None:
    visitor = visit("ada", width=320)
    visitor.open("/erasure")
    visitor.page.get_by_label("One piece of advice").check()
    visitor.page.fill("#advice", "adv_none")
    visitor.page.get_by_label("a court ordered it").check()
    visitor.press("Show what would go")
    assert visitor.page.input_value("#advice") == "adv_none"
    visitor.check()


def test_an_admin_sees_what_a_policys_change_would_do_before_putting_it_in_force(
    visit: Open, fresh_site: Callable[..., GatewayServer], tmp_path: Path
) -> None:
    shutil.copytree(POLICIES, tmp_path / "policies")
    site = fresh_site(policies=tmp_path / "policies")
    site.ask("Write a poem.", model="held")
    visitor = visit("ada", width=320, at=site)
    visitor.open("/policies")
    visitor.check()
    assert "What is in force is what lies on this gateway's disk." in visitor.text()
    held, use = tmp_path / "policies" / "held.yaml", tmp_path / "policies" / "use.yaml"
    text = held.read_text().replace("title: ", "title: Changed ")
    held.write_text(
        text + "refuse: [{id: no-poems, when: 'request.text.contains(\"poem\")', say: Ask for facts.}]\n"
    )
    use.write_text(use.read_text().replace("stage: ", "stage: x"))
    visitor.open("/policies")
    visitor.check()
    assert "policies/use.yaml, line" in visitor.text()
    visitor.follow(visitor.page.get_by_role("link", name="See what the changes would do"))
    visitor.check()
    assert "Refused from now on, by rule: no-poems (1)" in visitor.text()
    assert visitor.page.locator("ins", has_text="Changed").count() == 1
    held.write_text(text)
    visitor.press("Put these changes in force")
    visitor.check()
    assert "The files have changed since you looked at them." in visitor.text()
    visitor.press("Put these changes in force")
    visitor.check()
    assert "Changed Held" in visitor.text()
    event = next(one for one in reversed(site.events()) if one["type"] == "policy.loaded")
    assert (event["policy"]["id"], event["actor"]) == ("held", f"person:{site.people['ada'][0]}")
    visitor.open("/policies/held")
    assert ", ada" in visitor.text()


def test_a_key_that_is_ended_stops_working_at_once(
    visit: Open, fresh_site: Callable[..., GatewayServer]
) -> None:
    site = fresh_site()
    with site.client("cai") as client:
        assert client.get("/v1/advice").status_code == 200
        visitor = visit("ada", at=site)
        visitor.open("/keys")
        visitor.check()
        row = visitor.page.locator("tr", has_text=site.people["cai"][0]).filter(has_text="person's token")
        wait_for(lambda: was_used(site, "cai"))
        today = datetime.now(UTC).strftime("%-d %B %Y")
        visitor.open("/keys")
        assert row.get_by_role("cell", name=today, exact=True).count()
        unused = visitor.page.locator("tr", has_text=site.people["olu"][0]).filter(has_text="person's token")
        assert "not yet, as far as is known" in unused.inner_text()
        visitor.follow(row.get_by_role("button"))
        visitor.check()
        assert client.get("/v1/advice").status_code == 401
    assert "key.revoked" in [event["type"] for event in site.events()]
