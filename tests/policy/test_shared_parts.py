"""Shared parts: named from many policies, every word of them in the version of each, and every mistake at its place."""

import pytest

from gateway.policy import Policy
from tests.policy.conftest import POLICY, Folder, folder

__all__ = ["folder"]

SHARED = """\
id: parts
title: Parts
refuse: [{id: no-poems, when: 'request.text.contains("poem")', say: Ask for facts.}]
caveats: [{id: advice, say: This is advice.}]
redaction: [{id: acts, keep: [Theft Act 1968], redact: [LOCATION]}]
review: [{id: two, deciders: 2, view_first: true, reason: {accept: required}}]
"""
NAMING = """
refuse: [{shared: no-poems, say: Not here.}, {id: own, when: 'false', say: No.}]
caveats: [{shared: advice}]
redaction: {shared: acts, keep: [Bail Act 1976]}
review: {shared: [two], decide_within: 2d, reason: {reject: none}}
"""


def share(folder: Folder, text: str = SHARED, name: str = "parts.yaml") -> None:
    (folder.policies / "shared").mkdir(exist_ok=True)
    (folder.policies / "shared" / name).write_text(text)


def test_a_shared_part_stands_where_the_policy_names_it(folder: Folder) -> None:
    share(folder)
    policy = folder.policy(NAMING)
    assert [(rule.id, rule.say) for rule in policy.refuse] == [("no-poems", "Not here."), ("own", "No.")]
    assert [caveat.say for caveat in policy.caveats] == ["This is advice."]
    assert policy.redaction.keep == ("Bail Act 1976", "Theft Act 1968")
    assert policy.redaction.redact == ("LOCATION",)
    assert (policy.review.deciders, policy.review.view_first) == (2, True)
    assert (policy.review.reason.accept, policy.review.reason.reject) == ("required", "none")
    assert policy.sources["shared/parts"] == SHARED.encode()


def test_a_change_of_a_part_changes_each_policy_that_names_it_and_no_other(folder: Folder) -> None:
    share(folder)
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    folder.policy(NAMING)

    def versions() -> dict[str, str]:
        return {policy.id: policy.version for policy in folder.load()}

    before = versions()
    share(folder, SHARED.replace("This is advice.", "This is only advice."))
    after = versions()
    assert before["plain"] != after["plain"]
    assert before["other"] == after["other"]


@pytest.mark.parametrize(
    ("before", "after", "file", "line", "field", "told"),
    [
        (
            "shared: no-poems",
            "shared: no-poem",
            "plain.yaml",
            10,
            "refuse[0].shared",
            "did you mean no-poems?",
        ),
        ("shared: advice", "shared: 3", "plain.yaml", 11, "caveats[0].shared", "there is: advice"),
        ("say: Not here.", "when: 'true'", "plain.yaml", 10, "refuse[0].when", "can't stand beside `shared`"),
        ("[two]", "[tow]", "plain.yaml", 13, "review.shared[0]", "did you mean two?"),
        ("deciders: 2", "deciders: 3", "parts.yaml", 6, "review[0].deciders", "must be 1 or 2"),
        ("redact: [LOCATION]", "redact: [PLACE]", "parts.yaml", 5, "redaction[0].redact[0]", "must be"),
        ("request.text.c", "request.txt.c", "parts.yaml", 3, "refuse[0].when", "there is no `request.txt`"),
        ("id: parts", "id: part", "parts.yaml", 1, "id", "must be the file's name, parts"),
    ],
)
def test_each_mistake_is_told_at_its_place(
    folder: Folder, before: str, after: str, file: str, line: int, field: str, told: str
) -> None:
    assert before in SHARED + NAMING
    share(folder, SHARED.replace(before, after))
    problems = folder.problems(POLICY + NAMING.replace(before, after))
    first = next(one for one in problems if one.file.endswith(file))
    assert (first.line, first.field) == (line, field)
    assert told in first.message


def test_two_parts_of_one_name_are_a_mistake(folder: Folder) -> None:
    share(folder)
    share(folder, SHARED.replace("id: parts", "id: more"), "more.yaml")
    problems = folder.problems(POLICY)
    assert any("is in more.yaml too; give it another name" in one.message for one in problems)


def test_versions_of_policies_without_shared_parts_stay_as_they_were(folder: Folder) -> None:
    plain: Policy = folder.policy("refuse: [{id: no-poems, when: 'true', say: No.}]\n")
    share(folder)
    assert folder.policy("refuse: [{id: no-poems, when: 'true', say: No.}]\n").version == plain.version
