"""People's passkeys: registered, approved and revoked by event, and read from what the events came to.

`audit.passkeys` has the rule by which a passkey is trusted to be a person's: their first, or one that a passkey of
theirs signs for, or one that two other admins approve with passkeys of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import bindparam, select

from audit import Passkey as SigningKey
from audit import Transaction, approval_to_sign, passkey_to_sign
from gateway.errors import Conflict, GatewayError
from gateway.identity.callers import Person
from gateway.identity.ceremonies import Ceremonies, CeremonyFailed, NewPasskey
from gateway.identity.projection import record_about_people
from gateway.storage import Connection, Row, Statement, tables

State = Literal["waits", "in_force", "revoked"]

WHY_REVOKED: Final = ("lost", "stolen", "replaced", "not_theirs", "left")
"""Reason codes of `passkey.revoked`."""
_MAX: Final = 20
"""Passkeys of one person that are not revoked."""

_passkeys = tables.passkeys
_approvals = tables.passkey_approvals
_find = Statement(select(_passkeys).where(_passkeys.c.credential == bindparam("credential")))
_of_person = Statement(
    select(_passkeys).where(_passkeys.c.person == bindparam("person")).order_by(_passkeys.c.event)
)
_waiting = Statement(
    select(_passkeys)
    .where(_passkeys.c.in_force_at.is_(None), _passkeys.c.revoked_at.is_(None))
    .order_by(_passkeys.c.event)
)
_approved_by = Statement(
    select(_approvals.c.admin)
    .where(_approvals.c.credential == bindparam("credential"))
    .order_by(_approvals.c.event)
)


@dataclass(frozen=True)
class HeldPasskey:
    """A passkey on record, as of now; times are RFC 3339 in UTC."""

    credential: str
    person: str
    public_key: str
    algorithm: int
    rp_id: str
    origin: str
    trust: str
    registered_at: str
    in_force_at: str | None
    used_at: str | None
    revoked_at: str | None
    revoked_why: str | None

    @classmethod
    def from_row(cls, row: Row) -> "HeldPasskey":
        """From a row of the projection."""
        return cls(**{name: row[name] for name in cls.__dataclass_fields__})

    @property
    def state(self) -> State:
        """Whether it signs for its person."""
        if self.revoked_at is not None:
            return "revoked"
        return "waits" if self.in_force_at is None else "in_force"

    @property
    def as_event(self) -> dict[str, Any]:
        """The members by which events and signatures name the key."""
        return {
            "holder": f"person:{self.person}",
            "credential": self.credential,
            "public_key": self.public_key,
            "algorithm": self.algorithm,
            "rp_id": self.rp_id,
            "origin": self.origin,
        }

    @property
    def signing_key(self) -> SigningKey:
        """The key as anyone who audits the log has it."""
        return SigningKey.of(self.as_event)


@dataclass(frozen=True)
class Signing:
    """The use of passkeys by this gateway: the log that signatures name, and the ceremonies, if its address allows
    any.
    """

    log: str
    ceremonies: Ceremonies | None

    @property
    def here(self) -> Ceremonies:
        """The ceremonies; a `GatewayError` where browsers know no passkeys at the gateway's address."""
        if self.ceremonies is None:
            raise GatewayError(
                "passkeys_unavailable",
                "Passkeys need the gateway to be reached by https and a name; an admin sets `base_url`.",
            )
        return self.ceremonies

    def usable(self, held: Sequence[HeldPasskey]) -> list[HeldPasskey]:
        """Those in force that a browser can use at this address."""
        if self.ceremonies is None:
            return []
        site = self.ceremonies.site
        return [
            passkey
            for passkey in held
            if passkey.state == "in_force" and (passkey.rp_id, passkey.origin) == (site.rp_id, site.origin)
        ]

    def check(
        self, connection: Connection, signature: Mapping[str, str], to_sign: bytes, person: str
    ) -> None:
        """Nothing, if a usable passkey of the person signed these bytes; a `signature_invalid` if none did."""
        usable = self.usable(passkeys_of(connection, person))
        key = next((passkey for passkey in usable if passkey.credential == signature.get("credential")), None)
        if key is None:
            raise signature_invalid("It is not signed with a passkey of yours that is in force here.")
        try:
            self.here.check(signature, to_sign, key)
        except CeremonyFailed as error:
            raise signature_invalid(str(error)) from None


def signature_invalid(what: str) -> GatewayError:
    """A signature that does not count, so that nothing is recorded."""
    return GatewayError("signature_invalid", f"{what} Nothing was recorded; sign again.", param="signature")


