"""People's passkeys, for admins: those that wait for two of them, and an end to one that must not sign any more."""

from functools import partial

from fastapi import Response

from gateway.identity import (
    HeldPasskey,
    approval_of,
    approve_passkey,
    approved_by,
    find_passkey,
    name_people,
    passkeys_of,
    revoke_passkey,
    unknown_passkey,
    waiting_passkeys,
)
from gateway.storage import Connection
from gateway.web.decision_signature import signature_of
from gateway.web.page_request import PageRequest


async def show(page: PageRequest) -> Response:
    """The passkeys that wait, or all of one person's."""
    person = page.query("person")

    def find(
        connection: Connection,
    ) -> tuple[list[HeldPasskey], dict[str, list[str]], dict[str, str]]:
        passkeys = passkeys_of(connection, person) if person else waiting_passkeys(connection)
        approved = {passkey.credential: approved_by(connection, passkey.credential) for passkey in passkeys}
        people = {passkey.person for passkey in passkeys}.union(
            [person] if person else [], *approved.values()
        )
        return passkeys, approved, name_people(connection, people)

    passkeys, approved, names = await page.services.database.fetch(find)
    return page.render(
        "waiting-passkeys.html",
        found=passkeys,
        approved=approved,
        names=names,
        person=person if person in names else "",
        recorded=page.query("recorded"),
    )


async def passkey_page(page: PageRequest) -> Response:
    """One passkey, with what an admin may do about it."""
    signing, admin = page.services.signing, page.person

    def find(connection: Connection) -> tuple[HeldPasskey, dict[str, str], list[str], list[HeldPasskey]]:
        passkey = find_passkey(connection, _credential(page))
        if passkey is None:
            raise unknown_passkey()
        names, own = name_people(connection, [passkey.person]), passkeys_of(connection, admin.id)
        return passkey, names, approved_by(connection, passkey.credential), signing.usable(own)

    passkey, names, approved, usable = await page.services.database.fetch(find)
    options = None
    if usable:
        to_sign = approval_of(signing, passkey, admin)
        options = signing.here.ask_to_sign(to_sign, [held.credential for held in usable])
    return page.render(
        "one-passkey.html",
        passkey=passkey,
        name=names.get(passkey.person, passkey.person),
        own=passkey.person == admin.id,
        mine=admin.id in approved,
        usable=bool(usable),
        options=options,
    )


async def back(page: PageRequest) -> Response:
    """Where the forms are sent to there is no page."""
    return page.redirect(f"/keys/passkeys/{_credential(page)}")


async def approve(page: PageRequest) -> Response:
    """Put the admin's approval on record, signed with their own passkey."""
    await page.services.recorder.submit(
        partial(
            approve_passkey,
            signing=page.services.signing,
            admin=page.person,
            credential=_credential(page),
            signature=signature_of(page),
        )
    )
    return page.redirect("/keys/passkeys?recorded=approved")


async def revoke(page: PageRequest) -> Response:
    """End a passkey, or turn down one that waits."""
    credential, why = _credential(page), page.value("why")
    await page.services.recorder.submit(
        partial(revoke_passkey, by=page.person, credential=credential, why=why)
    )
    return page.redirect("/keys/passkeys?recorded=ended")


def _credential(page: PageRequest) -> str:
    return str(page.request.path_params["credential"])
