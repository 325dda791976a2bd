"""People, applications and their keys, for admins: who has which, since when, and an end to it at once."""

from fastapi import Response

from gateway.identity import list_credentials, revoke
from gateway.web.visit import Visit


async def show(visit: Visit) -> Response:
    """Every credential without its secret, by whose it is; those that have ended last."""
    rows = await visit.services.database.fetch(list_credentials)
    rows.sort(
        key=lambda one: (one["revoked_at"] is not None, one["name"] or one["holder"], one["created_at"])
    )
    return visit.page("keys.html", keys=rows, revoked=visit.query("revoked"))


async def revoke_one(visit: Visit) -> Response:
    """End one credential; its sessions end with it."""
    which, actor = visit.value("credential"), visit.person.actor
    await visit.services.recorder.submit(lambda transaction: revoke(transaction, which, actor=actor))
    return visit.go("/keys?revoked=1")
