"""Step 2 of the pipeline, in part: what the policy's stage lets be asked, and which models may answer it."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final

from gateway.errors import GatewayError
from gateway.identity import Person
from gateway.policy import Pilot, Policy
from gateway.storage import Vault

_PARTS: Final = 10_000
_PERSON: Final = "metadata.on_behalf_of"


def models_at_stage(
    policy: Policy, routes: Sequence[str], requester: Person | None, local: Collection[str]
) -> tuple[str, ...]:
    """The models of `routes` that may answer; a 403 at `scan` if there is none for this person.

    `local`: models that are none, or that run in the gateway's own process.
    """
    if policy.stage != "scan" or (requester is not None and requester.id in policy.scan.people):
        return tuple(routes)
    models = tuple(name for name in routes if name in local)
    if not models:
        raise GatewayError(
            "stage_refused",
            "This policy is at the stage scan: only people whom it names may ask a model."
            f" {_not_named(requester)} Ask an admin to add the person to `scan.people`, or to give the policy a"
            " rehearsal model.",
            param=_PERSON,
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
            f"This policy's pilot ended on {pilot.until.isoformat()}. Ask an admin to name a later day under"
            " `pilot.until`, or to move the policy to the stage scale.",
        )
    if pilot.for_everybody or (requester is not None and requester.id in pilot.people):
        return
    if pilot.share is not None and _draw_number(vault, policy.id, drawn_by()) * 100 < pilot.share * _PARTS:
        return
    raise GatewayError(
        "stage_refused", _no_part_in(pilot, requester), param=_PERSON if pilot.people else None, final=True
    )


def _no_part_in(pilot: Pilot, requester: Person | None) -> str:
    """Who takes part, until when, and what to do; people are not named."""
    people = "people whom it names" if pilot.people else ""
    cases = "" if pilot.share is None else f"{pilot.share} per cent of the cases"
    why = _not_named(requester) if pilot.people else "This case is not one of them."
    raise_share = "" if pilot.share is None else ", or to raise `pilot.share`"
    return (
        f"This policy is a pilot, for {' and '.join(filter(None, (people, cases)))}; its last day is"
        f" {pilot.until.isoformat()}. {why} Ask an admin to add the person to `pilot.people`{raise_share}."
    )


def _not_named(requester: Person | None) -> str:
    if requester is None:
        return f"Name the person who asks as `{_PERSON}`, if they are one of them."
    return f"The person in `{_PERSON}` is not one of them."


def _draw_number(vault: Vault, policy: str, drawn_by: Sequence[str]) -> int:
    """A number from 0 to 9,999: always the same for the same input, and unpredictable without the key."""
    reference = vault.reference("pilot", policy, *drawn_by)
    return int.from_bytes(hashlib.sha256(reference.encode()).digest()[:8], "big") % _PARTS
