"""What may be a mistake though it loads: told with its place, and what to do."""

from pathlib import Path

import pytest

from gateway.policy import KnownNames, doubts_about, field_name, notes_on, read_folders
from tests.gateway.test_commands import run
from tests.policy.conftest import POLICY, PROMPT, Folder

PILOT = POLICY.replace("stage: scan", "stage: pilot")


@pytest.mark.parametrize(
    ("more", "place", "says"),
    [
        ("caveats: [{id: a, say: “Check it”}]\n", (9, 24), "curly quotation marks are part of the text"),
        ("caveats: [{id: a, say: ‘Check it’}]\n", (9, 24), "curly quotation marks are part of the text"),
        (
            "redaction:\n  keep:\n    - Theft Act\n      - Bail Act\n",
            (12, 7),
            "this line is read as part of the text before it",
        ),
    ],
)
def test_a_text_that_yaml_may_not_read_as_it_was_meant_is_noted(
    folder: Folder, more: str, place: tuple[int, int], says: str
) -> None:
    folder.write(POLICY + more)
    found = read_folders(folder.policies, folder.prompts, KnownNames(("default",)))
    assert not found.problems
    (note,) = found.notes
    assert (note.line, note.column) == place
    assert says in note.message


@pytest.mark.parametrize(
    "say",
    [
        '"“Check it,” she said."',
        "It says “refused” in the note.",
        "The parents’",
        "- a hyphen\n      -within",
    ],
)
def test_a_text_that_is_meant_so_is_not_noted(folder: Folder, say: str) -> None:
    folder.write(
        POLICY
        + f"caveats:\n  - id: a\n    say: {say if say[0] != '-' else '>-' + chr(10) + '      ' + say}\n"
    )
    found = read_folders(folder.policies, folder.prompts, KnownNames(("default",)))
    assert (found.problems, found.notes) == ([], [])


@pytest.mark.parametrize(
    ("limits", "fields"),
    [
        ("each_person: {requests_per_minute: 61}", ["limits.each_person.requests_per_minute"]),
        ("each_person: {requests_per_minute: 60}", []),
        ("requests_per_minute: null, each_person: {requests_per_minute: 99}", []),
        (
            "together: {tokens_per_month: 5000}, each_person: {tokens_per_month: 6000}",
            ["limits.each_person.tokens_per_month"],
        ),
        ("cost_per_day: 2 USD, each_person: {cost_per_day: 2.01 USD}", ["limits.each_person.cost_per_day"]),
    ],
)
def test_a_persons_limit_above_everybodys_is_a_doubt(folder: Folder, limits: str, fields: list[str]) -> None:
    policy = folder.policy(f"limits: {{{limits}}}\n")
    assert [field_name(steps) for steps, _ in doubts_about(policy)] == fields
    for _, message in doubts_about(policy):
        assert message.endswith("which holds for everybody; make it smaller")


def test_a_person_may_have_more_than_one_of_several_applications(folder: Folder) -> None:
    folder.write(
        POLICY.replace("[casebook]", "[casebook, diary]") + "limits: {each_person: {requests_per_minute: 61}}"
    )
    policy = folder.load().get("plain")
    assert policy is not None
    assert doubts_about(policy) == []


def test_a_rule_with_few_examples_is_noted(folder: Folder) -> None:
    likes = (
        "refuse: [{id: a, like: [Sing., Hum.], say: No.}]\ncaveats: [{id: b, when_like: [Oh.], say: B.}]\n"
    )
    notes = notes_on(folder.policy(likes + "scan: {people: [p_1]}\n"))
    assert notes == [
        "refuse.a has 2 examples of what it is to match; a dozen or more make a useful rule",
        "caveats.b has one example of what it is to match; a dozen or more make a useful rule",
    ]
    three = "refuse: [{id: a, like: [Sing., Hum., Whistle.], say: No.}]\nscan: {people: [p_1]}\n"
    assert notes_on(folder.policy(three)) == []


def test_an_identifier_in_a_prompt_is_noted_at_its_place_and_its_value_is_not_told(
    folder: Folder, tmp_path: Path
) -> None:
    folder.write(PILOT)
    folder.write_prompt(
        PROMPT.replace("Be plain.", "Be plain.\r\nMr Lee, AB123456C, rang. <UK_NINO_1> did not.\r\n")
    )
    done = run(
        "policy",
        "check",
        "--policies",
        folder.policies,
        "--prompts",
        folder.prompts,
        "--data",
        tmp_path / "none",
    )
    (note,) = [line for line in done.output.splitlines() if "looks like" in line]
    assert f"{folder.prompts / 'plain.md'}:6:9 looks like UK_NINO, and a prompt is sent as it is" in note
    assert "AB123456C" not in done.output
