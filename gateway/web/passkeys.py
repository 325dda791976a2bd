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
from gateway.web.csrf import local_address
from gateway.web.decision_signature import signature_of
from gateway.web.page_request import SESSION, PageRequest
from gateway.web.problems import Problems

_MADE: Final = ("credential", "client_data", "attestation_object", "public_key")


async def show(page: PageRequest) -> Response:
    """The person's passkeys, and the button that makes another."""
    return await _page(page, Problems(page.language), local_address(page.query("return")) or "")


async def back(page: PageRequest) -> Response:
    """Where the forms are sent to there is no page."""
    return page.redirect("/passkeys")


async def add(page: PageRequest) -> Response:
    """Register what the browser made; where one of the person's own must sign for it, ask for that first."""
    signing, goes_back = page.services.signing, local_address(page.value("return")) or ""
    signed = bool(page.value("signature"))
    members = {name: page.value(f"new_{name}" if signed else name) for name in _MADE}
    problems = Problems(page.language)
    try:
        new = signing.here.read_new(members, _challenge(page))
    except CeremonyFailed:
        problems.add("add", problems._("That was no new passkey for you. Try again"))
        return await _page(page, problems, goes_back)
    if not signed and (usable := signing.usable(await _held(page))):
        return _ask_for_signature(page, new, usable, members, goes_back)
    signature = signature_of(page) if signed else None
    try:
        held = await page.services.recorder.submit(
            partial(register_passkey, signing=signing, person=page.person, new=new, signature=signature)
        )
    except GatewayError as error:
        if error.code not in ("signature_invalid", "passkey_known"):
            raise
        problems.add("add", _describe_refusal(problems, error))
        return await _page(page, problems, goes_back)
    if held.state == "waits":
        return page.redirect("/passkeys?recorded=waits")
    return page.redirect(goes_back or "/passkeys?recorded=added")


async def revoke(page: PageRequest) -> Response:
    """End one of the person's own."""
    credential, why = page.value("credential"), page.value("why")
    if not any(passkey.credential == credential for passkey in await _held(page)):
        raise unknown_passkey()
    await page.services.recorder.submit(
        partial(revoke_passkey, by=page.person, credential=credential, why=why)
    )
    return page.redirect("/passkeys?recorded=ended")


async def _page(page: PageRequest, problems: Problems, goes_back: str) -> Response:
    signing, person = page.services.signing, page.person
    held = await _held(page)
    available = signing.ceremonies is not None
    known = [passkey.credential for passkey in held if passkey.state != "revoked"]
    return page.render(
        "passkeys.html",
        status=422 if problems else 200,
        problems=problems,
        held=list(reversed(held)),
        usable=bool(signing.usable(held)),
        available=available,
        rp_id=signing.here.site.rp_id if available else "",
        options=signing.here.ask_for_new(person, known, _challenge(page)) if available else None,
        asking=[policy for policy in page.services.policies if policy.review.signature == "passkey"],
        recorded=page.query("recorded"),
        back=goes_back,
    )


def _ask_for_signature(
    page: PageRequest,
    new: NewPasskey,
    usable: Sequence[HeldPasskey],
    members: Mapping[str, str],
    goes_back: str,
) -> Response:
    signing = page.services.signing
    to_sign = passkey_to_sign(signing.log, registration_of(signing, page.person, new))
    return page.render(
        "passkey-second.html",
        options=signing.here.ask_to_sign(to_sign, [passkey.credential for passkey in usable]),
        hidden={**{f"new_{name}": value for name, value in members.items()}, "return": goes_back},
    )


def _challenge(page: PageRequest) -> bytes:
    """For making a passkey: bound to the session and its person. Nothing is signed with it that anybody relies on."""
    reference = page.services.vault.reference("new passkey", page.cookie(SESSION), page.person.id)
    return hashlib.sha256(reference.encode()).digest()


async def _held(page: PageRequest) -> list[HeldPasskey]:
    return await page.services.database.fetch(lambda connection: passkeys_of(connection, page.person.id))


def _describe_refusal(problems: Problems, error: GatewayError) -> str:
    if error.code == "passkey_known":
        return problems._("This passkey is on record already. Use another device")
    return problems._("It was not signed for with a passkey of yours. Nothing was recorded. Try again")
