"""Putting changed policies in force: looked at first, tried on their examples, on the record before they count.

One gateway puts a change in force at a command: an admin's on the page, or the operator's (SIGHUP). Where several
share a log, the record says what is in force, and the others follow with what lies on their own disks. A gateway that
has no such file asks nothing more under that policy once the change is a minute old: better no advice than advice
under rules that were withdrawn.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import select

from audit import Transaction
from gateway.advice import Recorder, record
from gateway.errors import Conflict
from gateway.policy import (
    Accept,
    ExampleResult,
    InForce,
    InspectedAnswer,
    Policy,
    PolicyProblem,
    PolicySet,
    Reloaded,
    place_of,
    reload_policies,
    run_examples,
)
from gateway.redaction import Inspection, Redacted, Redactor
from gateway.storage import Connection, Database, Statement, tables
from gateway.timestamps import now_text, time_text

_log = structlog.get_logger("countersign")

OUT_OF_STEP_SECONDS: Final = 60
"""As long as `audit.watch` lets a request name the version before."""
_FOLLOW_SECONDS: Final = 2.0
_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")
_RETIRED: Final = ""
_versions = Statement(select(tables.policies_in_force).order_by(tables.policies_in_force.c.event))

ReadFolders = Callable[[PolicySet, Accept], Reloaded]


def read_folders_with(
    policies: Path,
    prompts: Path,
    models: Collection[str],
    entities: Collection[str] | None,
    embedders: Mapping[str, bool] | None = None,
) -> ReadFolders:
    """`reload_policies` on these folders."""
    return lambda current, accept: reload_policies(
        current,
        policies,
        prompts,
        models=models,
        entities=entities,
        embedders=embedders,
        accept=accept,
    )


def try_examples(policy: Policy, redactor: Redactor) -> list[ExampleResult]:
    """A policy's examples through the real redaction."""

    def redact(request: Mapping[str, Any]) -> Redacted:
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
        inspection: Inspection = redactor.inspect(
            completion, redacted, prompt=policy.prompt_text, keep=policy.redaction.keep
        )
        return inspection

    return run_examples(policy, redact=redact, inspect=inspect)


