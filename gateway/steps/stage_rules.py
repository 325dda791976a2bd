"""Step 2 of the pipeline, in part: what the policy's stage lets be asked, and which models may answer it."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import date

from gateway.errors import GatewayError
from gateway.identity import Person
from gateway.policy import Policy
from gateway.storage import Vault

_PARTS = 10_000


def models_at_stage(
    policy: Policy, named: Sequence[str], requester: Person | None, local: Collection[str]
) -> tuple[str, ...]:
    """Those of the models `named` that may answer; a 403 at `scan` if there is none for this person.

    `local`: models that are none, or that run in the gateway's own process.
    """
    if policy.stage != "scan" or (requester is not None and requester.id in policy.scan.people):
        return tuple(named)
    models = tuple(name for name in named if name in local)
    if not models:
        raise GatewayError(
            "stage_refused",
            "This policy is at the stage scan: only people whom it names may ask a model, by `on_behalf_of`; an admin"
            " names them under `scan.people`, or gives it a rehearsal model.",
        )
    return models


def require_part_in_pilot(
    policy: Policy, requester: Person | None, drawn_by: Callable[[], Sequence[str]], vault: Vault, today: date
) -> None:
    """A 403 where a pilot has ended, or this request takes no part in it; `drawn_by` gives what its lot is drawn by."""
    pilot = policy.pilot
    if policy.stage != "pilot" or pilot is None:
        return
    if today > pilot.until:
        raise GatewayError(
            "stage_refused",
            f"This policy's pilot ended on {pilot.until.isoformat()}; an admin extends it under `pilot.until`, or moves"
            " the policy to the stage scale.",
        )
    if pilot.for_everybody or (requester is not None and requester.id in pilot.people):
        return
    if pilot.share is not None and _lot(vault, policy.id, drawn_by()) * 100 < pilot.share * _PARTS:
        return
    raise GatewayError(
        "stage_refused",
        "This request takes no part in the pilot of this policy: it is for people whom the policy names, by"
        " `on_behalf_of`, or for a share of the cases.",
        final=True,
    )


def _lot(vault: Vault, policy: str, drawn_by: Sequence[str]) -> int:
    """From 0 to 9,999: the same whenever the same is asked, and nobody can work it out beforehand."""
    reference = vault.reference("pilot", policy, *drawn_by)
    return int.from_bytes(hashlib.sha256(reference.encode()).digest()[:8], "big") % _PARTS
