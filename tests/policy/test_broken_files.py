"""Over a hundred broken files: each is told in plain words at its place, and nothing else is lost for it."""

import os
import re
from pathlib import Path

import pytest

from gateway.policy import Found, KnownNames, read_folders
from tests.policy.conftest import POLICY, PROMPT, Folder, folder

__all__ = ["folder"]

WHOLE = """\
id: whole
title: Whole
purpose: To break.
owner: Tests
contact: tests@example.org
stage: scan
applications: [casebook]
models: [default]
prompt: plain
prompt_place: before
refuse:
  - id: no-poems
    when: request.text.contains("poem")
    say: Ask for facts.
  - id: no-songs
    like: [Write a song.]
    unlike: [Did she write a song?]
    say: Ask for facts.
redaction:
  redact: [LOCATION]
  keep: [Theft Act 1968]
  scripts: [Greek]
  added: refuse
  refuse_added: [PERSON]
tools: [find_case]
embeddings: {models: [vectors], leaves: false}
caveats:
  - {id: advice, say: This is advice., confirm: true}
  - {id: dates, say: Check dates., when: '"DATE_TIME" in answer.entities'}
caveats_inline: false
review:
  gate: release
  deciders: 1
  reason: {accept: optional, reject: required}
  signature: none
  tools: [send_letter]
  decide_within: 2d
  check_one_in: 50
  max_overdue: 0
alerts:
  - {id: hasty, over: 50, when: decisions.hasty > 0.5, say: Hasty.}
retention: {content: 90d, pseudonyms: 30d}
limits: {requests_per_minute: 60, tokens_per_day: 2000000}
examples:
  - name: one
    request: {messages: [{role: user, content: Hello}]}
    expect: {outcome: admitted, redacted: [PERSON], caveats: [advice]}
  - name: two
    request: {messages: [{role: user, content: A poem}]}
    expect: {outcome: refused, refused_by: no-poems}
"""
CHANGES = [
    line.split(" => ")
    for line in """\
id: whole => id: Whole
id: whole => id: another
id: whole => id: 7
id: whole => id:
id: whole => ID: whole
title: Whole => title: ""
title: Whole => title: [a, b]
title: Whole => title: {a: b}
title: Whole => title: true
title: Whole => titel: Whole
title: Whole => title: 'Whole
title: Whole => title: Whole: part
title: Whole => title: @whole
title: Whole => title: &a Whole
title: Whole => title: !!python/object Whole
title: Whole => title: "\\q"
purpose: To break. => purpose: |x
owner: Tests => owner: Tests\\nowner: Tests
owner: Tests => owner:Tests
owner: Tests => \towner: Tests
stage: scan => stage: Scan
stage: scan => stage: test
stage: scan => stage: [scan]
stage: scan =>
applications: [casebook] => applications: casebook
applications: [casebook] => applications: []
applications: [casebook] => applications: [casebook
applications: [casebook] => applications: ["*", casebook]
applications: [casebook] => applications: [casebook, casebook]
applications: [casebook] => applications: [1]
models: [default] => models: [defualt]
models: [default] => models: [default, default]
models: [default] => models: {default: 1}
models: [default] => models: [null]
models: [default] => model: [default]
prompt: plain => prompt: plian
prompt: plain => prompt: prompts/plain.md
prompt: plain => prompt: [plain]
prompt_place: before => prompt_place: top
id: no-poems => id: no poems
id: no-poems => name: no-poems
id: no-songs => id: no-poems
    say: Ask for facts. => \x20   tell: Ask for facts.
when: request.text.contains("poem") => when: request.txt.contains("poem")
when: request.text.contains("poem") => when: request.text.contain("poem")
when: request.text.contains("poem") => when: request.text.contains(poem)
when: request.text.contains("poem") => when: request.text.contains("poem"
when: request.text.contains("poem") => when: request.text = "poem"
when: request.text.contains("poem") => when: request.text
when: request.text.contains("poem") => when: request.text.matches("(poem")
when: request.text.contains("poem") => when: request.entities[0] == "PERSON"
when: request.text.contains("poem") => when: '"PERSN" in request.entities'
when: request.text.contains("poem") => when: answer.text.contains("poem")
when: request.text.contains("poem") => when: request.messages_count > "3"
when: request.text.contains("poem") => when: request.text.contains("poem") and true
when: request.text.contains("poem") => when: size(request) > 3
when: request.text.contains("poem") => when: 1 / request.messages_count > 0
when: request.text.contains("poem") => when: request.asked.all(a, request.asked.all(b, request.asked.all(c, a == b)))
when: request.text.contains("poem") => when: os.system("ls")
when: request.text.contains("poem") => when: true
when: request.text.contains("poem") => when: ""
like: [Write a song.] => like: Write a song.
like: [Write a song.] => like: []
like: [Write a song.] => likes: [Write a song.]
redact: [LOCATION] => redact: [PLACE]
redact: [LOCATION] => redact: LOCATION
keep: [Theft Act 1968] => keep: Theft Act 1968
keep: [Theft Act 1968] => keep: [1968]
keep: [Theft Act 1968] => keep: [LOCATION]
scripts: [Greek] => scripts: [Greeek]
scripts: [Greek] => scripts: [greek]
added: refuse => added: refused
added: refuse => added: mark
refuse_added: [PERSON] => refuse_added: [PERSONS]
refuse_added: [PERSON] => refuse_added: [person]
tools: [find_case] => tools: [find case]
tools: [find_case] => tools: tools.json
tools: [find_case] => tools: {find_case: 1}
models: [vectors] => models: [vector]
models: [vectors] => models: [default]
leaves: false => leaves: no
caveats: => caveat:
id: advice => id: dates
say: This is advice. => say: ""
confirm: true => confirm: "true"
in answer.entities => in answer.entity
"DATE_TIME" in => "DATETIME" in
caveats_inline: false => caveats_inline: 0
gate: release => gate: relase
gate: release => gate: use
deciders: 1 => deciders: 3
deciders: 1 => deciders: one
deciders: 1 => decider: 1
accept: optional => accept: never
accept: optional, => approve: optional,
signature: none => signature: pass-key
decide_within: 2d => decide_within: 2 days
decide_within: 2d => decide_within: 2
decide_within: 2d => decide_within: 0d
check_one_in: 50 => check_one_in: 1
max_overdue: 0 => max_overdue: -1
over: 50 => over: 5
decisions.hasty > 0.5 => decisions.hasty > 1
decisions.hasty > 0.5 => decision.hasty > 0.5
content: 90d => content: 90
content: 90d => contents: 90d
requests_per_minute: 60 => requests_per_minute: 0
requests_per_minute: 60 => requests_per_minute: 60.5
requests_per_minute: 60 => requests_per_minute: many
tokens_per_day: 2000000 => tokens_per_day: 1
tokens_per_day: 2000000 => tokens_per_hour: 2000000
name: one => name: two
request: {messages: [{role: user, content: Hello}]} => request: Hello
outcome: admitted => outcome: accepted
redacted: [PERSON] => redacted: [PERSN]
caveats: [advice] => caveats: [advise]
refused_by: no-poems => refused_by: no-poem
outcome: refused, => outcome: admitted,
examples: => exampels:
""".splitlines()
]
FORBIDDEN = re.compile(
    r"\^\[|\\d|\{0,|pydantic|Traceback|Error\b|tuple|StrictStr|constrained|NoneType|dict\b|_==_|overload|<input>|"
    r"undeclared|ERROR|Input should|valid (?:string|integer|boolean|list)|type=|loc=|object at 0x|ruamel|yaml\.",
)


