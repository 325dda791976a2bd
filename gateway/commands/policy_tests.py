"""What `countersign policy test` tells: of rules by example, and in JUnit's XML."""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from gateway.evidence import shipped_model
from gateway.policy import AnswerFacts, ExampleResult, LikenessCondition, Policy, PolicySet, request_facts


def likenesses_told(policy: Policy, policies: PolicySet) -> Iterator[str]:
    """Of each rule by example: its threshold, how many of its own examples it catches without having seen them, and
    which of the examples of all policies it would catch.
    """
    model = shipped_model()
    if model is None and policy.likenesses:
        yield f"{policy.id}: the sentence model is not installed, so its rules by example count as true"
        return
    for name, rule in policy.likenesses.items():
        learnt = rule.learnt(model)
        likes = [caught for text, caught in learnt.caught.items() if text in rule.like]
        others = [caught for text, caught in learnt.caught.items() if text not in rule.like]
        yield (
            f"{policy.id}: {name}: threshold {learnt.threshold:.2f}; unseen, it catches {sum(likes)} of {len(likes)}"
            f" that are like it and {sum(others)} of {len(others)} that are not"
        )
        for text, caught in learnt.caught.items():
            if caught != (text in rule.like):
                yield f"    {'misses' if text in rule.like else 'catches'}: {text}"
        for of, example, caught in _caught(rule, policies):
            if caught:
                yield f"    would catch the example: {of}: {example}"


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
