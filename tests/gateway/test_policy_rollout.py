"""A changed policy comes into force at a command, on the record first; what can't be used leaves the old one so."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from audit import time_text, verify_directory
from gateway.errors import GatewayError
from gateway.operations import (
    OUT_OF_STEP_SECONDS,
    fingerprint,
    replay,
)
from gateway.policy import RequestFacts
from gateway.redaction import RedactionSettings, Redactor
from tests.gateway_server import GatewayServer
from tests.ledger import Ledger
from tests.policy.conftest import POLICY, Folder, folder
from tests.policy_gateway import Gateway
from tests.waiting import wait_for
from tests.watching import breaches

__all__ = ["folder"]

PILOT = POLICY.replace("stage: scan", "stage: pilot")  # a model answers everybody
REFUSING = "refuse: [{id: no-poems, when: 'request.text.contains(\"poem\")', say: Ask for facts.}]\n"
FAILING = (
    "examples: [{name: admits poems, request: {messages: [{role: user, content: A poem}]}, expect: {}}]\n"
    + REFUSING
)
CAVEAT = "caveats: [{id: check, say: Check it., when: 'answer.text.contains(\"Echo\")'}]\n"


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load(RedactionSettings(name_model=None))


@pytest.fixture
def one(ledger: Ledger, folder: Folder, redactor: Redactor) -> Gateway:
    return Gateway(ledger, folder, redactor)


def copy_of(folder: Folder, to: Path) -> Folder:
    other = Folder(to / "policies", to / "prompts")
    shutil.copytree(folder.policies, other.policies)
    shutil.copytree(folder.prompts, other.prompts)
    return other


async def test_a_change_is_in_force_once_it_is_on_record_and_says_by_whom(
    ledger: Ledger, one: Gateway
) -> None:
    before = one.version
    one.folder.write(POLICY + REFUSING)
    assert one.version == before
    found = await one.changes.put_in_force("person:ada")
    assert found.loaded == ("plain",)
    assert one.version != before
    event = ledger.events("policy.loaded")[-1]
    assert (event["actor"], event["policy"]) == ("person:ada", {"id": "plain", "version": one.version})


@pytest.mark.parametrize(
    ("text", "field"), [(POLICY.replace("scan", "x"), "stage"), (POLICY + FAILING, "examples.admits poems")]
)
async def test_an_unusable_change_is_refused_on_record_and_the_active_version_stays(
    ledger: Ledger, one: Gateway, text: str, field: str
) -> None:
    before = one.version
    one.folder.write(text)
    found = await one.changes.put_in_force("operator")
    assert (found.refused, [problem.field for problem in found.problems]) == (("plain",), [field])
    assert found.problems[0].line > 1
    assert one.version == before
    event = ledger.events("policy.refused")[-1]
    assert event["policy"] == {"id": "plain", "version": before}
    assert (event["actor"], event["problems"], one.problems) == ("operator", 1, [1])
    assert len(ledger.events("policy.loaded")) == 1


@pytest.mark.parametrize(("name", "value"), [("check_one_in", "50"), ("signature", "passkey")])
async def test_a_policy_that_needs_missing_checks_or_passkeys_is_not_put_in_force(
    one: Gateway, name: str, value: str
) -> None:
    before = one.version
    one.folder.write(POLICY + f"review: {{{name}: {value}}}\n")
    found = await one.changes.put_in_force("operator")
    assert [problem.field for problem in found.problems] == [f"review.{name}"]
    assert one.version == before


async def test_what_was_looked_at_is_what_is_confirmed(one: Gateway) -> None:
    one.folder.write(POLICY + REFUSING)
    seen = fingerprint(await one.changes.preview())
    one.folder.write(POLICY + REFUSING.replace("poem", "song"))
    with pytest.raises(Exception, match="policies_changed"):
        await one.changes.put_in_force("person:ada", seen)
    assert await one.changes.put_in_force("person:ada", fingerprint(await one.changes.preview()))


async def test_a_lost_file_retires_nothing_and_a_command_does(ledger: Ledger, one: Gateway) -> None:
    one.folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    await one.changes.put_in_force("operator")
    (one.folder.policies / "other.yaml").rename(one.folder.policies / "renamed.yaml")
    found = await one.changes.put_in_force("operator")
    assert found.missing == ("other",)
    assert one.in_force.get("other") is not None
    await one.changes.retire("other", "person:ada")
    assert one.in_force.get("other") is None
    event = ledger.events("policy.retired")[-1]
    assert (event["policy"]["id"], event["actor"]) == ("other", "person:ada")
    with pytest.raises(GatewayError, match="unknown_policy"):
        await one.changes.retire("other", "person:ada")


async def test_the_operators_signal_puts_changes_in_force(ledger: Ledger, one: Gateway) -> None:
    one.folder.write(POLICY + REFUSING)
    before = one.version
    running = asyncio.ensure_future(one.changes.run())
    one.asked.set()
    await one.done.wait()
    running.cancel()
    assert one.version != before
    assert ledger.events("policy.loaded")[-1]["actor"] == "operator"


async def test_another_gateway_follows_where_it_has_the_same_files(
    ledger: Ledger, one: Gateway, redactor: Redactor, tmp_path: Path
) -> None:
    other = Gateway(ledger, one.folder, redactor)
    one.folder.write(POLICY + REFUSING)
    await one.changes.put_in_force("operator")
    assert other.version != one.version
    events = len(ledger.events())
    await other.changes.follow(ledger.database, time_text(ledger.clock.now))
    assert other.version == one.version
    assert len(ledger.events()) == events


async def test_another_gateway_takes_the_words_from_the_record(
    ledger: Ledger, one: Gateway, redactor: Redactor, tmp_path: Path
) -> None:
    other = Gateway(ledger, copy_of(one.folder, tmp_path / "other"), redactor)
    one.folder.write(POLICY + REFUSING)
    await one.changes.put_in_force("operator")
    await other.changes.follow(ledger.database, time_text(ledger.clock.now))
    assert other.version == one.version
    followed = other.in_force.get("plain")
    assert followed is not None
    assert followed.refusal(RequestFacts("A poem")) is not None


async def test_a_gateway_without_the_model_stops_asking_under_that_policy_after_a_minute(
    ledger: Ledger, one: Gateway, redactor: Redactor, tmp_path: Path
) -> None:
    other = Gateway(ledger, copy_of(one.folder, tmp_path / "other"), redactor)
    more = Gateway(ledger, one.folder, redactor, models=("default", "extra"))
    one.folder.write(POLICY.replace("[default]", "[default, extra]"))
    for person in ("ada", "eve"):
        await more.changes.put_in_force(f"person:{person}")
    assert more.version != other.version
    await other.changes.follow(ledger.database, later(ledger, OUT_OF_STEP_SECONDS - 5))
    assert not other.in_force.out_of_step
    await other.changes.follow(ledger.database, later(ledger, OUT_OF_STEP_SECONDS + 5))
    assert other.in_force.out_of_step == {"plain"}


def later(ledger: Ledger, seconds: float) -> str:
    return time_text(ledger.clock.now + timedelta(seconds=seconds))


def test_requests_follow_the_change_and_the_record_shows_that_they_did(
    fresh: Callable[..., GatewayServer], folder: Folder
) -> None:
    folder.write(PILOT)
    gateway = fresh(policies=folder.policies, prompts=folder.prompts)
    first = gateway.ask("Write a poem. Echo.", model="plain").headers["x-advice-id"]
    old = gateway.resources.policies.get("plain")
    folder.write(PILOT + REFUSING + CAVEAT)
    new = folder.load().get("plain")
    assert old is not None
    assert new is not None
    found = replay(gateway.resources.database, gateway.resources.vault, old, new)
    assert (found.looked_at, dict(found.refused), dict(found.caveats_added)) == (
        1,
        {"no-poems": 1},
        {"check": 1},
    )
    back = replay(gateway.resources.database, gateway.resources.vault, new, old)
    assert (back.admitted, dict(back.caveats_removed)) == (1, {"check": 1})
    gateway.hang_up()
    wait_for(lambda: gateway.policy("plain")["version"] == new.version)
    assert gateway.ask("Write a poem.", model="plain").status_code == 403
    assert gateway.decide("ben", first).status_code == 201  # under the rules that it was asked with
    assert verify_directory(gateway.settings.data).ok
    assert breaches(gateway.events()) == []