def passkeys_of(connection: Connection, person: str) -> list[HeldPasskey]:
    """All that a person ever registered, oldest first."""
    return [HeldPasskey.from_row(row) for row in _of_person.all(connection, person=person)]


def find_passkey(connection: Connection, credential: str) -> HeldPasskey | None:
    """The passkey with this id."""
    row = _find.one(connection, credential=credential)
    return None if row is None else HeldPasskey.from_row(row)


def waiting_passkeys(connection: Connection) -> list[HeldPasskey]:
    """Those that wait for admins' approval, oldest first."""
    return [HeldPasskey.from_row(row) for row in _waiting.all(connection)]


def approved_by(connection: Connection, credential: str) -> list[str]:
    """The ids of the admins who approved it so far."""
    return [row["admin"] for row in _approved_by.all(connection, credential=credential)]


def registration_of(signing: Signing, person: Person, new: NewPasskey) -> dict[str, Any]:
    """`passkey.registered` as far as it is the same however the key is trusted."""
    site = signing.here.site
    return {
        "type": "passkey.registered",
        "actor": person.actor,
        "holder": person.actor,
        "credential": new.credential,
        "public_key": new.public_key,
        "algorithm": new.algorithm,
        "rp_id": site.rp_id,
        "origin": site.origin,
    }


def register_passkey(
    transaction: Transaction,
    signing: Signing,
    person: Person,
    new: NewPasskey,
    signature: Mapping[str, str] | None,
) -> HeldPasskey:
    """`passkey.registered`; where the person has one that is in force here, `signature` is by that one."""
    connection = transaction.connection
    event = registration_of(signing, person, new)
    held = passkeys_of(connection, person.id)
    if find_passkey(connection, new.credential) is not None:
        raise Conflict("passkey_known", "This passkey is on record already; choose another device.")
    if sum(passkey.state != "revoked" for passkey in held) >= _MAX:
        raise Conflict("passkey_known", f"Nobody has more than {_MAX} passkeys; end one of them first.")
    if not held:
        event["trust"] = "first"
    elif signing.usable(held):
        if signature is None:
            raise signature_invalid("A further passkey is signed for with one that you have.")
        signing.check(connection, signature, passkey_to_sign(signing.log, event), person.id)
        event |= {"trust": "signed_by", "signature": dict(signature)}
    else:
        event["trust"] = "approved"
    record_about_people(transaction, event)
    return _existing(connection, new.credential)


def approval_of(signing: Signing, passkey: HeldPasskey, admin: Person) -> bytes:
    """What an admin signs to approve a passkey."""
    return approval_to_sign(signing.log, passkey.as_event, admin.id)


def approve_passkey(
    transaction: Transaction,
    signing: Signing,
    admin: Person,
    credential: str,
    signature: Mapping[str, str],
) -> HeldPasskey:
    """`passkey.approved` by an admin other than its person, with a passkey of theirs; the second puts it in force."""
    connection = transaction.connection
    passkey = _existing(connection, credential)
    if admin.id in approved_by(connection, credential):
        return passkey
    if passkey.state != "waits":
        raise Conflict("passkey_settled", "This passkey no longer waits for approval.")
    if admin.id == passkey.person:
        raise GatewayError("own_passkey", "Somebody else than its owner approves a passkey.")
    signing.check(connection, signature, approval_of(signing, passkey, admin), admin.id)
    record_about_people(
        transaction,
        {
            "type": "passkey.approved",
            "actor": admin.actor,
            "holder": f"person:{passkey.person}",
            "credential": credential,
            "signature": dict(signature),
        },
    )
    return _existing(connection, credential)


def revoke_passkey(transaction: Transaction, by: Person, credential: str, why: str) -> HeldPasskey:
    """`passkey.revoked`, by its person or an admin: from now on it signs nothing. Again does nothing more."""
    passkey = _existing(transaction.connection, credential)
    if by.id != passkey.person and "admin" not in by.roles:
        raise unknown_passkey()
    if why not in WHY_REVOKED:
        raise GatewayError("invalid_field", f"`why` is one of {', '.join(WHY_REVOKED)}.", param="why")
    if passkey.state != "revoked":
        record_about_people(
            transaction,
            {
                "type": "passkey.revoked",
                "actor": by.actor,
                "holder": f"person:{passkey.person}",
                "credential": credential,
                "why": why,
            },
        )
    return _existing(transaction.connection, credential)


def unknown_passkey() -> GatewayError:
    """The same answer whether there is none or it is somebody else's."""
    return GatewayError("unknown_passkey", "There is no such passkey of yours.")


def _existing(connection: Connection, credential: str) -> HeldPasskey:
    passkey = find_passkey(connection, credential)
    if passkey is None:
        raise unknown_passkey()
    return passkey
