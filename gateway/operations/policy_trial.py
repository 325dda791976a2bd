"""A changed policy tried before it counts: its examples through the real redaction, and what it needs around it."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from gateway.evidence import shipped_model
from gateway.policy import (
    ExampleResult,
    InspectedAnswer,
    Policy,
    PolicyProblem,
    place_of,
    run_examples,
)
from gateway.redaction import Inspection, RedactedRequest, Redactor


def try_examples(policy: Policy, redactor: Redactor) -> list[ExampleResult]:
    """A policy's examples through the real redaction."""

    def redact(request: Mapping[str, Any]) -> RedactedRequest:
        return redactor.redact(
            request,
            keep=policy.redaction.keep,
            scripts=policy.redaction.scripts,
            also=policy.redaction.redact,
            tools=policy.declared_tools,
        )

    def inspect(answer: str, redacted: Any) -> InspectedAnswer:
        message = {"role": "assistant", "content": answer}
        completion = {"choices": [{"index": 0, "message": message}]}
        inspector = redactor.inspector(redacted, prompt=policy.prompt_text, keep=policy.redaction.keep)
        inspection: Inspection = inspector.inspect(completion)
        return inspection

    return run_examples(policy, redact=redact, inspect=inspect, embed=shipped_model())


class PolicyTrial:
    """Finds what stands in the way of a changed policy."""

    def __init__(
        self, folder: Path, redactor: Redactor, with_checks: Collection[str], *, can_sign: bool
    ) -> None:
        """`with_checks`: the policies that there are seeded checks for; `can_sign`: whether browsers know passkeys at
        this address.
        """
        self._folder = folder
        self.redactor = redactor
        self._with_checks = with_checks
        self._can_sign = can_sign

    def objections(self, policy: Policy) -> list[PolicyProblem]:
        """Every problem, at its place in the policy's file; none if it can be put in force."""
        path = self._folder / f"{policy.id}.yaml"
        found: list[PolicyProblem] = []
        steps: tuple[str | int, ...]
        if policy.review.check_one_in is not None and policy.id not in self._with_checks:
            steps = ("review", "check_one_in")
            what = "there is no check for it; write one in the folder of the setting `checks`, then restart"
            found.append(PolicyProblem(str(path), *place_of(path, steps), "review.check_one_in", what))
        if policy.review.signature == "passkey" and not self._can_sign:
            steps = ("review", "signature")
            what = (
                "browsers know no passkeys at this address; set base_url to https:// and a name, then restart"
            )
            found.append(PolicyProblem(str(path), *place_of(path, steps), "review.signature", what))
        for index, result in enumerate(try_examples(policy, self.redactor)):
            place = (0, 0) if result.passed else place_of(path, ("examples", index))
            found += [
                PolicyProblem(str(path), *place, f"examples.{result.name}", failure)
                for failure in result.failures
            ]
        return found
