"""A change takes effect only where it is usable; what was in force stays so until then."""

from gateway.policy import KnownNames, Policy, PolicyProblem, Reloaded, reload_policies
from tests.policy.conftest import POLICY, PROMPT, Folder

OTHER = POLICY.replace("id: plain", "id: other")


def reload(folder: Folder, current: object) -> Reloaded:
    return reload_policies(current, folder.policies, folder.prompts, KnownNames(("default",)))  # type: ignore[arg-type]  # a PolicySet


def two(folder: Folder) -> object:
    folder.write(OTHER, "other.yaml")
    return folder.load()


def test_nothing_changed_loads_nothing(folder: Folder) -> None:
    result = reload(folder, two(folder))
    assert (result.loaded, result.refused, result.missing, result.problems) == ((), (), (), ())
    assert result.policies.ids == ("other", "plain")


def test_a_usable_change_takes_effect(folder: Folder) -> None:
    current = two(folder)
    folder.write(POLICY.replace("title: Plain", "title: Plainer"))
    result = reload(folder, current)
    assert result.loaded == ("plain",)
    assert result.policies.get("plain").title == "Plainer"  # type: ignore[union-attr]  # it was loaded


def test_a_broken_change_leaves_the_old_one_in_force_and_says_why(folder: Folder) -> None:
    current = two(folder)
    folder.write(POLICY.replace("stage: scan", "stage: x"))
    folder.write(OTHER.replace("title: Plain", "title: Changed"), "other.yaml")
    result = reload(folder, current)
    assert (result.loaded, result.refused) == (("other",), ("plain",))
    assert result.policies.get("plain").stage == "scan"  # type: ignore[union-attr]  # the old one
    assert [problem.field for problem in result.problems] == ["stage"]


def test_a_broken_prompt_leaves_all_that_use_it_as_they_were(folder: Folder) -> None:
    current = two(folder)
    folder.write_prompt("broken")
    result = reload(folder, current)
    assert result.refused == ("other", "plain")
    assert result.policies.get("plain").prompt_text == "Be plain."  # type: ignore[union-attr]  # the old one


def test_a_changed_prompt_changes_all_that_use_it(folder: Folder) -> None:
    current = two(folder)
    folder.write_prompt(PROMPT.replace("Be plain.", "Be brief."))
    assert reload(folder, current).loaded == ("other", "plain")


def test_a_policy_whose_file_is_gone_stays_in_force_and_is_named(folder: Folder) -> None:
    current = two(folder)
    (folder.policies / "other.yaml").unlink()
    result = reload(folder, current)
    assert result.missing == ("other",)
    assert result.policies.ids == ("other", "plain")


def test_an_empty_folder_changes_nothing_and_is_a_problem(folder: Folder) -> None:
    current = two(folder)
    for path in folder.policies.iterdir():
        path.unlink()
    result = reload(folder, current)
    assert result.policies.ids == ("other", "plain")
    assert result.problems


def test_a_new_broken_file_does_not_disturb_the_others(folder: Folder) -> None:
    current = two(folder)
    folder.write("id: third", "third.yaml")
    result = reload(folder, current)
    assert result.refused == ("third",)
    assert result.policies.ids == ("other", "plain")


def test_a_change_whose_examples_fail_is_refused_by_the_caller(folder: Folder) -> None:
    current = two(folder)
    folder.write(POLICY.replace("title: Plain", "title: Plainer"))
    asked: list[str] = []

    def accept(policy: Policy) -> tuple[PolicyProblem, ...]:
        asked.append(policy.id)
        return (PolicyProblem("plain.yaml", 1, 1, "examples[0]", "PERSON is not redacted"),)

    result = reload_policies(
        current,  # type: ignore[arg-type]  # a PolicySet
        folder.policies,
        folder.prompts,
        KnownNames(("default",)),
        accept=accept,
    )
    assert (asked, result.refused) == (["plain"], ("plain",))
    assert result.policies.get("plain").title == "Plain"  # type: ignore[union-attr]  # the old one
    assert result.problems[0].field == "examples[0]"
