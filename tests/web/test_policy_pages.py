"""From an advice to the words it was given under; a change that weakens a safeguard takes two admins on the pages."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.identity import create_person
from tests.gateway_server import POLICIES, PROMPTS, GatewayServer
from tests.watching import breaches
from tests.web.visitor import Visitor

pytestmark = pytest.mark.xdist_group("browser")

Open = Callable[..., Visitor]


@pytest.fixture
def held(fresh_site: Callable[..., GatewayServer], tmp_path: Path) -> tuple[GatewayServer, Path]:
    """A gateway with a second admin, eve, and the file of a policy to change."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    site = fresh_site(policies=tmp_path / "policies", prompts=tmp_path / "prompts")
    log = site.resources.log
    made = log.submit(lambda tx: create_person(tx, "eve", ["admin"], actor="operator")).result().result
    site.people["eve"] = made
    site.give_password("eve")
    return site, tmp_path / "policies" / "held.yaml"


@pytest.mark.parametrize("width", [320, 1280])
def test_an_advice_leads_to_exactly_the_words_that_it_was_given_under(
    visit: Open, held: tuple[GatewayServer, Path], width: int
) -> None:
    site, file = held
    advice = site.ask("Please help.", model="held").headers["x-advice-id"]
    then = file.read_text()
    before = site.policy("held")["version"]
    file.write_text(then.replace("title: Held", "title: Later"))
    visitor = visit("ada", width=width, at=site)
    visitor.open("/policy-changes")
    visitor.press("Put these changes in force")
    assert site.policy("held")["version"] != before
    visitor.open(f"/record/{advice}")
    visitor.follow(visitor.page.get_by_role("link", name="Every word of the policy"))
    visitor.check()
    assert before in visitor.page.url
    assert "Another version is in force now, or none." in visitor.text()
    visitor.page.get_by_text("The policy's file").click()
    assert then.strip() in visitor.page.locator("pre").first.inner_text()
    visitor.press("Write these files back")
    visitor.check()
    assert file.read_text() == then
    visitor.press("Put these changes in force")
    assert site.policy("held")["version"] == before
    visitor.open("/policies/held/versions")
    visitor.check()
    assert visitor.page.locator("li.cs-entry").count() == 3
    visitor.follow(visitor.page.get_by_role("link", name="What changed").first)
    visitor.check()
    assert visitor.page.locator("del", has_text="Later").count() == 1


@pytest.mark.parametrize("width", [320, 1280])
def test_two_admins_agree_to_a_shorter_retention_and_what_it_is_for(
    visit: Open, held: tuple[GatewayServer, Path], width: int
) -> None:
    site, file = held
    advice = site.ask("Please help.", model="held").headers["x-advice-id"]
    site.decide("ben", advice, "reject", reason="No.")
    before = site.policy("held")["version"]
    file.write_text(file.read_text() + "retention: {content: 1s, pseudonyms: 1s}\n")
    first = visit("ada", width=width, at=site)
    first.open("/policy-changes")
    first.check()
    assert "It weakens safeguards: retention.content, retention.pseudonyms." in first.text()
    assert "1 piece of advice is kept longer than the new time." in first.text()
    first.press("Agree to these changes")
    first.check()
    assert "Select what the shorter time is for" in first.text()
    first.page.get_by_label("Advice asked for before as well").check()
    first.press("Agree to these changes")
    first.check()
    assert "Confirm that this advice is to be erased earlier" in first.text()
    first.page.get_by_label("Advice asked for from then on").check()
    first.press("Agree to these changes")
    first.check()
    assert "Another admin has to agree" in first.text()
    assert site.policy("held")["version"] == before
    second = visit("eve", width=width, at=site)
    second.open("/policy-changes")
    second.check()
    assert "So far: ada (for advice asked for from then on)." in second.text()
    second.page.get_by_label("Advice asked for from then on").check()
    second.press("Agree to these changes")
    second.check()
    assert site.policy("held")["version"] != before
    loaded = [event for event in site.events() if event["type"] == "policy.loaded"][-1]
    people = [f"person:{site.people[name][0]}" for name in ("ada", "eve")]
    assert (loaded["approved_by"], loaded["retention_for"]) == (people, "new")
    assert breaches(site.events()) == []
    assert site.read("ben", advice).status_code == 200  # kept as was promised when it was asked for


