"""A policy's tools: names, or a file of them beside it, each mistake with its line and field."""

import json
from typing import Any

import pytest

from gateway.policy import PolicyInvalid, differences, load_policies
from tests.policy.conftest import POLICY, Folder

TOOL = {"type": "function", "function": {"name": "draft_letter", "description": "Drafts a letter."}}


def load(folder: Folder, tools: str) -> Any:
    folder.write(f"{POLICY}tools: {tools}\n")
    return load_policies(folder.policies, folder.prompts).get("plain")


def test_a_policy_without_tools_declares_none(folder: Folder) -> None:
    folder.write(POLICY)
    policy = load_policies(folder.policies, folder.prompts).get("plain")
    assert policy is not None
    assert policy.declared_tools == ()


def test_tools_by_name(folder: Folder) -> None:
    assert load(folder, "[draft_letter, find-case]").declared_tools == ("draft_letter", "find-case")


def test_tools_as_a_file_beside_the_policy_defines_them(folder: Folder) -> None:
    (folder.policies / "tools").mkdir()
    (folder.policies / "tools" / "letters.json").write_text(json.dumps([TOOL]))
    assert load(folder, "tools/letters.json").declared_tools == (TOOL,)


def test_the_files_content_is_part_of_the_version_and_of_what_a_change_shows(folder: Folder) -> None:
    file = folder.policies / "letters.json"
    file.write_text(json.dumps([TOOL]))
    before = load(folder, "letters.json")
    file.write_text(json.dumps([TOOL], indent=2))
    assert load(folder, "letters.json").version == before.version
    file.write_text(json.dumps([{**TOOL, "strict": True}]))
    after = load(folder, "letters.json")
    assert after.version != before.version
    (difference,) = differences(before, after)
    assert difference.field == "tools' definitions"
    assert "strict" in (difference.after or "")


@pytest.mark.parametrize(
    ("tools", "content", "says"),
    [
        ("[draft letter]", None, "entry 1 is no name of a tool"),
        ("[f, 7]", None, "entry 2 is no name of a tool"),
        ("letters.yaml", None, "write a list of names of tools, or the path of a JSON file"),
        ("{name: f}", None, "write a list of names of tools, or the path of a JSON file"),
        ("letters.json", None, "letters.json is not there, or can't be read"),
        ("letters.json", b"[{]", "letters.json is not JSON: "),
        ("letters.json", b"\xff", "letters.json is not JSON; save it as UTF-8"),
        ("letters.json", b"{}", "letters.json must be a list of tools"),
        ("letters.json", b'[{"type": "function"}]', "letters.json has no name in its tool 1"),
        ("letters.json", b"[" * 100_000, "letters.json is not JSON"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    folder: Folder, tools: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (folder.policies / "letters.json").write_bytes(content)
    with pytest.raises(PolicyInvalid) as caught:
        load(folder, tools)
    (problem,) = caught.value.problems
    assert (problem.field, problem.line) == ("tools", POLICY.count("\n") + 1)
    assert says in problem.message
