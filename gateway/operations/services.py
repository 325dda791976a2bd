"""The services of a running gateway, each built once at its start: what the API and the pages work with."""

import asyncio
from dataclasses import dataclass

from audit import Log, Verifier
from gateway.advice import Recorder
from gateway.identity import IdentityProvider, LastUsedTracker, Signing
from gateway.operations.health import Health
from gateway.operations.log_key_change import LogKey
from gateway.operations.policy_rollout import PolicyRollout
from gateway.operations.retention import Retention
from gateway.oversight import MeasureService
from gateway.pipeline import Pipeline
from gateway.policy import InForce, PolicySet
from gateway.settings import Settings
from gateway.steps import CaseLocks, DecisionService, MissedRedactions, StoredResponses
from gateway.storage import Database, Vault
from gateway.witnessing import Witnessing


@dataclass(frozen=True)
class Services:
    """The services of a running gateway, once they are ready to work."""

    settings: Settings
    log: Log
    database: Database
    in_force: InForce
    changes: PolicyRollout
    pipeline: Pipeline
    recorder: Recorder
    signing: Signing
    decisions: DecisionService
    missed_redactions: MissedRedactions
    responses: StoredResponses
    last_used: LastUsedTracker
    vault: Vault
    witnessing: Witnessing
    retention: Retention
    measuring: MeasureService
    cases: CaseLocks
    log_key: LogKey
    oidc: IdentityProvider | None
    health: Health
    stopping: asyncio.Event
    content_missing: int
    """`content_missing`: of how much advice content was missing at the start, without an event that explains it."""

    @property
    def verifiers(self) -> list[Verifier]:
        """The public halves of the keys that sign the log now."""
        return self.log.verifiers

    @property
    def policies(self) -> PolicySet:
        """Those that are in force now."""
        return self.in_force.now