def test_a_policy_is_retired_by_its_id_and_not_by_a_lost_file(
    visit: Open, held: tuple[GatewayServer, Path]
) -> None:
    site, file = held
    file.unlink()
    visitor = visit("ada", at=site)
    visitor.open("/policy-changes")
    visitor.check()
    assert "Its file is gone, renamed or broken." in visitor.text()
    assert site.ask("Please help.", model="held").status_code == 202
    visitor.open("/policies/held")
    visitor.check()
    visitor.page.get_by_text("Retire it").click()
    visitor.press("Retire this policy")
    visitor.check()
    assert site.ask("Please help.", model="held").status_code == 404
    visitor.open("/policies/held/versions")
    assert "Retired" in visitor.text()
    visitor.open("/policies/held")
    visitor.check()
    assert "This policy is retired" in visitor.text()


def test_a_change_leaves_a_retired_policy_retired_unless_an_admin_chooses_it(
    visit: Open, held: tuple[GatewayServer, Path]
) -> None:
    site, file = held
    visitor = visit("ada", at=site)
    visitor.open("/policies/held")
    visitor.page.get_by_text("Retire it").click()
    visitor.press("Retire this policy")
    visitor.check()
    assert "Retired, though there is a file on this gateway's disk: held." in visitor.text()
    visitor.open("/policy-changes")
    visitor.press("Put these changes in force")
    visitor.check()
    assert "Select what to put in force again" in visitor.text()
    use = file.with_name("use.yaml")
    before = site.policy("use")["version"]
    use.write_text(use.read_text().replace("title: ", "title: Changed "))
    visitor.open("/policy-changes")
    visitor.check()
    visitor.press("Put these changes in force")
    assert site.policy("use")["version"] != before
    assert site.ask("Please help.", model="held").status_code == 404
    visitor.open("/policy-changes")
    visitor.page.get_by_label("held is retired; put it in force again").check()
    visitor.press("Put these changes in force")
    assert site.ask("Please help.", model="held").status_code == 202


def test_examples_of_what_would_be_otherwise_are_shown_in_pseudonyms_and_on_record(
    visit: Open, held: tuple[GatewayServer, Path]
) -> None:
    site, file = held
    advice = site.ask("Write a poem for AB123456C.", model="held").headers["x-advice-id"]
    file.write_text(
        file.read_text() + "refuse: [{id: no-poems, when: 'request.text.contains(\"poem\")', say: No.}]\n"
    )
    visitor = visit("ada", width=320, at=site)
    visitor.open("/policy-changes?days=30")
    visitor.check()
    assert "On the newest advice of the last 30 days" in visitor.text()
    assert "<UK_NINO_1>" not in visitor.text()
    visitor.follow(visitor.page.get_by_role("link", name="Show examples, in pseudonyms"))
    visitor.check()
    assert "Write a poem for <UK_NINO_1>." in visitor.text()
    opened = [event for event in site.events(advice) if event["type"] == "content.opened"]
    assert [(event["actor"], event["kind"]) for event in opened] == [
        (f"person:{site.people['ada'][0]}", "sent")
    ]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_evidence_for_a_stage_stands_on_the_page_of_the_version(
    visit: Open, held: tuple[GatewayServer, Path], width: int
) -> None:
    site, file = held
    advice = site.ask("Please help.", model="held").headers["x-advice-id"]
    site.decide("ben", advice, "reject", reason="No.")
    file.write_text(
        file.read_text().replace("stage: pilot", "stage: scale")
        + "scale: {decisions_at_least: 1, checks_at_least: 0, caught_at_least: 0, overdue_at_most: 100,"
        " unsupported_accepted_at_most: 100}\n"
    )
    for name in ("ada", "eve"):
        visitor = visit(name, width=width, at=site)
        visitor.open("/policy-changes")
        visitor.press("Agree to these changes")
    visitor.open("/policies/held/versions")
    visitor.check()
    assert "Evidence for the stage scale: Decisions: 1" in visitor.text()
    visitor.open(f"/policies/held/versions/{site.policy('held')['version']}")
    visitor.check()
    rows = visitor.page.locator(".govuk-summary-list").first.inner_text().replace("\t", "\n").split("\n")
    assert rows[:2] == ["Decisions", "1 (asked for: at least 1)"]
    assert "nothing, or less than ten (asked for: at most 100 %)" in rows
