"""Changed policies come into force where they are usable; the old ones stay in force where they are not."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gateway.policy.plain_data import KnownNames
from gateway.policy.policy import Policy, PolicySet
from gateway.policy.policy_errors import PolicyProblem
from gateway.policy.policy_loading import read_folders

Accept = Callable[[Policy], Sequence[PolicyProblem]]


@dataclass(frozen=True)
class Reloaded:
    """What is in force after a reload, and what changed: ids, and all that stands in the way of the rest."""

    policies: PolicySet
    problems: tuple[PolicyProblem, ...]
    loaded: tuple[str, ...]
    """New or changed."""
    refused: tuple[str, ...]
    """Changed, but not usable: the old one, if there is one, stays in force."""
    missing: tuple[str, ...]
    """In force, and without a file here: they stay in force until somebody retires them by their id."""
    waiting: tuple[str, ...] = ()
    """Usable, and waiting for more people to agree."""
    retired: tuple[str, ...] = ()
    """Of `loaded`, those that somebody retired: they stay so unless an admin chooses otherwise."""

    def only(self, in_force: PolicySet, loaded: Collection[str], left: Collection[str]) -> "Reloaded":
        """What is in force where only these changes are; `left`: what stays retired."""
        now = {policy.id: policy for policy in in_force}
        now |= {policy.id: policy for policy in self.policies if policy.id in loaded}
        return replace(
            self,
            policies=PolicySet(now.values()),
            loaded=tuple(name for name in self.loaded if name in loaded),
            waiting=tuple(name for name in self.loaded if name not in loaded and name not in left),
            retired=tuple(name for name in self.retired if name in left),
        )


def reload_policies(
    current: PolicySet,
    policies: Path,
    prompts: Path,
    known: KnownNames | None = None,
    *,
    accept: Accept = lambda _: (),
) -> Reloaded:
    """The folder's policies where they are usable, the current ones where they are not.

    `accept` has the last word on a changed policy: the problems that it returns, such as examples that fail,
    refuse it. A policy whose file is gone stays in force: a renamed or a lost file retires nothing.
    """
    found = read_folders(policies, prompts, known)
    old = {policy.id: policy for policy in current}
    new = {name: policy for name, policy in found.policies.items() if not _same(old.get(name), policy)}
    objections = {name: tuple(accept(policy)) for name, policy in new.items()}
    kept = {name: policy for name, policy in found.policies.items() if not objections.get(name)}
    return Reloaded(
        policies=PolicySet({**old, **kept}.values()),
        problems=(*found.problems, *(problem for problems in objections.values() for problem in problems)),
        loaded=tuple(sorted(set(new) & set(kept))),
        refused=tuple(sorted(found.names - set(kept))),
        missing=tuple(name for name in old if name not in found.names),
    )


def _same(old: Policy | None, new: Policy) -> bool:
    return old is not None and old.version == new.version
