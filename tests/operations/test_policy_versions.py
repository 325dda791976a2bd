"""Every word of every version stays, and what weakens a safeguard takes a second admin."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from audit import Connection
from gateway.advice import rebuild_from
from gateway.errors import Conflict, GatewayError
from gateway.operations import (
    StartingPolicies,
    damaged_words,
    find_version,
    history_of,
    kept_files,
    kept_policy,
    starting_policies,
)
from gateway.policy import Approval, Found, KnownNames, PolicyInvalid, RequestFacts, read_folders
from gateway.redaction import RedactionSettings, Redactor
from tests.ledger import Ledger
from tests.policy.conftest import POLICY, PROMPT, Folder, folder
from tests.policy_gateway import Gateway

__all__ = ["folder"]

REFUSING = "refuse: [{id: no-poems, when: 'request.text.contains(\"poem\")', say: Ask for facts.}]\n"
TWO = "review: {deciders: 2}\n"


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load(RedactionSettings(name_model=None))


def gateway_with(ledger: Ledger, folder: Folder, redactor: Redactor, text: str) -> Gateway:
    folder.write(text)
    return Gateway(ledger, folder, redactor)


def read_all(folder: Folder) -> Found:
    return read_folders(folder.policies, folder.prompts, KnownNames(("default",)))


def start(ledger: Ledger, folder: Folder, **approval: int) -> StartingPolicies:
    return ledger.database.read(
        lambda connection: starting_policies(
            connection, read_all(folder), models=("default",), approval=Approval(**approval)
        )
    )


async def test_the_words_of_each_version_are_kept_and_committed_to(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    text = POLICY + "# why: nobody knows\n"
    one = gateway_with(ledger, folder, redactor, text)
    first = one.version
    folder.write_prompt(PROMPT.replace("Be plain.", "Be plain, and brief."))
    await one.changes.put_in_force("person:ada")

    def look(connection: Connection) -> None:
        newest, oldest = history_of(connection, "plain")
        assert (oldest.version, newest.version) == (first, one.version)
        assert newest.actor == "person:ada"
        assert kept_files(connection, oldest) == {"policy": text.encode(), "prompt": PROMPT.encode()}
        policy = kept_policy(connection, find_version(connection, "plain", first[:8]))
        assert policy is not None
        assert (policy.version, policy.prompt_text) == (first, "Be plain.")
        assert damaged_words(connection) == []

    ledger.database.read(look)
    event = ledger.events("policy.loaded")[-1]
    assert event["files"]["policy"] == hashlib.sha256(text.encode()).hexdigest()
    rebuild_from(ledger.log, ledger.database)
    ledger.database.read(look)


@pytest.mark.parametrize("statement", ["UPDATE policy_texts SET content = ''", "DELETE FROM policy_texts"])
def test_the_database_refuses_to_change_words(
    ledger: Ledger, folder: Folder, redactor: Redactor, statement: str
) -> None:
    gateway_with(ledger, folder, redactor, POLICY)
    with pytest.raises(Exception, match="the words of policies stay"):
        ledger.change(statement)


def test_a_version_is_found_by_its_first_digits_or_refused_in_a_sentence(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    one = gateway_with(ledger, folder, redactor, POLICY)

    def find(policy: str, version: str | None = None) -> str:
        return ledger.database.read(lambda connection: find_version(connection, policy, version)).version

    assert find("plain") == find("plain", one.version[:4]) == one.version
    for policy, version in (("plain", "x" * 8), ("nothing", None)):
        with pytest.raises(GatewayError):
            find(policy, version)
    with pytest.raises(GatewayError) as short:
        find("plain", one.version[:3])
    assert "give at least 4 digits" in short.value.message


async def test_what_weakens_a_safeguard_waits_for_a_second_admin(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    one = gateway_with(ledger, folder, redactor, POLICY + TWO)
    before = one.version
    folder.write(POLICY)
    found = await one.changes.put_in_force("person:ada")
    assert (found.loaded, found.waiting, one.version) == ((), ("plain",), before)
    asked = ledger.events("policy.approved")[-1]
    assert (asked["actor"], asked["before"], asked["loosens"]) == ("person:ada", before, ["review.deciders"])
    with pytest.raises(GatewayError, match="own_change"):
        await one.changes.put_in_force("person:ada")
    assert (await one.changes.put_in_force("operator")).waiting == ("plain",)
    assert one.version == before
    assert (await one.changes.put_in_force("person:eve")).loaded == ("plain",)
    event = ledger.events("policy.loaded")[-1]
    assert one.version == event["policy"]["version"] != before
    assert event["approved_by"] == ["person:ada", "person:eve"]
    assert event["loosens"] == ["review.deciders"]


async def test_who_agreed_to_another_change_has_not_agreed_to_this_one(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    one = gateway_with(ledger, folder, redactor, POLICY + TWO + REFUSING)
    folder.write(POLICY + REFUSING)
    await one.changes.put_in_force("person:ada")
    folder.write(POLICY)
    assert (await one.changes.put_in_force("person:eve")).waiting == ("plain",)
    assert (await one.changes.put_in_force("person:eli")).loaded == ("plain",)
    assert ledger.events("policy.loaded")[-1]["approved_by"] == ["person:eve", "person:eli"]


async def test_the_other_changes_need_nobody_else(ledger: Ledger, folder: Folder, redactor: Redactor) -> None:
    one = gateway_with(ledger, folder, redactor, POLICY + TWO)
    folder.write(POLICY)
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    found = await one.changes.put_in_force("person:ada")
    assert (found.loaded, found.waiting) == (("other",), ("plain",))


async def test_settings_may_ask_for_one_or_for_more_people(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    folder.write(POLICY + TWO)
    alone = Gateway(ledger, folder, redactor, approval=Approval(loosening=1, other=2))
    folder.write(POLICY)
    assert (await alone.changes.put_in_force("person:ada")).loaded == ("plain",)
    folder.write(POLICY + REFUSING)
    assert (await alone.changes.put_in_force("person:ada")).waiting == ("plain",)
    assert (await alone.changes.put_in_force("person:eve")).loaded == ("plain",)


async def test_retiring_and_restoring_a_policy_is_no_way_around(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    folder.write(POLICY.replace("id: plain", "id: other") + TWO, "other.yaml")
    one = gateway_with(ledger, folder, redactor, POLICY)
    await one.changes.retire("other", "person:ada")
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    assert (await one.changes.put_in_force("person:ada", again=["other"])).waiting == ("other",)


async def test_a_retired_policy_comes_back_only_where_an_admin_names_it(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    one = gateway_with(ledger, folder, redactor, POLICY)
    await one.changes.retire("other", "person:ada")
    folder.write(POLICY + REFUSING)
    found = await one.changes.put_in_force("person:ada")
    assert (found.loaded, found.waiting, found.retired) == (("plain",), (), ("other",))
    assert one.in_force.get("other") is None
    assert (await one.changes.diff()).retired == ("other",)
    found = await one.changes.put_in_force("operator", again=["other"])
    assert (found.loaded, found.waiting) == ((), ("other",))
    found = await one.changes.put_in_force("person:ada", again=["other"])
    assert (found.loaded, found.retired) == (("other",), ())
    assert one.in_force.get("other") is not None


async def test_a_policy_that_another_gateway_retired_is_not_brought_back_by_a_change(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    one = gateway_with(ledger, folder, redactor, POLICY)
    another = Gateway(ledger, folder, redactor)
    await one.changes.retire("other", "person:ada")
    folder.write(POLICY.replace("id: plain", "id: other") + REFUSING, "other.yaml")
    assert (await another.changes.put_in_force("person:eve")).retired == ("other",)
    await another.changes.follow(ledger.database, "2026-01-01T00:00:00Z")
    assert another.in_force.get("other") is None


async def test_another_gateway_that_was_faster_is_not_overruled(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    one = gateway_with(ledger, folder, redactor, POLICY)
    other = Gateway(ledger, folder, redactor)
    folder.write(POLICY + REFUSING)
    await one.changes.put_in_force("person:ada")
    folder.write(POLICY + TWO)
    with pytest.raises(Conflict, match="policies_changed"):
        await other.changes.put_in_force("person:eve")


async def test_a_start_weakens_nothing_and_retires_nothing(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    one = gateway_with(ledger, folder, redactor, POLICY + TWO)
    folder.write(POLICY)
    (folder.policies / "other.yaml").unlink()
    found = start(ledger, folder)
    assert {policy.id: policy.version for policy in found.policies}["plain"] == one.version
    assert found.policies.ids == ("other", "plain")
    assert (found.waiting, found.missing) == (("plain",), ("other",))
    assert start(ledger, folder, loosening=1).waiting == ()
    folder.write(POLICY + TWO + REFUSING)
    stricter = start(ledger, folder).policies.get("plain")
    assert stricter is not None
    assert stricter.refusal(RequestFacts("A poem"))
    folder.write("stage: x")
    broken = start(ledger, folder)
    assert {policy.id: policy.version for policy in broken.policies}["plain"] == one.version
    assert broken.problems
    await one.changes.retire("plain", "person:ada")
    folder.write(POLICY + TWO)
    assert start(ledger, folder).policies.ids == ("other",)


def test_the_first_start_takes_all_files_or_none(ledger: Ledger, folder: Folder) -> None:
    assert start(ledger, folder).policies.ids == ("plain",)
    folder.write("stage: x")
    with pytest.raises(PolicyInvalid):
        start(ledger, folder)


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words], cwd=folder, check=True, capture_output=True
    )


def commit(folder: Folder, name: str) -> None:
    git(folder.policies, "add", ".")
    who = ("-c", f"user.name={name}", "-c", f"user.email={name}@example.gov.uk")
    git(folder.policies, *who, "commit", "-m", "A change")


async def test_who_wrote_the_file_is_on_record_and_can_not_be_the_second(
    ledger: Ledger, folder: Folder, redactor: Redactor
) -> None:
    for name in ("ada", "eve", "eli"):
        ledger.change(
            "INSERT INTO people (id, name, roles, username) VALUES (?, ?, 'admin', ?)", name, name, name
        )
    git(folder.policies, "init")
    folder.write(POLICY + TWO + REFUSING)
    commit(folder, "ada")
    one = gateway_with(ledger, folder, redactor, POLICY + TWO + REFUSING)
    folder.write(POLICY + REFUSING)
    commit(folder, "eve")
    folder.write(POLICY + REFUSING + "# one more line\n")
    commit(folder, "somebody-else")
    await one.changes.put_in_force("person:ada")
    with pytest.raises(GatewayError, match="own_change"):
        await one.changes.put_in_force("person:eve")
    await one.changes.put_in_force("person:eli")
    (told,) = ledger.events("policy.loaded")[-1]["commits"]
    assert (told["file"], len(told["commit"])) == ("policy", 40)
    assert told["author"].startswith("author_")
    assert "somebody" not in str(ledger.events())
