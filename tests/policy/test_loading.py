"""Every problem of every file, each with its file, line, column, field and remedy."""

from datetime import timedelta

import pytest

from gateway.policy import KnownNames, PolicyInvalid, load_policies, read_folders
from tests.policy.conftest import POLICY, PROMPT, Folder


def test_what_a_file_does_not_say_has_the_documented_defaults(folder: Folder) -> None:
    policy = folder.policy()
    assert (policy.review.gate, policy.review.deciders, policy.review.max_overdue) == ("release", 1, 0)
    assert (policy.review.not_the_requester, policy.review.view_first) == (True, False)
    assert (policy.review.reason.accept, policy.review.reason.reject) == ("optional", "required")
    assert policy.review.decide_within == timedelta(days=5)
    assert (policy.retention.content, policy.retention.pseudonyms) == (timedelta(days=90), timedelta(days=30))
    assert policy.redaction.keep == ()
    assert policy.caveats_inline is False


def test_the_whole_format_of_the_design_loads(folder: Folder) -> None:
    policy = folder.policy(
        """
refuse: [{id: no, when: 'request.text.matches("(?i)what sentence")', say: Not here.}]
redaction: {keep: [Theft Act 1968]}
caveats:
  - {id: always, say: Check., confirm: true}
  - {id: sometimes, say: Dates., when: '"DATE_TIME" in answer.entities'}
caveats_inline: true
review:
  gate: use
  deciders: 2
  not_the_requester: false
  view_first: true
  reason: {accept: required, reject: none}
  signature: none
  decide_within: 12h
  max_overdue: 3
retention: {content: 30m, pseudonyms: 30d}
limits: {requests_per_minute: 6, tokens_per_day: 2_000}
examples:
  - {name: one, request: {messages: []}, expect: {outcome: admitted, leaves: [x], caveats: [always]}}
"""
    )
    assert policy.review.decide_within == timedelta(hours=12)
    assert policy.limits.tokens_per_day == 2000
    assert policy.caveats[0].confirm is True


