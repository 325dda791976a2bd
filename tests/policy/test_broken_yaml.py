"""Files that are not YAML, or not what they look like: told in plain words, at the place where the mistake is."""

from pathlib import Path

import pytest

from gateway.errors import SettingsInvalid
from gateway.settings import load_settings
from tests.policy.conftest import POLICY, Folder, folder
from tests.policy.test_broken_files import WHOLE, check_words, read

__all__ = ["folder"]

MISTAKES = [
    ("id: whole", "models[0]: default\nid: whole", "1:1", "there is no such field"),
    ("stage: scan", "stage:\tscan", "6:7", "there is a tab here"),
    ("stage: scan", "stage: scan\t", "6:12", "there is a tab here"),
    ("  gate: release", "\tgate: release", "32:1", "there is a tab here"),
    ("  gate: release", "  \tgate: release", "32:3", "there is a tab here"),
    ("  gate: release", " gate: release", "33:11", "this line is read as going on from the one before"),
    (
        "  gate: release",
        "   gate: release",
        "33:3",
        "this line does not begin in the same column as the fields beside it",
    ),
    (
        "  - id: no-songs",
        " - id: no-songs",
        "15:2",
        "as the entries beside it: it begins in column 2, and line 12",
    ),
    ("  - id: no-songs", "  -id: no-songs", "15:3", "a space is missing after the hyphen"),
    (
        "  - id: no-songs",
        "    - id: no-songs",
        "15:5",
        "as the entries beside it: it begins in column 5, and line 12",
    ),
    (
        "    say: Ask for facts.",
        "   say: Ask for facts.",
        "14:4",
        "as the fields beside it: it begins in column 4, and line 13",
    ),
    (
        "    say: Ask for facts.",
        "     say: Ask for facts.",
        "14:9",
        "this line is read as going on from the one before",
    ),
    (
        "    say: Ask for facts.",
        "    say Ask for facts.",
        "14:5",
        "a colon is missing after this name, or this text is not far enough in",
    ),
    (
        "    say: Ask for facts.",
        "    say:Ask for facts.",
        "14:5",
        "a colon is missing after this name, or this text is not far enough in",
    ),
    (
        "    say: Ask for facts.",
        "    say: 'Ask for facts.",
        "14:10",
        "this quote is closed only some lines below",
    ),
    ("    say: Ask for facts.", "    say: Don't ask: look.", "14:19", "there is a colon too many"),
    ("    say: Ask for facts.", '    say: "Ask" for facts.', "14:16", "a quote ends before this"),
    ("    say: Ask for facts.", "    say: 'It's so'", "14:14", "a quote ends before this"),
    ("    say: Ask for facts.", "    say: *facts", "14:10", "anchors and aliases (& and *) are not allowed"),
    (
        "    say: Ask for facts.",
        "    say: &facts Ask",
        "14:10",
        "anchors and aliases (& and *) are not allowed",
    ),
    (
        "    say: Ask for facts.",
        "    say: `Ask`",
        "14:10",
        "a value that begins with @, ` or % needs quotes around it",
    ),
    (
        "    say: Ask for facts.",
        "    say: %Ask",
        "14:10",
        "a value that begins with @, ` or % needs quotes around it",
    ),
    (
        "    say: Ask for facts.",
        "    say: >x\n      Ask",
        "14:11",
        "after > or | comes the text on the next lines, further in",
    ),
    (
        "    say: Ask for facts.",
        "    say: >\n  Ask",
        "15:3",
        "a colon is missing after this name, or this text is not far enough in",
    ),
    (
        "    say: Ask for facts.",
        "    say: [Ask",
        "14:10",
        "this list is not closed with ], or a comma is missing in it",
    ),
    (
        "    say: Ask for facts.",
        "    say: {Ask",
        "14:10",
        "this group is not closed with }, or a comma is missing in it",
    ),
    ("    say: Ask for facts.", "    say: {{ words }}", "14:11", "a field's name must be plain text"),
    ("    say: Ask for facts.", "    say: !ask facts", "14:10", "tags (!) are not allowed"),
    (
        "    say: Ask for facts.",
        "    say: Ask # for\n    facts",
        "15:5",
        "a colon is missing after this name, or this text is not far enough in",
    ),
    ("    say: Ask for facts.", "    ? [say]\n    : Ask", "14:7", "a field's name must be plain text"),
    ("    say: Ask for facts.", "    <<: {say: Ask}", "14:5", "a field's name must be plain text"),
    ("    say: Ask for facts.", "    say: Ask\n    say: Again", "15:5", "say is there twice"),
    (
        "    say: Ask for facts.",
        '    say: "\\x"',
        "14:13",
        "within double quotes \\ has a meaning of its own",
    ),
    (
        "    say: Ask for facts.",
        '    say: "\\u12"',
        "14:13",
        "within double quotes \\ has a meaning of its own",
    ),
    ("keep: [Theft Act 1968]", "keep: [Theft Act 1968,, Bail Act]", "21:25", "there is a comma too many"),
    (
        "keep: [Theft Act 1968]",
        "keep: [Theft Act 1968; Bail Act",
        "21:9",
        "this list is not closed with ], or a comma is missing in it",
    ),
    ("keep: [Theft Act 1968]", "keep: [Theft Act: 1968]", "21:10", "must be text"),
    (
        "keep: [Theft Act 1968]",
        "keep:\n  - Theft Act 1968\n  Bail Act",
        "23:3",
        "a colon is missing after this name, or this text is not far enough in",
    ),
    (
        "keep: [Theft Act 1968]",
        "keep: - Theft Act",
        "21:9",
        "an entry after a hyphen goes on a line of its own",
    ),
    (
        "keep: [Theft Act 1968]",
        "keep: (Theft Act 1968)",
        "21:9",
        "must be a list: write each entry on a line of its own after a hyphen, or all within [ ]",
    ),
    (
        "keep: [Theft Act 1968]",
        'keep: ["Theft Act 1968]',
        "21:10",
        "this quote is closed only some lines below",
    ),
    ("id: whole", "id: whole\n...", "3:1", "there is a second document after --- or ..."),
    ("id: whole", "id: whole\n---", "2:1", "there is a second document after --- or ..."),
    ("id: whole", "%YAML 1.3\n---\nid: whole", "1:1", "a line that begins with % is for YAML itself"),
    ("id: whole", "%YAML 9\n---\nid: whole", "1:1", "a line that begins with % is for YAML itself"),
    ("id: whole", "id = whole", "2:6", "this line is read as going on from the one before"),
    ("id: whole", "id whole", "2:6", "this line is read as going on from the one before"),
    ("id: whole", '"id: whole', "1:1", "this quote is closed only some lines below"),
    ("id: whole", "{id: whole}", "2:1", "what stands before this line is whole without it"),
    (
        "id: whole",
        "- id: whole",
        "2:1",
        "as the fields beside it: it begins in column 1, and line 1",
    ),
    ("id: whole", ": whole", "1:1", "there is no field's name before the colon"),
    ("id: whole", "id: whole: x", "1:10", "there is a colon too many"),
    ("id: whole", "id: whole\n  title: W", "2:8", "this line is read as going on from the one before"),
    ("id: whole", "// a comment\nid: whole", "2:3", "this line is read as going on from the one before"),
    ("id: whole", "/* a comment */\nid: whole", "2:3", "this line is read as going on from the one before"),
    ("id: whole", "<id>whole</id>", "2:6", "this line is read as going on from the one before"),
    (
        "id: whole",
        "id: \u201cwhole\u201d",
        "1:5",
        "must be a name: small letters, digits and hyphens, beginning with a letter, at most 64",
    ),
    ("id: whole", "id\u00a0: whole", "1:1", "this field's name has a space in it that can't be seen"),
    ("id: whole", "\u00a0id: whole", "1:1", "this field's name has a space in it that can't be seen"),
    ("id: whole", "id\uff1a whole", "2:6", "this line is read as going on from the one before"),
    ("title: Whole", "title: Whole\u0007", "2:13", "there is a character that YAML does not allow (U+0007)"),
    ("title: Whole", "title: \u0000", "2:8", "there is a character that YAML does not allow (U+0000)"),
    ("deciders: 1", "deciders: 01x", "33:13", "must be 1 or 2"),
    ("deciders: 1", "deciders: 0x", "33:13", "must be 1 or 2"),
    ("deciders: 1", "deciders: 1e999", "33:13", "must be 1 or 2"),
    ("deciders: 1", "deciders: .inf", "33:13", "this number can't be read"),
    ("deciders: 1", "deciders: 1_0", "33:13", "must be 1 or 2"),
    ("over: 50", "over: fifty", "41:23", "must be a whole number"),
    ("max_overdue: 0", "max_overdue: ~", "39:16", "must be a whole number"),
    (
        "decide_within: 2d",
        "decide_within: 2d 4h",
        "37:18",
        "write a whole number and a unit: 5d, 12h, 30m or 45s",
    ),
    (
        "decide_within: 2d",
        "decide_within: 2 d",
        "37:18",
        "write a whole number and a unit: 5d, 12h, 30m or 45s",
    ),
]
"""What is replaced in a whole file, by what, where that is told, and how it begins."""