def read(folder: Folder) -> Found:
    return read_folders(
        folder.policies,
        folder.prompts,
        KnownNames(("default",), frozenset(["PERSON", "UK_NINO"]), {"vectors": True, "default": False}),
    )


def check_words(found: Found) -> None:
    for problem in found.problems:
        assert not FORBIDDEN.search(problem.message), problem.message
        assert problem.line >= 1
        assert len(problem.message.splitlines()[0]) < 250


def test_the_file_is_whole_before_it_is_broken(folder: Folder) -> None:
    folder.write(WHOLE, "whole.yaml")
    found = read(folder)
    assert [str(one) for one in found.problems] == []
    assert set(found.policies) == {"plain", "whole"}
    assert len(CHANGES) > 115


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=lambda number: CHANGES[number][-1][:40])
def test_each_broken_file_is_told_in_plain_words_and_stops_nothing_else(folder: Folder, number: int) -> None:
    before, after = CHANGES[number][0], CHANGES[number][1] if len(CHANGES[number]) > 1 else ""
    before, after = before.removesuffix(" =>"), after.encode().decode("unicode_escape")
    assert before in WHOLE
    folder.write(WHOLE.replace(before, after, 1), "whole.yaml")
    found = read(folder)
    assert set(found.policies) == {"plain"}
    assert found.problems
    assert all("whole.yaml" in problem.file for problem in found.problems)
    check_words(found)


