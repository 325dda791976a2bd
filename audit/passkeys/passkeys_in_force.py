"""Whose passkeys are in force, from the log's events in their order.

A passkey signs for a person from the moment that it can be trusted to be theirs:
- `first`     nothing was registered for them before: it is taken on trust, once for each person
- `signed_by` a passkey of theirs that is in force has signed for it
- `approved`  two admins, neither of them the person, have each approved it with a passkey of their own
and until it is revoked, by the person or by an admin. What breaks these rules changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from audit.audit_errors import EventInvalid, SignatureInvalid
from audit.passkeys.passkey_signature import Passkey, verify_signature
from audit.passkeys.signed_decisions import SHOWN, approval_to_sign, decision_to_sign, passkey_to_sign
from audit.roles import Roles

Event = Mapping[str, Any]

APPROVALS: Final = 2
"""How many admins it takes."""


@dataclass
class PasskeyOnRecord:
    """A passkey on record."""

    key: Passkey
    event: Event
    index: int
    approved_by: list[str] = field(default_factory=list)
    revoked: bool = False

    @property
    def trust(self) -> str:
        """`first`, `signed_by` or `approved`."""
        return str(self.event.get("trust"))

    @property
    def waits(self) -> bool:
        """Whether admins have to approve it yet."""
        return self.trust == "approved" and len(self.approved_by) < APPROVALS

    @property
    def in_force(self) -> bool:
        """Whether it signs for its person at this point."""
        return not self.waits and not self.revoked


class Passkeys:
    """The passkeys on record after the events that `take` was given, of the log with this origin."""

    def __init__(self, log: str, roles: Roles) -> None:
        self._log = log
        self._roles = roles
        self._known: dict[str, PasskeyOnRecord] = {}
        self._people: set[str] = set()

    def take(self, index: int, event: Event) -> None:
        """Bring the state up to `event`; what breaks a rule changes nothing, but a revocation always holds."""
        kind, known = event.get("type"), self._known.get(str(event.get("credential")))
        if kind == "passkey.revoked" and known is not None:
            known.revoked = True
        elif next(self.faults(event), None) is not None:
            return
        elif kind == "passkey.registered":
            key = Passkey.of(event)
            self._known[key.credential] = PasskeyOnRecord(key, event, index)
            self._people.add(key.person)
        elif kind == "passkey.approved" and known is not None:
            known.approved_by.append(_person(event))

    def faults(self, event: Event) -> Iterator[str]:
        """What is wrong with an event about passkeys, as the state stands before it."""
        kind = event.get("type")
        if kind == "passkey.registered":
            yield from self._at_registration(event)
        elif kind == "passkey.approved":
            yield from self._at_approval(event)
        elif kind == "passkey.revoked":
            yield from self._at_revocation(event)

    def by_trust(self) -> dict[str, list[int]]:
        """Where the passkeys were registered that have been in force, by how they were trusted."""
        events: dict[str, list[int]] = {}
        for passkey in self._known.values():
            if not passkey.waits:
                events.setdefault(passkey.trust, []).append(passkey.index)
        return events

    def signed(self, decided: Event, shown: Mapping[str, str], caveats: Sequence[str]) -> PasskeyOnRecord:
        """The passkey that signed a `decision.recorded`; `SignatureInvalid` says why none of the person's did."""
        signature = decided.get("signature")
        if signature is None:
            raise SignatureInvalid("is not signed, though its policy asks for the person's passkey")
        return self._verified(
            signature, decision_to_sign(self._log, decided, shown, caveats), _person(decided)
        )

    def _at_registration(self, event: Event) -> Iterator[str]:
        try:
            key = Passkey.of(event)
        except SignatureInvalid as error:
            yield f"registers no passkey: {error}"
            return
        if _person(event) != key.person:
            yield f"registers a passkey for {key.person}, but by {event.get('actor')}"
        if key.credential in self._known:
            yield "registers a passkey that is on record already"
        trust = event.get("trust")
        if trust == "first" and key.person in self._people:
            yield f"takes a passkey of {key.person} on trust, who had registered one before"
        elif trust == "signed_by":
            try:
                self._verified(event.get("signature"), passkey_to_sign(self._log, event), key.person)
            except (SignatureInvalid, EventInvalid) as error:
                yield f"registers a further passkey of {key.person} without one that they had: {error}"
        elif trust not in ("first", "approved"):
            yield "does not say how the passkey can be trusted"

    def _at_approval(self, event: Event) -> Iterator[str]:
        known, admin = self._known.get(str(event.get("credential"))), _person(event)
        if known is None or known.trust != "approved" or known.in_force or known.revoked:
            yield "approves a passkey that does not wait for it"
            return
        if "admin" not in self._roles.of(f"person:{admin}"):
            yield f"approves a passkey by {event.get('actor')}, who is no admin"
        if admin == known.key.person or admin in known.approved_by:
            yield f"approves a passkey by {admin}, who is not another admin"
        try:
            self._verified(event.get("signature"), approval_to_sign(self._log, known.event, admin), admin)
        except (SignatureInvalid, EventInvalid) as error:
            yield f"approves a passkey without {admin}'s own: {error}"

    def _at_revocation(self, event: Event) -> Iterator[str]:
        known, actor = self._known.get(str(event.get("credential"))), str(event.get("actor"))
        if known is None or known.revoked:
            yield "revokes a passkey that is not on record, or was revoked before"
        elif actor != f"person:{known.key.person}" and "admin" not in self._roles.of(actor):
            yield f"revokes a passkey of {known.key.person} by {actor}, who is neither they nor an admin"

    def _verified(self, signature: object, to_sign: bytes, person: str) -> PasskeyOnRecord:
        credential = signature.get("credential") if isinstance(signature, Mapping) else None
        known = self._known.get(str(credential))
        if known is None:
            raise SignatureInvalid("the signature names no passkey that is on record")
        if known.key.person != person:
            raise SignatureInvalid(f"it is signed with a passkey of {known.key.person}")
        if not known.in_force:
            state = "had been revoked" if known.revoked else "had not been approved by two admins"
            raise SignatureInvalid(f"it is signed with a passkey that {state}")
        verify_signature(signature, to_sign, known.key)
        return known


def shown_in(event: Event) -> dict[str, str]:
    """The commitments to what is shown to a person, from `advice.requested` or `advice.received`."""
    commitments = event.get("commitments")
    members = commitments if isinstance(commitments, Mapping) else {}
    return {name: str(members[name]) for name in SHOWN if name in members}


def _person(event: Event) -> str:
    actor = event.get("actor")
    return actor.removeprefix("person:") if isinstance(actor, str) and actor.startswith("person:") else ""
