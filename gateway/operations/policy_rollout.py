"""Putting changed policies in force: looked at first, tried on their examples, on the record before they count.

One gateway puts a change in force at a command: an admin's on the page, or the operator's (SIGHUP). A change that
weakens a safeguard waits until enough admins agree to it. Where several gateways share a log, the record says what is
in force, with every word of it, and the others follow. A gateway that can't serve those words (a model's route is
missing) asks nothing more under that policy once the change is a minute old: better no advice than advice under rules
that were withdrawn.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from audit import Transaction, now_text, time_text
from gateway.advice import Recorder, record
from gateway.errors import Conflict, GatewayError
from gateway.operations.policy_changes import (
    PERSON,
    Change,
    RetentionFor,
    approval_event,
    approvals_of,
    changes_of,
    commits_in_event,
    sorted_out,
)
from gateway.operations.policy_events import loaded_event, record_refused, retire_policy
from gateway.operations.policy_evidence import evidence_for, evidence_in_event, evidence_missing
from gateway.operations.policy_files import restore_files
from gateway.operations.policy_impact import Impact, replay
from gateway.operations.policy_trial import PolicyTrial
from gateway.operations.policy_versions import (
    RETIRED,
    PolicyVersion,
    kept_files,
    kept_policy,
    retired_policies,
    versions_on_record,
)
from gateway.policy import (
    Accept,
    Approval,
    InForce,
    KnownNames,
    Policy,
    PolicyProblem,
    PolicySet,
    Reloaded,
    can_serve,
    reload_policies,
)
from gateway.storage import Connection, Database, Vault

_log = structlog.get_logger("countersign")

OUT_OF_STEP_SECONDS: Final = 60
"""As long as `audit.watch` lets a request name the version before."""
_FOLLOW_SECONDS: Final = 2.0


def fingerprint(found: Reloaded) -> str:
    """The same for the same change, so that what is confirmed is what was looked at."""
    versions = {name: policy.version for name in found.loaded if (policy := found.policies.get(name))}
    return hashlib.sha256(json.dumps(versions, sort_keys=True).encode()).hexdigest()


class PolicyRollout:
    """What lies on the disk, beside what is in force."""

    def __init__(
        self,
        in_force: InForce,
        folders: tuple[Path, Path],
        known: KnownNames,
        trial: PolicyTrial,
        recorder: Recorder,
        database: Database,
        vault: Vault,
        *,
        reload_requested: asyncio.Event,
        approval: Approval = Approval(),  # noqa: B008 - frozen by being never changed
        on_problems: Callable[[int], object] = lambda problems: None,
    ) -> None:
        """`folders`: of policies and of prompts; `known`: what policies may name; `reload_requested` is set by the
        operator's signal; `on_problems` is given the number of problems.
        """
        self._in_force = in_force
        self._known = known
        self._folders = folders
        self._database = database
        self._vault = vault
        self._approval = approval
        self._trial = trial
        self._recorder = recorder
        self._on_problems = on_problems
        self._lock = asyncio.Lock()
        self._followed: dict[str, str] = {}
        self._reload_requested = reload_requested

    async def preview(self) -> Reloaded:
        """What would be in force after a change now, with every problem; what has changed is tried on its examples."""
        return await asyncio.to_thread(self._found, self._objections)

    def _objections(self, policy: Policy) -> list[PolicyProblem]:
        shown = self._database.read(lambda connection: evidence_for(connection, policy, now_text()))
        return [*evidence_missing(self._folders[0], policy, shown), *self._trial.objections(policy)]

    async def diff(self) -> Reloaded:
        """The same without the examples, which takes milliseconds."""
        return await asyncio.to_thread(self._found, lambda policy: ())

    def _found(self, accept: Accept) -> Reloaded:
        found = reload_policies(self._in_force.now, *self._folders, self._known, accept=accept)
        retired = self._database.read(retired_policies)
        return replace(found, retired=tuple(name for name in found.loaded if name in retired))

    async def changes(self, found: Reloaded) -> list[Change]:
        """What of it would come into force, each classed, with who has agreed so far."""
        return await asyncio.to_thread(
            self._database.read,
            lambda connection: changes_of(
                connection, found, self._in_force.now, self._approval, self._folders
            ),
        )

    def replay(self, change: Change, since: str = "") -> Impact | None:
        """What a change would have done with what was asked; None for a new policy. Takes seconds, on a thread."""
        if change.before is None:
            return None
        return replay(
            self._database,
            self._vault,
            change.before,
            change.policy,
            redactor=self._trial.redactor,
            since=since,
        )

    async def put_in_force(
        self,
        actor: str,
        seen: str | None = None,
        retention_for: RetentionFor = "new",
        again: Collection[str] = (),
    ) -> Reloaded:
        """Put every usable change in force that enough people agree to, on the record first; the rest stays as it is.

        `seen` is the `fingerprint` of the change that was looked at: a `Conflict` if there is another by now.
        `retention_for`: what a shorter retention is for. `again`: the retired policies that are to be in force again;
        any other stays retired. A `GatewayError` if the actor may not agree to any of it.
        """
        async with self._lock:
            found = await self.preview()
            if seen is not None and seen != fingerprint(found):
                raise Conflict("policies_changed", "The files have changed since they were looked at.")
            left = set(found.retired) - set(again)
            changes = [one for one in await self.changes(found) if one.policy.id not in left]
            agreeing, refusals = sorted_out(changes, actor, retention_for)
            if refusals and not agreeing:
                raise refusals[0]

            def command(transaction: Transaction) -> list[str]:
                loaded = [
                    one.policy.id for one in agreeing if self._agree(transaction, one, actor, retention_for)
                ]
                record_refused(transaction, found, self._in_force, actor)
                return loaded

            loaded = await self._recorder.submit(command)
            found = found.only(self._in_force.now, loaded, left)
            self._in_force.put(found.policies)
        self._on_problems(len(found.problems))
        for problem in found.problems:
            _log.warning("a policy can't be put in force", problem=str(problem))
        if found.waiting:
            _log.warning(
                "policies wait until admins agree, on the page of policies: the change weakens a safeguard",
                policies=found.waiting,
            )
        _log.info(
            "policies",
            loaded=found.loaded,
            missing=found.missing,
            refused=found.refused,
            waiting=found.waiting,
        )
        return found

    async def restore(self, version: PolicyVersion) -> list[Path]:
        """Write the files of an earlier version back; they come into force as any change does."""

        def write(connection: Connection) -> list[Path]:
            policy = kept_policy(connection, version)
            if policy is None:
                raise GatewayError("unknown_version", "The words of this version are not kept.")
            return restore_files(policy, kept_files(connection, version), self._folders)

        async with self._lock:
            return await asyncio.to_thread(self._database.read, write)

    async def retire(self, policy: str, actor: str) -> None:
        """From now on nothing is asked under this policy; a 404 `GatewayError` if it is not in force."""
        async with self._lock:
            if self._in_force.get(policy) is None:
                raise GatewayError("unknown_policy", "There is no such policy in force.")
            await self._recorder.submit(lambda transaction: retire_policy(transaction, policy, actor))
            kept = [one for one in self._in_force.now if one.id != policy]
            self._in_force.put(PolicySet(kept), self._in_force.out_of_step)

    async def run(self) -> None:
        """Put in force what has changed whenever the operator asks for it, until cancelled."""
        while True:
            await self._reload_requested.wait()
            self._reload_requested.clear()
            try:
                await self.put_in_force("operator")
            except Exception as error:  # noqa: BLE001 - whatever it was, the next signal must be heard
                _log.warning("policies could not be put in force", error_type=type(error).__name__)

    async def keep_in_step(self, database: Database) -> None:
        """`follow` now and then, until cancelled."""
        while True:
            await asyncio.sleep(_FOLLOW_SECONDS)
            try:
                await self.follow(database, now_text())
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look must come
                _log.warning("the policies on record could not be followed", error_type=type(error).__name__)

    async def follow(self, database: Database, now: str) -> None:
        """Take over what another gateway on this log put in force; see the module's own words for what can't be."""
        async with self._lock:
            on_record = await database.fetch(versions_on_record)
            mine = {policy.id: policy.version for policy in self._in_force.now}
            versions = {name: one.version for name, one in on_record.items()}
            behind = {name for name, version in versions.items() if mine.get(name, RETIRED) != version}
            news, self._followed = versions != self._followed, versions
            if not news and not behind & set(mine):
                return
            there = {policy.id: policy for policy in (await self.diff()).policies}
            kept = {policy.id: policy for policy in self._in_force.now}
            for name in behind:
                if on_record[name].version == RETIRED:
                    kept.pop(name, None)
                elif name in there and there[name].version == on_record[name].version:
                    kept[name] = there[name]
                else:
                    words = await self._kept(on_record[name])
                    if words is not None and self._can_serve(words, on_record[name].version):
                        kept[name] = words
            before = time_text(datetime.fromisoformat(now) - timedelta(seconds=OUT_OF_STEP_SECONDS))
            out_of_step = {
                name
                for name in behind & set(kept)
                if kept[name].version != on_record[name].version and on_record[name].since < before
            }
            if out_of_step != self._in_force.out_of_step:
                _log.warning(
                    "other versions of policies are in force than can be served here",
                    policies=sorted(out_of_step),
                )
            self._in_force.put(PolicySet(kept.values()), out_of_step)

    async def _kept(self, version: PolicyVersion) -> Policy | None:
        return await self._database.fetch(lambda connection: kept_policy(connection, version))

    def _can_serve(self, policy: Policy, version: str) -> bool:
        return policy.version == version and can_serve(policy, self._known.models or ())

    def _agree(
        self, transaction: Transaction, change: Change, actor: str, retention_for: RetentionFor
    ) -> bool:
        """Record that the actor agrees; and the change itself, once enough do."""
        connection = transaction.connection
        known = versions_on_record(connection).get(change.policy.id)
        before = "" if change.before is None else change.before.version
        retired = known is not None and known.version == RETIRED
        overtaken = known is not None and not retired and before not in ("", known.version)
        if overtaken or retired != change.was_retired:
            raise Conflict(
                "policies_changed", "Another version has come into force since this was looked at."
            )
        fresh = replace(change, approvals=approvals_of(connection, change.policy.id))
        people = fresh.agreed(retention_for)
        if actor.startswith(PERSON):
            people = [*people, actor.removeprefix(PERSON)]
        counts = len(set(people))
        alone = change.needed == 1 and not change.was_retired
        if counts < change.needed and not alone:
            if actor.startswith(PERSON):
                record(transaction, approval_event(change, actor, retention_for))
            return False
        event = loaded_event(connection, change.policy, actor)
        event["retention_for"] = retention_for
        shown = evidence_for(connection, change.policy, transaction.now)
        if not all(one.met for one in shown):
            raise Conflict("policies_changed", "The record no longer shows what this policy asks for.")
        if shown:
            event["evidence"] = evidence_in_event(shown)
        event["loosens"] = list(change.loosens)
        event["needed"] = change.needed
        if change.needed > 1:
            event["approved_by"] = [f"{PERSON}{one}" for one in people]
        commits = commits_in_event(connection, self._vault, change)
        if commits:
            event["commits"] = commits
        record(transaction, event)
        return True