def fingerprint(found: Reloaded) -> str:
    """The same for the same change, so that what is confirmed is what was looked at."""
    versions = {name: policy.version for name in found.loaded if (policy := found.policies.get(name))}
    whole = json.dumps([versions, found.retired], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


class PolicyRollout:
    """What lies on the disk, beside what is in force."""

    def __init__(
        self,
        in_force: InForce,
        read: ReadFolders,
        folder: Path,
        redactor: Redactor,
        recorder: Recorder,
        with_checks: Collection[str],
        *,
        can_sign: bool,
        reload_requested: asyncio.Event,
        on_problems: Callable[[int], object] = lambda problems: None,
    ) -> None:
        """`with_checks`: the policies that there are seeded checks for; `can_sign`: whether browsers know passkeys at
        this address; `reload_requested` is set by the operator's signal; `on_problems` is given the number of problems.
        """
        self._in_force = in_force
        self._read = read
        self._folder = folder
        self._redactor = redactor
        self._recorder = recorder
        self._with_checks = with_checks
        self._can_sign = can_sign
        self._on_problems = on_problems
        self._lock = asyncio.Lock()
        self._followed: dict[str, str] = {}
        self._reload_requested = reload_requested

    async def preview(self) -> Reloaded:
        """What would be in force after a change now, with every problem; what has changed is tried on its examples."""
        return await asyncio.to_thread(self._read, self._in_force.now, self._objections)

    async def diff(self) -> Reloaded:
        """The same without the examples, which takes milliseconds."""
        return await asyncio.to_thread(self._read, self._in_force.now, lambda policy: ())

    async def put_in_force(self, actor: str, seen: str | None = None) -> Reloaded:
        """Put every usable change in force, on the record first; what is not usable stays as it is.

        `seen` is the `fingerprint` of the change that was looked at: a `Conflict` if there is another by now.
        """
        async with self._lock:
            found = await self.preview()
            if seen is not None and seen != fingerprint(found):
                raise Conflict("policies_changed", "The files have changed since they were looked at.")
            await self._recorder.submit(
                lambda transaction: _record(transaction, found, self._in_force, actor)
            )
            self._in_force.put(found.policies)
        self._on_problems(len(found.problems))
        for problem in found.problems:
            _log.warning("a policy can't be put in force", problem=str(problem))
        _log.info("policies", loaded=found.loaded, retired=found.retired, refused=found.refused)
        return found

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
        """Take over what another gateway on this log put in force; see the module's own words for what is not here."""
        async with self._lock:
            on_record = await database.fetch(newest_versions)
            mine = {policy.id: policy.version for policy in self._in_force.now}
            versions = {name: row["version"] for name, row in on_record.items()}
            behind = {name for name, version in versions.items() if mine.get(name, _RETIRED) != version}
            news, self._followed = versions != self._followed, versions
            if not news and not behind & set(mine):
                return
            there = {policy.id: policy for policy in (await self.diff()).policies}
            kept = {policy.id: policy for policy in self._in_force.now}
            for name in behind:
                if on_record[name]["version"] == _RETIRED:
                    kept.pop(name, None)
                elif name in there and there[name].version == on_record[name]["version"]:
                    kept[name] = there[name]
            before = time_text(datetime.fromisoformat(now) - timedelta(seconds=OUT_OF_STEP_SECONDS))
            out_of_step = {
                name
                for name in behind & set(kept)
                if kept[name].version != on_record[name]["version"] and on_record[name]["since"] < before
            }
            if out_of_step != self._in_force.out_of_step:
                _log.warning(
                    "other versions of policies are in force than lie here", policies=sorted(out_of_step)
                )
            self._in_force.put(PolicySet(kept.values()), out_of_step)

    def _objections(self, policy: Policy) -> list[PolicyProblem]:
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
        for index, result in enumerate(try_examples(policy, self._redactor)):
            place = (0, 0) if result.passed else place_of(path, ("examples", index))
            found += [
                PolicyProblem(str(path), *place, f"examples.{result.name}", failure)
                for failure in result.failures
            ]
        return found


def newest_versions(connection: Connection) -> dict[str, dict[str, Any]]:
    """The newest version of each policy on record (`version`, empty if it was retired; `since`)."""
    return {row["policy"]: row for row in _versions.all(connection)}


def record_start(transaction: Transaction, policies: PolicySet, *, alone: bool) -> None:
    """What a gateway that starts puts in force: all that it has read; and where it is `alone`, nothing else."""
    for policy in policies:
        record(transaction, loaded_event(policy, "gateway"))
    if not alone:  # another one may have what is not here
        return
    there = newest_versions(transaction.connection)
    gone = [name for name, row in there.items() if row["version"] != _RETIRED and policies.get(name) is None]
    _retire(transaction, gone, "gateway")


def _record(transaction: Transaction, found: Reloaded, in_force: InForce, actor: str) -> None:
    for name in found.loaded:
        policy = found.policies.get(name)
        if policy is not None:
            record(transaction, loaded_event(policy, actor))
    _retire(transaction, found.retired, actor)
    for name in found.refused:
        if _ID.fullmatch(name):
            old = in_force.get(name)
            version = {} if old is None else {"version": old.version}
            problems = sum(Path(one.file).stem == name for one in found.problems)
            event = {
                "type": "policy.refused",
                "actor": actor,
                "policy": {"id": name, **version},
                "problems": problems,
            }
            record(transaction, event)


def _retire(transaction: Transaction, names: Iterable[str], actor: str) -> None:
    there = newest_versions(transaction.connection)
    for name in names:
        version = there[name]["version"] if name in there else _RETIRED
        policy = {"id": name, "version": version}
        record(transaction, {"type": "policy.retired", "actor": actor, "policy": policy})


def loaded_event(policy: Policy, actor: str) -> dict[str, Any]:
    """`policy.loaded`, as it is recorded."""
    return {
        "type": "policy.loaded",
        "actor": actor,
        "policy": {"id": policy.id, "version": policy.version},
        "stage": policy.stage,
        "retention": policy.retention.seconds,
    }
