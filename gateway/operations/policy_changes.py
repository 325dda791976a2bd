"""What would change, how it is classed, and who must agree to it before it is in force.

What weakens a safeguard needs more people than anything else (`policy.approval`), and whoever wrote the file can only
be the first of them. The machine's operator is nobody in particular, so counts as none of them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import bindparam, select

from gateway.errors import GatewayError
from gateway.operations.policy_commits import Commit, authors_among, commits_since
from gateway.operations.policy_files import file_of
from gateway.operations.policy_versions import RETIRED, find_version, kept_policy, versions_on_record
from gateway.policy import Approval, Policy, PolicySet, Reloaded, weakened
from gateway.storage import Connection, Statement, Vault, tables

PERSON: Final = "person:"
RetentionFor = Literal["new", "all"]
"""Advice asked for from then on, or what is kept already as well."""

_approvals = tables.policy_approvals
_approved = Statement(
    select(_approvals).where(_approvals.c.policy == bindparam("policy")).order_by(_approvals.c.event)
)


@dataclass(frozen=True)
class Agreed:
    """That a person agreed to a change."""

    person: str
    change: str
    at: str


@dataclass(frozen=True)
class Change:
    """A policy that would come into force, beside what it replaces."""

    policy: Policy
    before: Policy | None
    """What was last in force; None for a new policy, and where its words were not kept."""
    loosens: tuple[str, ...]
    commits: Mapping[str, Sequence[Commit]]
    """By what the file is to the policy."""
    authors: frozenset[str]
    """Ids of the people who wrote it."""
    needed: int
    approvals: Sequence[Agreed] = ()
    was_retired: bool = False
    """An admin has to want it back: nothing that is nobody in particular does that."""

    @property
    def shortens_retention(self) -> bool:
        """Whether content that is kept now could be erased earlier."""
        if self.before is None:
            return False
        old, new = self.before.retention, self.policy.retention
        return new.content < old.content or new.pseudonyms < old.pseudonyms

    def key(self, retention_for: RetentionFor) -> str:
        """Names exactly this change, so that two people agree to the same."""
        version = "" if self.before is None else self.before.version
        whole = json.dumps([self.policy.id, version, self.policy.version, retention_for])
        return hashlib.sha256(whole.encode()).hexdigest()

    def agreed(self, retention_for: RetentionFor) -> list[str]:
        """Ids of who has agreed to it so far, in that order."""
        return [one.person for one in self.approvals if one.change == self.key(retention_for)]

    def refusal_of(self, person: str, retention_for: RetentionFor) -> GatewayError | None:
        """Why this person can't agree to it, if they can't."""
        agreed = self.agreed(retention_for)
        if self.needed == 1:
            return None
        if person in agreed:
            return GatewayError("own_change", "You have agreed to this change; another admin has to as well.")
        if agreed and person in self.authors:
            return GatewayError(
                "own_change",
                "You wrote this change, so somebody else has to agree to it after whoever asked.",
            )
        return None


def changes_of(
    connection: Connection,
    found: Reloaded,
    in_force: PolicySet,
    approval: Approval,
    folders: tuple[Path, Path],
) -> list[Change]:
    """What of the files would come into force, classed."""
    changes = []
    on_record = versions_on_record(connection)
    for name in found.loaded:
        policy = found.policies.get(name)
        if policy is None:
            continue
        before = in_force.get(name) or last_words(connection, name)
        loosens = () if before is None else tuple(weakened(before, policy))
        commits = _commits(policy, before, folders)
        authors = authors_among(connection, [one for some in commits.values() for one in some])
        needed = approval.loosening if loosens else approval.other
        agreed = approvals_of(connection, name)
        known = on_record.get(name)
        retired = known is not None and known.version == RETIRED
        changes.append(Change(policy, before, loosens, commits, frozenset(authors), needed, agreed, retired))
    return changes


def sorted_out(
    changes: Sequence[Change], actor: str, retention_for: RetentionFor
) -> tuple[list[Change], list[GatewayError]]:
    """What the actor may agree to, and why they may not agree to the rest."""
    if not actor.startswith(PERSON):
        return list(changes), []
    person = actor.removeprefix(PERSON)
    refusals = {one.policy.id: one.refusal_of(person, retention_for) for one in changes}
    return [one for one in changes if refusals[one.policy.id] is None], [
        error for error in refusals.values() if error is not None
    ]


def approvals_of(connection: Connection, policy: str) -> list[Agreed]:
    """Who has agreed to changes of this policy that are not in force yet, oldest first."""
    rows = _approved.all(connection, policy=policy)
    return [Agreed(row["person"], row["change"], row["approved_at"]) for row in rows]


def last_words(connection: Connection, policy: str) -> Policy | None:
    """What was last in force of a policy, retired or not; None where there is nothing, or nothing kept."""
    try:
        return kept_policy(connection, find_version(connection, policy))
    except GatewayError:
        return None


def approval_event(change: Change, actor: str, retention_for: RetentionFor) -> dict[str, Any]:
    """`policy.approved`: one more admin agrees, and it takes others yet."""
    return {
        "type": "policy.approved",
        "actor": actor,
        "policy": {"id": change.policy.id, "version": change.policy.version},
        "change": change.key(retention_for),
        **({} if change.before is None else {"before": change.before.version}),
        "loosens": list(change.loosens),
        "retention_for": retention_for,
    }


def commits_in_event(connection: Connection, vault: Vault, change: Change) -> list[dict[str, str]]:
    """The newest commit of each file that changed; an author who is nobody here is known by a keyed hash."""
    newest_ones = [commits[0] for commits in change.commits.values()]
    known = authors_among(connection, newest_ones)
    people = {one: f"{PERSON}{person}" for person, own in known.items() for one in own}
    found = []
    for what, commits in sorted(change.commits.items()):
        newest = commits[0]
        author = people.get(newest) or "author_" + vault.reference("author", newest.email)
        found.append({"file": what, "commit": newest.id, "author": author})
    return found


def _commits(
    policy: Policy, before: Policy | None, folders: tuple[Path, Path]
) -> dict[str, Sequence[Commit]]:
    old = {} if before is None else before.sources
    found: dict[str, Sequence[Commit]] = {}
    for what, content in policy.sources.items():
        if old.get(what) == content:
            continue
        commits = commits_since(file_of(policy, what, folders), old.get(what))
        if commits:
            found[what] = commits
    return found
