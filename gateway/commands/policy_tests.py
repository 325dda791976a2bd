"""`countersign policy test`: a policy's examples, what its rules by example catch, and JUnit's XML."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final
from xml.etree import ElementTree

import typer

from gateway.commands.policy_check import Policies, Prompts
from gateway.evidence import shipped_model
from gateway.operations import try_examples
from gateway.policy import AnswerFacts, ExampleResult, LikenessCondition, Policy, PolicySet, request_facts
from gateway.redaction import Redactor
from gateway.settings import SettingsInvalid, load_settings
from gateway.startup.configured_policies import read_policies

_LISTS: Final[Mapping[str, tuple[str, str]]] = {
    "refuse": ("like", "unlike"),
    "caveats": ("when_like", "when_unlike"),
}
"""What the examples of a rule are called, by where it stands."""


def run_all_examples(
    policy: Annotated[str | None, typer.Argument(help="one policy's id; default: all of them")] = None,
    policies: Policies = None,
    prompts: Prompts = None,
    junit: Annotated[Path | None, typer.Option(help="a file for the outcome in JUnit's XML")] = None,
) -> None:
    """Run the policies' examples through the real redaction, and show what rules by example catch.

    The last line says whether they passed. Exits with 0 if they did, with 1 if one failed, with 2 if a file has a
    mistake. What rules by example catch beside that is for you to judge, and changes neither. An example's `answer` is
    a recorded answer of a model, to try caveats on.
    """
    settings = load_settings(policies=policies, prompts=prompts)
    found = read_policies(settings)
    chosen = [one for one in found if policy in (None, one.id)]
    if not chosen:
        near = difflib.get_close_matches(policy or "", found.ids, 1)
        raise SettingsInvalid(f"there is no policy {policy}" + (f"; did you mean {near[0]}?" if near else ""))
    redactor = Redactor.load(settings.redaction)
    results = {one.id: try_examples(one, redactor) for one in chosen}
    for one in chosen:
        for line in likenesses_told(one, found):
            typer.echo(line)
    for name, some in results.items():
        _print_results(name, some)
    if junit is not None:
        junit.write_text(junit_report(results), "utf-8")
    outcomes = [result.passed for some in results.values() for result in some]
    typer.echo(verdict(outcomes, [one.id for one in chosen]))
    raise typer.Exit(0 if all(outcomes) else 1)


def verdict(outcomes: Sequence[bool], policies: Sequence[str]) -> str:
    """Whether all examples of the policies passed, and how many there are."""
    of = policies[0] if len(policies) == 1 else f"{len(policies)} policies"
    failed = outcomes.count(False)
    many = f"{len(outcomes)} {'example' if len(outcomes) == 1 else 'examples'} of {of}"
    if failed:
        return f"Failed: {failed} of {many}."
    return f"Passed: {many}." if outcomes else f"Nothing was tried: there is no example of {of}."


def likenesses_told(policy: Policy, policies: PolicySet) -> Iterator[str]:
    """Of each rule by example: which of its own examples it would get wrong if it had not learnt from them, and which
    of the examples of all policies it catches.
    """
    model = shipped_model()
    if model is None and policy.likenesses:
        yield f"{policy.id}: the sentence model is not installed, so each rule by example refuses everything"
        return
    for name, rule in policy.likenesses.items():
        like, unlike = _LISTS[name.partition(".")[0]]
        learnt = rule.learnt(model)
        likes = [caught for text, caught in learnt.caught.items() if text in rule.like]
        others = [caught for text, caught in learnt.caught.items() if text not in rule.like]
        yield f"{policy.id}: {name}, a rule by example"
        yield (
            f"    Each of its own examples as if it had not learnt that one: caught are {sum(likes)} of {len(likes)}"
            f" under `{like}`, and {sum(others)} of {len(others)} under `{unlike}`. (A sentence is caught from a score"
            f" of {learnt.threshold:.2f} on; those under `{like}` score about 1, others about -1.)"
        )
        for text, caught in learnt.caught.items():
            if caught != (text in rule.like):
                yield f"    {f'under `{unlike}`, and caught' if caught else f'under `{like}`, and not caught'}: {text}"
        caught_of = _caught(rule, policies)
        for of, names in caught_of.items():
            yield f"    It catches of the examples of {of}: {'; '.join(names)}"
        if not caught_of:
            yield "    It catches no example of any policy."
    if policy.likenesses:
        yield "    Too many are wrong? Add more examples, in other words, to the list that they belong to."


def junit_report(results: Mapping[str, Sequence[ExampleResult]]) -> str:
    """One suite a policy, one case an example."""
    suites = ElementTree.Element("testsuites", name="countersign policy test")
    for policy, some in results.items():
        failures = sum(not one.passed for one in some)
        suite = ElementTree.SubElement(
            suites, "testsuite", name=policy, tests=str(len(some)), failures=str(failures)
        )
        for one in some:
            case = ElementTree.SubElement(suite, "testcase", classname=policy, name=one.name)
            if not one.passed:
                ElementTree.SubElement(case, "failure", message=one.failures[0]).text = "\n".join(
                    one.failures
                )
    return ElementTree.tostring(suites, "unicode", xml_declaration=True) + "\n"


def _caught(rule: LikenessCondition, policies: PolicySet) -> Mapping[str, list[str]]:
    """The names of the examples that the rule catches, by their policy."""
    found: dict[str, list[str]] = {}
    for policy in policies:
        for example in policy.examples:
            facts = request_facts(example.request, embed=shipped_model())
            if rule.holds(facts, AnswerFacts(example.answer or "")):
                found.setdefault(policy.id, []).append(example.name)
    return found


def _print_results(policy: str, results: Sequence[ExampleResult]) -> None:
    for result in results:
        typer.echo(f"{'passed' if result.passed else 'FAILED'}  {policy}: {result.name}")
        for failure in result.failures:
            typer.echo(f"          {failure}")
