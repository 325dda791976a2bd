"""What stands on record of a policy that comes into force, can't, or is retired."""

import re
from pathlib import Path
from typing import Any, Final

from audit import Transaction
from gateway.advice import record
from gateway.errors import GatewayError
from gateway.operations.policy_evidence import evidence_for, evidence_in_event
from gateway.operations.policy_versions import RETIRED, keep_words, versions_on_record
from gateway.policy import InForce, Policy, PolicySet, Reloaded
from gateway.storage import Connection

_ID: Final = re.compile(r"[a-z][a-z0-9-]{0,63}")


def record_start(transaction: Transaction, policies: PolicySet) -> None:
    """What a gateway that starts puts in force."""
    on_record = versions_on_record(transaction.connection)
    for policy in policies:
        event = loaded_event(transaction.connection, policy, "gateway")
        known = on_record.get(policy.id)
        if known is None or known.version != policy.version:
            shown = evidence_for(transaction.connection, policy, transaction.now)
            if shown:
                event["evidence"] = evidence_in_event(shown)
        if (
            not policy.sources and known is not None
        ):  # from the record, where this release reads it in other words
            event["files"] = dict(known.files)
        event["retention_for"] = "new"
        record(transaction, event)


def retire_policy(transaction: Transaction, policy: str, actor: str) -> None:
    """On the record: nothing is asked under this policy from now on. A 404 `GatewayError` if it is not in force."""
    known = versions_on_record(transaction.connection).get(policy)
    if known is None or known.version == RETIRED:
        raise GatewayError("unknown_policy", f"No policy {policy[:64]} is in force.")
    named = {"id": policy, "version": known.version}
    record(transaction, {"type": "policy.retired", "actor": actor, "policy": named})


def loaded_event(connection: Connection, policy: Policy, actor: str) -> dict[str, Any]:
    """`policy.loaded`, with every word of the policy kept."""
    return {
        "type": "policy.loaded",
        "actor": actor,
        "policy": {"id": policy.id, "version": policy.version},
        "stage": policy.stage,
        "retention": policy.retention.seconds,
        "files": keep_words(connection, policy),
    }


def record_refused(transaction: Transaction, found: Reloaded, in_force: InForce, actor: str) -> None:
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
