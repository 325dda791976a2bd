"""A policy's own examples, run against the real redaction, which is passed in: parts don't import each
other.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from gateway.policy.conditions import AnswerFacts, RequestFacts, request_facts
from gateway.policy.field_types import OPTIONAL
from gateway.policy.policy import EVERY_APPLICATION, Policy
from gateway.policy.schema import Example, Expected
from gateway.policy.vectors import Embeds


class RedactedExample(Protocol):
    """What the redaction made of an example's request."""

    @property
    def request(self) -> Mapping[str, Any]:
        """As it would be sent."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Type of entity -> how many were found."""


class InspectedAnswer(Protocol):
    """What the inspection found in an example's answer: types of entities."""

    @property
    def entities(self) -> Collection[str]:
        """All that are in it."""

    @property
    def added(self) -> Collection[str]:
        """Those that the request did not have."""


Redact = Callable[[Mapping[str, Any]], RedactedExample]
Inspect = Callable[[str, RedactedExample], InspectedAnswer]


@dataclass(frozen=True)
class ExampleResult:
    """One example; `failures` say what was expected and is not so. Examples are made up, so their text
    may be told.
    """

    name: str
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.failures


def run_examples(
    policy: Policy, *, redact: Redact, inspect: Inspect, embed: Embeds | None = None
) -> list[ExampleResult]:
    """Every example of `policy`, in the file's order. What `redact` raises counts as a failure of its
    example; `embed` compares sentences.
    """
    return [
        ExampleResult(example.name, tuple(_failures(policy, example, redact, inspect, embed)))
        for example in policy.examples
    ]


def _failures(
    policy: Policy, example: Example, redact: Redact, inspect: Inspect, embed: Embeds | None
) -> Iterator[str]:
    try:
        redacted = redact(example.request)
    except Exception:  # noqa: BLE001 - the redaction is passed in; whatever it refuses, the example fails
        yield "the request can't be redacted; write it as for /v1/chat/completions"
        return
    facts = request_facts(example.request, tuple(redacted.counts), _application(policy), embed)
    yield from _outcome(policy, example.expect, facts)
    if example.expect.outcome == "admitted":
        yield from _redaction(policy, example.expect, redacted)
        yield from _caveats(policy, example, facts, redacted, inspect)


def _application(policy: Policy) -> str:
    first = policy.applications[0]
    return "" if first == EVERY_APPLICATION else first


def _outcome(policy: Policy, expect: Expected, facts: RequestFacts) -> Iterator[str]:
    refusal = policy.refusal(facts)
    if refusal is None and expect.outcome == "refused":
        yield "expected to be refused, but it is admitted"
    if refusal is not None and expect.outcome == "admitted":
        yield f"expected to be admitted, but {refusal.id} refuses it"
    if refusal is not None and expect.refused_by not in (None, refusal.id):
        yield f"expected to be refused by {expect.refused_by}, but {refusal.id} refuses it"


def _redaction(policy: Policy, expect: Expected, redacted: RedactedExample) -> Iterator[str]:
    found = {kind for kind, count in redacted.counts.items() if count}
    sent = "\n".join(_strings(redacted.request))
    listed = _listed(tuple(sorted(found)))
    missing = [kind for kind in expect.redacted if kind not in found]
    for kind in missing:
        unasked = kind in OPTIONAL and kind not in policy.redaction.redact
        hint = f"; a policy has to ask for it: `redaction: {{redact: [{kind}]}}`" if unasked else ""
        yield f"{kind} is not redacted; redacted are: {listed}{hint}"
    unwanted = [kind for kind in expect.not_redacted if kind in found]
    yield from (f"{kind} is redacted, but should not be; redacted are: {listed}" for kind in unwanted)
    yield from (f"does not leave, but should: {text}" for text in expect.leaves if text not in sent)
    yield from (f"leaves, but must not: {text}" for text in expect.never_leaves if text in sent)


def _caveats(
    policy: Policy, example: Example, facts: RequestFacts, redacted: RedactedExample, inspect: Inspect
) -> Iterator[str]:
    if example.expect.caveats is None:
        return
    attached = tuple(caveat.id for caveat in policy.caveats_for(facts, _answer(example, redacted, inspect)))
    if attached != example.expect.caveats:
        yield f"expected the caveats {_listed(example.expect.caveats)}, but has {_listed(attached)}"


def _answer(example: Example, redacted: RedactedExample, inspect: Inspect) -> AnswerFacts:
    if example.answer is None:
        return AnswerFacts("")
    inspected = inspect(example.answer, redacted)
    return AnswerFacts(example.answer, tuple(inspected.entities), tuple(inspected.added))


def _listed(ids: tuple[str, ...]) -> str:
    return ", ".join(ids) or "none"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from (str(name), *_strings(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
