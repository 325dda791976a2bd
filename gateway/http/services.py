"""What `app.py` built, as the API and the pages find it: on the application's state, loading or ready."""

import asyncio
from dataclasses import dataclass

from fastapi import Request

from audit import Log, Verifier
from gateway.advice import Recorder
from gateway.errors import GatewayError
from gateway.identity import IdentityProvider, LastUsedTracker, Signing
from gateway.operations import Health, LogKey, PolicyRollout, Retention
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


def services_of(request: Request) -> Services:
    """The services, or a 503 while the models are loading."""
    services: Services | None = request.app.state.services
    if services is None:
        raise GatewayError(
            "starting", "The models are still loading; GET /health/ready tells when they are.", retry_after=2
        )
    return services