def test_every_mistake_of_a_file_is_told_at_once(folder: Folder) -> None:
    text = WHOLE
    for before, after in (
        ("stage: scan", "stage: Scan"),
        ("models: [default]", "models: [defualt]"),
        ("prompt: plain", "prompt: plian"),
        ("request.text.contains", "request.txt.contains"),
        ("scripts: [Greek]", "scripts: [Greeek]"),
        ("refused_by: no-poems", "refused_by: no-poem"),
        ("caveats_inline", "caveat_inline"),
    ):
        text = text.replace(before, after, 1)
    folder.write(text, "whole.yaml")
    told = "\n".join(map(str, read(folder).problems))
    for near in ("default?", "plain?", "request.text?", "Greek?", "no-poems?", "caveats_inline?", "scan?"):
        assert f"did you mean {near}" in told


def test_the_mark_stands_under_the_place_of_the_condition(folder: Folder) -> None:
    folder.write(WHOLE.replace("request.text.contains", "request.txt.contains"), "whole.yaml")
    message = read(folder).problems[0].message.splitlines()
    assert message[1].strip() == 'request.txt.contains("poem")'
    assert message[1][message[2].index("^") :].startswith("txt")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("plain.yaml", b"\xef\xbb\xbf" + POLICY.replace("\n", "\r\n").encode(), None),
        ("plain.yaml", POLICY.encode("utf-16"), "not UTF-8"),
        ("plain.yaml", b"", "is empty"),
        ("plain.yaml", b"- a\n- b\n", "must hold fields"),
        ("plain.yaml", b"just words", "must hold fields"),
        ("plain.yaml", b"\x00\x01\x02", "does not allow"),
        ("plain.yaml", POLICY.encode() + b"---\n" + POLICY.encode(), "second document"),
        ("plain.yml", POLICY.encode(), "end in .yaml"),
        ("plain.YAML", POLICY.encode(), "end in .yaml"),
        ("sub/plain.yaml", POLICY.encode(), "a folder that does not count"),
        (".plain.yaml.swp", b"\x00", None),
        ("plain.yaml~", b"\x00", None),
        ("#plain.yaml#", b"\x00", None),
        (".#plain.yaml", b"\x00", None),
        ("notes.txt", b"\x00", None),
    ],
)
def test_encodings_endings_and_what_editors_leave(
    folder: Folder, name: str, content: bytes, told: str | None
) -> None:
    folder.write(POLICY.replace("id: plain", "id: other"), "other.yaml")
    path = folder.policies / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    found = read(folder)
    assert "other" in found.policies
    messages = [problem.message for problem in found.problems]
    assert (told is None and not messages) or any(told in one for one in messages if told)
    check_words(found)


@pytest.mark.parametrize("kind", ["pipe", "loop", "nothing", "folder", "forbidden", "name"])
def test_what_can_not_be_read_is_one_files_problem(folder: Folder, kind: str) -> None:
    path = folder.policies / "whole.yaml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(folder.policies / "other.yaml")
        (folder.policies / "other.yaml").symlink_to(path)
    elif kind == "nothing":
        path.symlink_to(folder.policies / "gone.txt")
    elif kind == "folder":
        path.mkdir()
    elif kind == "forbidden":
        path.write_text(WHOLE)
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("nothing is forbidden to this user")
    else:
        path = Path(os.fsdecode(os.fsencode(folder.policies) + b"/wh\xffle.yaml"))
        path.write_text(WHOLE)
    found = read(folder)
    assert "plain" in found.policies
    assert found.problems
    for problem in found.problems:
        str(problem).encode()
    check_words(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "---\nid: plain\n---\nBe plain.",
        "---\nid: plain\ntitle: [a]\n---\nBe plain.",
        "---\nid: p\n",
        "---\nid: plain\ntitle: Plain\nnot: a field\n---\nBe plain.",
        "---\n: :\n---\nBe plain.",
    ],
)
def test_broken_prompts_are_told_in_plain_words(folder: Folder, text: str) -> None:
    folder.write_prompt(text)
    found = read(folder)
    assert not found.policies
    check_words(found)
    folder.write_prompt("\ufeff" + PROMPT.replace("\n", "\r\n"))
    assert "plain" in read(folder).policies
