"""A person's own passkeys: which are on record, a further one, an end to one; and what happens when one is lost."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from fastapi import Response

from audit import passkey_to_sign
from gateway.errors import GatewayError
from gateway.identity import (
    CeremonyFailed,
    HeldPasskey,
    NewPasskey,
    passkeys_of,
    register_passkey,
    registration_of,
    revoke_passkey,
    unknown_passkey,
)
from gateway.web.guarding import local_address
from gateway.web.problems import Problems
from gateway.web.signing import signature_of
from gateway.web.visit import SESSION, Visit

_MADE: Final = ("credential", "client_data", "attestation_object", "public_key")


async def show(visit: Visit) -> Response:
    """The person's passkeys, and the button that makes another."""
    return await _page(visit, Problems(visit.language), local_address(visit.query("return")) or "")


async def back(visit: Visit) -> Response:
    """Where the forms are sent to there is no page."""
    return visit.go("/passkeys")


async def add(visit: Visit) -> Response:
    """Register what the browser made; where one of the person's own must sign for it, ask for that first."""
    signing, goes_back = visit.services.signing, local_address(visit.value("return")) or ""
    signed = bool(visit.value("signature"))
    made = {name: visit.value(f"new_{name}" if signed else name) for name in _MADE}
    problems = Problems(visit.language)
    try:
        new = signing.here.read_new(made, _challenge(visit))
    except CeremonyFailed:
        problems.add("add", problems._("That was no new passkey for you. Try again"))
        return await _page(visit, problems, goes_back)
    if not signed and (usable := signing.usable(await _held(visit))):
        return _ask_for_signature(visit, new, usable, made, goes_back)
    signature = signature_of(visit) if signed else None
    try:
        held = await visit.services.recorder.submit(
            partial(register_passkey, signing=signing, person=visit.person, new=new, signature=signature)
        )
    except GatewayError as error:
        if error.code not in ("signature_invalid", "passkey_known"):
            raise
        problems.add("add", _told(problems, error))
        return await _page(visit, problems, goes_back)
    if held.state == "waits":
        return visit.go("/passkeys?recorded=waits")
    return visit.go(goes_back or "/passkeys?recorded=added")


async def revoke(visit: Visit) -> Response:
    """End one of the person's own."""
    credential, why = visit.value("credential"), visit.value("why")
    if not any(one.credential == credential for one in await _held(visit)):
        raise unknown_passkey()
    await visit.services.recorder.submit(
        partial(revoke_passkey, by=visit.person, credential=credential, why=why)
    )
    return visit.go("/passkeys?recorded=ended")


async def _page(visit: Visit, problems: Problems, goes_back: str) -> Response:
    signing, person = visit.services.signing, visit.person
    held = await _held(visit)
    available = signing.ceremonies is not None
    known = [one.credential for one in held if one.state != "revoked"]
    return visit.page(
        "passkeys.html",
        status=422 if problems else 200,
        problems=problems,
        held=list(reversed(held)),
        usable=bool(signing.usable(held)),
        available=available,
        rp_id=signing.here.site.rp_id if available else "",
        options=signing.here.ask_for_new(person, known, _challenge(visit)) if available else None,
        asking=[one for one in visit.services.policies if one.review.signature == "passkey"],
        recorded=visit.query("recorded"),
        back=goes_back,
    )


def _ask_for_signature(
    visit: Visit, new: NewPasskey, usable: Sequence[HeldPasskey], made: Mapping[str, str], goes_back: str
) -> Response:
    signing = visit.services.signing
    to_sign = passkey_to_sign(signing.log, registration_of(signing, visit.person, new))
    return visit.page(
        "passkey-second.html",
        options=signing.here.ask_to_sign(to_sign, [one.credential for one in usable]),
        hidden={**{f"new_{name}": value for name, value in made.items()}, "return": goes_back},
    )


def _challenge(visit: Visit) -> bytes:
    """For making a passkey: bound to the session and its person. Nothing is signed with it that anybody relies on."""
    reference = visit.services.vault.reference("new passkey", visit.cookie(SESSION), visit.person.id)
    return hashlib.sha256(reference.encode()).digest()


async def _held(visit: Visit) -> list[HeldPasskey]:
    return await visit.services.database.fetch(lambda connection: passkeys_of(connection, visit.person.id))


def _told(problems: Problems, error: GatewayError) -> str:
    if error.code == "passkey_known":
        return problems._("This passkey is on record already. Use another device")
    return problems._("It was not signed for with a passkey of yours. Nothing was recorded. Try again")
