"""Which policies a gateway starts with: those of its files, but for what only people may change.

A start is nobody's decision. A change that would weaken a safeguard waits for its admins. Until then the version last
in force stays, by its stored text. The same holds for a policy whose file is gone or broken. Only a new log takes all
files as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from audit import now_text
from gateway.evidence import shipped_model
from gateway.operations.policy_evidence import evidence_for
from gateway.operations.policy_versions import RETIRED, PolicyVersion, kept_policy, versions_on_record
from gateway.policy import (
    Approval,
    Found,
    Models,
    Policy,
    PolicyInvalid,
    PolicyProblem,
    PolicySet,
    can_serve,
    weakened,
)
from gateway.storage import Connection

_NO_RECORD: Final = (
    "a new log shows nothing of what `scale` asks for; begin with `stage: pilot`, and move it to scale once people have"
    " decided"
)


@dataclass(frozen=True)
class StartingPolicies:
    """The policies in force from the start, and the files that are not."""

    policies: PolicySet
    problems: tuple[PolicyProblem, ...] = ()
    waiting: tuple[str, ...] = ()
    """Changed or retired before: an admin puts them in force."""
    missing: tuple[str, ...] = ()
    """In force without a file here."""
    unserved: tuple[str, ...] = ()
    """In force on record, but a model that it names is no longer in the settings, or no longer declares the policy's
    residency: nobody can ask under it."""


def starting_policies(
    connection: Connection, files: Found, *, models: Models, approval: Approval
) -> StartingPolicies:
    """Choose; raises PolicyInvalid where a broken file leaves nothing to go on with."""
    on_record = versions_on_record(connection)
    if not on_record:
        early = [name for name, new_policy in files.policies.items() if new_policy.scale is not None]
        problems = [
            *files.problems,
            *(PolicyProblem(f"policy {name}", 1, 1, "stage", _NO_RECORD) for name in early),
        ]
        if problems:
            raise PolicyInvalid(problems)
        return StartingPolicies(PolicySet(files.policies.values()))
    start = _Start(connection, on_record, models, approval)
    for name, policy in files.policies.items():
        start.choose(name, policy)
    for name, known in on_record.items():
        if known.version != RETIRED and name not in files.policies and not start.keep(name, known):
            if name in files.names:
                raise PolicyInvalid(files.problems)
            start.missing.add(name)
    if not start.policies and files.problems:
        raise PolicyInvalid(files.problems)
    return StartingPolicies(
        PolicySet(start.policies.values()),
        tuple(files.problems),
        tuple(sorted(start.waiting)),
        tuple(sorted({*start.missing, *(set(start.policies) - files.names)})),
        tuple(sorted(start.unserved)),
    )


class _Start:
    def __init__(
        self,
        connection: Connection,
        on_record: Mapping[str, PolicyVersion],
        models: Models,
        approval: Approval,
    ) -> None:
        self._connection = connection
        self._on_record = on_record
        self._models = models
        self._approval = approval
        self.policies: dict[str, Policy] = {}
        self.waiting: set[str] = set()
        self.missing: set[str] = set()
        self.unserved: set[str] = set()

    def choose(self, name: str, policy: Policy) -> None:
        """The file, or what was last in force where the file's change takes people."""
        known = self._on_record.get(name)
        if known is not None and known.version == RETIRED:
            self.waiting.add(name)
            return
        before = None if known is None else kept_policy(self._connection, known)
        if known is not None and before is None:  # from before words were kept: there is nothing to compare
            self.policies[name] = policy
            return
        same = before is not None and before.version == policy.version
        loosens = before is not None and weakened(before, policy)
        needed = self._approval.loosening if loosens else self._approval.other
        if same or (needed == 1 and self._is_shown(policy)):
            self.policies[name] = policy
            return
        self.waiting.add(name)
        if before is not None:
            self._serve(name, before)

    def _is_shown(self, policy: Policy) -> bool:
        """Whether the record shows what a policy at the stage scale asks for."""
        return all(requirement.met for requirement in evidence_for(self._connection, policy, now_text()))

    def keep(self, name: str, known: PolicyVersion) -> bool:
        """Keep the version last in force, without a usable file; false if its text is not stored."""
        before = kept_policy(self._connection, known)
        if before is not None:
            self._serve(name, before)
        return before is not None

    def _serve(self, name: str, policy: Policy) -> None:
        if can_serve(policy, self._models):
            self.policies[name] = policy
        else:
            self.unserved.add(name)


def learn_examples(policies: PolicySet) -> None:
    """What rules learn from examples is learnt before the first request, which would have to wait for it."""
    model = shipped_model()
    for policy in policies if model is not None else ():
        for rule in policy.likenesses.values():
            rule.learnt(model)
