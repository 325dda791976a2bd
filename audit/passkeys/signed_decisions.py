"""The bytes that a passkey signs: one canonical JSON object (`audit.events`) for each kind; its SHA-256 is the
challenge.

Everything in them stands in the log, so that anybody can make them again:
- `countersign/decision/v1`         a decision on one advice: what was shown, what was decided, and the reasons
- `countersign/passkey/v1`          a further passkey of a person, signed with one that they have
- `countersign/passkey-approval/v1` an admin's approval of a passkey that somebody else registered
Each names the log by its origin and what it is by its format, so that a signature for one is none for another.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from audit.events import canonical

Event = Mapping[str, Any]

DECISION: Final = "countersign/decision/v1"
PASSKEY: Final = "countersign/passkey/v1"
APPROVAL: Final = "countersign/passkey-approval/v1"

SHOWN: Final = ("request", "answer", "added", "evidence")
"""The commitments to what a person was shown before they decided."""
_KEY: Final = ("credential", "public_key", "algorithm", "rp_id", "origin")


def decision_to_sign(log: str, decided: Event, shown: Mapping[str, str], caveats: Sequence[str]) -> bytes:
    """The bytes that stand for a `decision.recorded`.

    `shown`: the commitments of `SHOWN` from `advice.requested` and `advice.received`; `caveats`: the ids of those that
    stood beside the answer, in its order. `EventInvalid` where a member is none that an event can hold.
    """
    original = decided.get("commitments")
    commitments = original if isinstance(original, Mapping) else {}
    return canonical(
        {
            "format": DECISION,
            "log": log,
            "advice": decided.get("advice"),
            "policy": decided.get("policy"),
            "person": _person(decided.get("actor")),
            "shown": {name: shown[name] for name in SHOWN if name in shown},
            "caveats": list(caveats),
            "decision": decided.get("decision"),
            "text": decided.get("text"),
            "changed": decided.get("changed"),
            "caveats_read": decided.get("caveats_read"),
            **({"facts_confirmed": confirmed} if (confirmed := decided.get("facts_confirmed")) else {}),
            "own_view": decided.get("own_view"),
            "reason": commitments.get("reason"),
            "amendment": commitments.get("amendment"),
        }
    )


def passkey_to_sign(log: str, registered: Event) -> bytes:
    """The bytes that stand for a `passkey.registered`, to be signed with an older passkey of the same person."""
    members = {name: registered.get(name) for name in _KEY}
    return canonical({"format": PASSKEY, "log": log, "person": _person(registered.get("holder")), **members})


def approval_to_sign(log: str, registered: Event, admin: str) -> bytes:
    """The bytes that stand for the approval of a `passkey.registered` by the admin with this id."""
    members = {name: registered.get(name) for name in _KEY}
    holder = _person(registered.get("holder"))
    return canonical({"format": APPROVAL, "log": log, "admin": admin, "person": holder, **members})


def challenge_of(to_sign: bytes) -> bytes:
    """The challenge that the browser passes to the passkey: SHA-256 of the bytes to sign."""
    return hashlib.sha256(to_sign).digest()


def _person(actor: object) -> str | None:
    return actor.removeprefix("person:") if isinstance(actor, str) else None
