"""`countersign policy test`: a policy's examples, what its rules by example catch, and JUnit's XML."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer

from gateway.commands.policy_check import Policies, Prompts
from gateway.evidence import shipped_model
from gateway.operations import try_examples
from gateway.policy import AnswerFacts, ExampleResult, LikenessCondition, Policy, PolicySet, request_facts
from gateway.redaction import Redactor
from gateway.settings import SettingsInvalid, load_settings
from gateway.startup.configured_policies import read_policies


def run_all_examples(
    policy: Annotated[str | None, typer.Argument(help="one policy's id; default: all of them")] = None,
    policies: Policies = None,
    prompts: Prompts = None,
    junit: Annotated[Path | None, typer.Option(help="a file for the outcome in JUnit's XML")] = None,
) -> None:
    """Run the policies' examples through the real redaction, and show what rules by example catch.

    Exits with 1 if one of them fails. An example's `answer` is a recorded answer of a model, to try caveats on.
    """
    settings = load_settings(policies=policies, prompts=prompts)
    found = read_policies(settings)
    chosen = [one for one in found if policy in (None, one.id)]
    if not chosen:
        near = difflib.get_close_matches(policy or "", found.ids, 1)
        raise SettingsInvalid(f"there is no policy {policy}" + (f"; did you mean {near[0]}?" if near else ""))
    redactor = Redactor.load(settings.redaction)
    results = {one.id: try_examples(one, redactor) for one in chosen}
    failed = sum(_print_results(name, some) for name, some in results.items())
    for one in chosen:
        for line in likenesses_told(one, found):
            typer.echo(line)
    if junit is not None:
        junit.write_text(junit_report(results), "utf-8")
    if failed:
        typer.echo(f"{failed} {'example' if failed == 1 else 'examples'} did not come out as expected.")
    else:
        typer.echo("All examples came out as expected.")
    raise typer.Exit(1 if failed else 0)


def likenesses_told(policy: Policy, policies: PolicySet) -> Iterator[str]:
    """Of each rule by example: which of its own examples it would get wrong if it had not learnt from them, and which
    of the examples of all policies it would catch.
    """
    model = shipped_model()
    if model is None and policy.likenesses:
        yield f"{policy.id}: the sentence model is not installed, so each rule by example refuses everything"
        return
    for name, rule in policy.likenesses.items():
        learnt = rule.learnt(model)
        likes = [caught for text, caught in learnt.caught.items() if text in rule.like]
        others = [caught for text, caught in learnt.caught.items() if text not in rule.like]
        yield (
            f"{policy.id}: {name} counts a sentence as like its examples from a score of {learnt.threshold:.2f} on"
            " (examples score about 1, others about -1)"
        )
        yield (
            f"    tried on each of its own examples as if that one were new: {sum(likes)} of {len(likes)} of the list"
            f" `like` are caught, and {sum(others)} of {len(others)} of `unlike`"
        )
        for text, caught in learnt.caught.items():
            wanted = text in rule.like
            if caught != wanted:
                yield f"    {'not caught, as it should be' if wanted else 'caught, as it should not be'}: {text}"
        for of, example, caught in _caught(rule, policies):
            if caught:
                yield f"    catches an example of {of}: {example}"
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


def _caught(rule: LikenessCondition, policies: PolicySet) -> Iterator[tuple[str, str, bool]]:
    for policy in policies:
        for example in policy.examples:
            facts = request_facts(example.request, embed=shipped_model())
            answer = AnswerFacts(example.answer or "")
            yield policy.id, example.name, rule.holds(facts, answer)


def _print_results(policy: str, results: Sequence[ExampleResult]) -> int:
    failed = 0
    for result in results:
        typer.echo(f"{'ok    ' if result.passed else 'FAILED'}  {policy}: {result.name}")
        for failure in result.failures:
            typer.echo(f"          {failure}")
        failed += not result.passed
    return failed