MISTAKES += [
    ("    say: Ask for facts.", "    say: “Ask: now”", "14:14", "there is a colon too many"),
    ("    say: Ask for facts.", "    say: “Ask: now”", "14:14", "the quotation marks here are curly"),
    (
        "caveats_inline: false",
        "caveats_inline: false\ngate: use",
        "31:1",
        "it belongs within `review`: begin its line further in",
    ),
    ("  gate: release", "  gate: release\n  stage: scan", "33:3", "begin its line in the first column"),
]


@pytest.mark.parametrize(("before", "after", "place", "told"), MISTAKES, ids=lambda text: ascii(text)[1:30])
def test_a_mistake_of_form_is_told_where_it_is(
    folder: Folder, before: str, after: str, place: str, told: str
) -> None:
    assert before in WHOLE
    folder.write(WHOLE.replace(before, after, 1), "whole.yaml")
    found = read(folder)
    assert set(found.policies) == {"plain"}
    first = found.problems[0]
    assert f"{first.line}:{first.column}" == place
    assert told in first.message
    check_words(found)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("host: 127.0.0.1\nport:\t80", ":2:6 this is not YAML: there is a tab here"),
        ("host: 'here\nport: 80\n", ":1:7 this is not YAML: this quote is opened and never closed"),
        ("host: [here\nport: 80\n", ":1:7 this is not YAML: this list is not closed with ]"),
        ("host here\nport: 80\n", ":2:5 this is not YAML: this line is read as going on from the one before"),
        (
            "host: here\x07\n",
            ":1:11 this is not YAML: there is a character that YAML does not allow (U+0007)",
        ),
    ],
)
def test_settings_are_told_the_same(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "countersign.yaml"
    file.write_text(text)
    with pytest.raises(SettingsInvalid) as raised:
        load_settings(file)
    assert told in str(raised.value)


def test_a_section_without_fields_is_told_where_they_go(folder: Folder) -> None:
    problems = folder.problems(POLICY + "review:\ngate: use\n")
    assert [(one.line, one.field, one.message.partition(":")[0]) for one in problems] == [
        (9, "review", "is empty; write its fields on the lines below it, further in, or leave it out"),
        (10, "gate", "there is no such field here; it belongs within `review`"),
    ]