@pytest.mark.parametrize(
    ("line", "replacement", "where", "says"),
    [
        ("stage: scan", "stage: never", (5, 8, "stage"), "must be 'scan', 'pilot' or 'scale'"),
        ("owner: Tests\n", "", (1, 1, "owner"), "is missing; add it"),
        ("owner: Tests", "ownr: Tests", (4, 1, "ownr"), "did you mean owner?"),
        ("title: Plain", "title: [a]", (2, 8, "title"), "must be text"),
        ("title: Plain", "title: 7", (2, 8, "title"), "must be text"),
        ("id: plain", "id: other", (1, 5, "id"), "must be the file's name, plain"),
        ("id: plain", "id: Plain Name", (1, 5, "id"), "small letters, digits and hyphens"),
        ("models: [default]", "models: [default, best]", (7, 19, "models[1]"), "it has: default"),
        ("models: [default]", "models: []", (7, 9, "models"), "needs 1 or more entries"),
        ("prompt: plain", "prompt: none-such", (8, 9, "prompt"), "prompts/none-such.md is not there"),
        (
            "applications: [casebook]",
            "applications: casebook",
            (6, 15, "applications"),
            "must be a list",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_place(
    folder: Folder, line: str, replacement: str, where: tuple[int, int, str], says: str
) -> None:
    problems = folder.problems(POLICY.replace(line, replacement))
    found = [problem for problem in problems if (problem.line, problem.column, problem.field) == where]
    assert found, problems
    assert says in found[0].message
    assert found[0].file.endswith("plain.yaml")


@pytest.mark.parametrize(
    ("more", "where", "says"),
    [
        ("review: {decide_within: 5 days}", (9, 25, "review.decide_within"), "a whole number and a unit"),
        ("review: {decide_within: 5}", (9, 25, "review.decide_within"), "a whole number and a unit"),
        ("review: {decide_within: 0d}", (9, 25, "review.decide_within"), "a whole number and a unit"),
        ("retention: {content: 5w}", (9, 22, "retention.content"), "a whole number and a unit"),
        ("review: {deciders: 3}", (9, 20, "review.deciders"), "must be 1 or 2"),
        ("review: {gate: open}", (9, 16, "review.gate"), "must be 'release' or 'use'"),
        ("review: {veiw_first: true}", (9, 10, "review.veiw_first"), "did you mean view_first?"),
        ("review: {view_first: yes}", (9, 22, "review.view_first"), "must be true or false"),
        ("review: use", (9, 9, "review"), "must be a group of fields"),
        (
            "limits: {requests_per_minute: 0}",
            (9, 31, "limits.requests_per_minute"),
            "must be 1 or more",
        ),
        ("caveats: [{id: a, say: x}, {id: a, say: y}]", (9, 33, "caveats[1].id"), "there twice"),
        ("refuse: [{id: a, when: 'true', sya: x}]", (9, 32, "refuse[0].sya"), "did you mean say?"),
        ("refuse: [{id: a, when: 'true'}]", (9, 10, "refuse[0].say"), "is missing"),
    ],
)
def test_a_wrong_part_is_named_with_its_place(
    folder: Folder, more: str, where: tuple[int, int, str], says: str
) -> None:
    problems = folder.problems(POLICY + more)
    found = [problem for problem in problems if (problem.line, problem.column, problem.field) == where]
    assert found, problems
    assert says in found[0].message


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ('request.txet == "a"', "there is no `request.txet`; did you mean request.text? (character 9)"),
        ('size(request.text) == "x"', "`==` does not go with a whole number and text"),
        ("request.text", "it is not true or false"),
        ("request.text.contains(", "this is no expression"),
        ('request.text.matches("(")', "of `matches` can't be read"),
        ('answer.text == "a"', "a refusal comes before the answer"),
        ('request.entities[0] == "PERSON"', "fails on an empty request: it takes an entry of a list"),
        ('size(request.text) > 3 && request.text.matches("(")', "of `matches` can't be read"),
        (
            "request.entities.all(a, request.entities.all(b, request.entities.all(c, a == b)))",
            "takes too long",
        ),
        ("1 / request.messages_count == 1", "it divides by something that may be 0"),
    ],
)
def test_a_condition_that_can_not_work_is_found_at_load(folder: Folder, expression: str, says: str) -> None:
    text = f"{POLICY}refuse:\n  - id: a\n    say: x\n    when: '{expression}'\n"
    (problem,) = folder.problems(text)
    assert (problem.line, problem.column, problem.field) == (12, 11, "refuse[0].when")
    assert says in problem.message


def test_all_problems_of_all_files_are_told_at_once(folder: Folder) -> None:
    folder.write("id: second\nrefuse: [{id: a, when: 'request.txet', say: 7}]\n", "second.yaml")
    folder.write("id: [", "third.yaml")
    folder.write(POLICY, "fourth.yml")
    folder.write_prompt("no front matter", "bad.md")
    problems = folder.problems(POLICY.replace("stage: scan", "stage: x\nstag: y"))
    assert {(problem.file.rpartition("/")[2], problem.field) for problem in problems} >= {
        ("plain.yaml", "stage"),
        ("plain.yaml", "stag"),
        ("second.yaml", "title"),
        ("second.yaml", "refuse[0].when"),
        ("second.yaml", "refuse[0].say"),
        ("third.yaml", ""),
        ("fourth.yml", ""),
        ("bad.md", ""),
    }


def test_a_problem_reads_like_a_compilers(folder: Folder) -> None:
    (problem,) = folder.problems(POLICY.replace("stage: scan", "stage: x"))
    assert str(problem).endswith("plain.yaml:5:8 stage: must be 'scan', 'pilot' or 'scale'")


def test_without_known_models_their_names_are_not_checked(folder: Folder) -> None:
    folder.write(POLICY.replace("[default]", "[anything]"))
    assert len(load_policies(folder.policies, folder.prompts)) == 1


@pytest.mark.parametrize(
    ("prompt", "says"),
    [
        ("Be plain.", "write YAML between two lines of ---"),
        ("---\nid: plain\ntitle: Plain\n---\n \n", "the prompt is empty; write it below"),
        ("---\nid: plain\ntitle: Plain\n---", "the prompt is empty; write it below"),
        (PROMPT.replace("id: plain", "id: other"), "must be the file's name, plain"),
        (PROMPT.replace("title: Plain", "titel: Plain"), "did you mean title?"),
    ],
)
def test_a_wrong_prompt_is_told_once_at_its_own_place(folder: Folder, prompt: str, says: str) -> None:
    folder.write_prompt(prompt)
    problems = folder.problems()
    assert any(says in problem.message and problem.file.endswith("plain.md") for problem in problems)
    assert any("prompts/plain.md can't be used" in problem.message for problem in problems)


def test_lines_of_a_prompts_front_matter_count_from_the_files_start(folder: Folder) -> None:
    folder.write_prompt(PROMPT.replace("title: Plain", "titel: Plain"))
    assert any((p.line, p.column, p.field) == (3, 1, "titel") for p in folder.problems())


def test_a_file_that_can_not_be_read_is_told_and_nothing_else_is_lost(folder: Folder) -> None:
    (folder.policies / "plain.yaml").unlink()
    (folder.policies / "plain.yaml").mkdir()
    assert any("is no file: put a file in its place" in problem.message for problem in folder.problems())


def test_empty_folders_are_a_problem_and_not_an_empty_set(folder: Folder) -> None:
    (folder.policies / "plain.yaml").unlink()
    assert any("no file here that ends in .yaml" in problem.message for problem in folder.problems())


@pytest.mark.parametrize(
    ("redaction", "field", "says"),
    [
        (
            "{added: refuse, refuse_added: [PERSON, PERSONS]}",
            "redaction.refuse_added[1]",
            "did you mean PERSON?",
        ),
        ("{refuse_added: [PERSON]}", "redaction.refuse_added", "goes with `added: refuse` only"),
        ("{added: drop}", "redaction.added", "must be 'mark', 'mask' or 'refuse'"),
    ],
)
def test_types_refused_in_answers_are_checked_for_misspelling(
    folder: Folder, redaction: str, field: str, says: str
) -> None:
    folder.write(f"{POLICY}redaction: {redaction}\n")
    with pytest.raises(PolicyInvalid) as caught:
        load_policies(folder.policies, folder.prompts, KnownNames(entities=["PERSON", "UK_NHS"]))
    (problem,) = caught.value.problems
    assert problem.field == field
    assert says in str(problem)


@pytest.mark.parametrize(
    ("more", "place", "says"),
    [
        (
            "refuse: [{id: a, say: x, like: [Grant it.], unlike: ['grant  IT.']}]\n",
            (9, 54),
            "refuse[0].unlike[0]: stands under `like` as well",
        ),
        (
            "caveats: [{id: a, say: x, when_like: [It is so.], when_unlike: [Is it?, it is so.]}]\n",
            (9, 73),
            "caveats[0].when_unlike[1]: stands under `when_like` as well",
        ),
        (
            "examples: [{name: a, request: {}, expect: {leaves: [Ann], never_leaves: [Ann]}}]\n",
            (9, 74),
            "expect.never_leaves[0]: stands under `leaves` as well",
        ),
        ("refuse: [{id: a, say: x, when: 'answer.text == \"\"'}]\n", (9, 32), "knows `request` only"),
        (
            "refuse:\n  - id: a\n    say: x\n    when: 'true'\n    id: b\n",
            (13, 5),
            "id is there twice; leave one out, or is a hyphen missing before it?",
        ),
        ("residency: uk\n", (9, 12), "such as UK or EU; did you mean UK?"),
        (
            "caveats: [{id: A_b, say: x}]\nexamples: [{name: a, request: {}, expect: {caveats: [A-b]}}]\n",
            (9, 16),
            "must be a name",
        ),
    ],
)
def test_what_contradicts_itself_is_told_once_where_it_stands(
    folder: Folder, more: str, place: tuple[int, int], says: str
) -> None:
    first, *others = folder.problems(POLICY + more)
    assert (first.line, first.column) == place
    assert says in str(first)
    assert not any("did you mean A_b" in str(one) for one in others)
    assert len([one for one in (first, *others) if one.line == first.line]) == 1


def test_a_prompts_name_with_its_ending_is_told_once(folder: Folder) -> None:
    (problem,) = folder.problems(POLICY.replace("prompt: plain", "prompt: plain.md"))
    assert problem.message == "must be a name, without .md at its end"


def test_a_file_whose_name_is_no_id_is_to_be_renamed(folder: Folder) -> None:
    folder.write(POLICY.replace("id: plain", "id: other"), "Other_one.yaml")
    (problem,) = folder.problems()
    assert problem.message == "the file's name can't be an id; rename it to other.yaml"


def test_a_sentence_that_a_comment_may_have_cut_is_worth_a_note(folder: Folder) -> None:
    folder.write(
        POLICY.replace("title: Plain", "title: Plain # 1").replace("stage: scan", "stage: scan # at first")
        + "# alone\nretention: {content: 90d # long\n  }\ncaveats:\n  - id: a # first\n    say: See note # 4.\n"
    )
    found = read_folders(folder.policies, folder.prompts, KnownNames(("default",)))
    assert not found.problems
    assert [(one.line, one.column, one.field) for one in found.notes] == [
        (2, 14, "title"),
        (14, 19, "caveats[0].say"),
    ]
    assert "put the text in quotation marks" in found.notes[0].message
