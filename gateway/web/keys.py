"""People, applications and their keys, for admins: who has which, since when, and an end to it at once."""

from fastapi import Response

from gateway.identity import list_credentials, revoke
from gateway.web.page_request import PageRequest


async def show(page: PageRequest) -> Response:
    """Every credential without its secret, by whose it is; those that have ended last."""
    rows = await page.services.database.fetch(list_credentials)
    rows.sort(
        key=lambda row: (row["revoked_at"] is not None, row["name"] or row["holder"], row["created_at"])
    )
    return page.render("keys.html", keys=rows, revoked=page.query("revoked"))


async def revoke_one(page: PageRequest) -> Response:
    """End one credential; its sessions end with it."""
    which, actor = page.value("credential"), page.person.actor
    await page.services.recorder.submit(lambda transaction: revoke(transaction, which, actor=actor))
    return page.redirect("/keys?revoked=1")
