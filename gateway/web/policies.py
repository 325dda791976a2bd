"""The policies in force: what each is for, since when, and its transparency record."""

import asyncio

from fastapi import Response

from gateway.errors import GatewayError
from gateway.oversight import Entry, Question, in_force, transparency_markdown, transparency_record
from gateway.policy import Policy
from gateway.web.record import file_answer
from gateway.web.visit import Visit


async def show(visit: Visit) -> Response:
    """All of them."""
    since = await visit.parts.database.fetch(in_force)
    return visit.page("policies.html", policies=list(visit.parts.policies), since=since)


async def one(visit: Visit) -> Response:
    """One in full; for oversight and admins with what the record knows of its use."""
    policy = _policy(visit)
    entries = await _record(visit, policy) if visit.person.may_audit else []
    since = await visit.parts.database.fetch(in_force)
    return visit.page("policy.html", policy=policy, since=since.get(policy.id), entries=entries)


async def transparency(visit: Visit) -> Response:
    """The transparency record as a file to finish."""
    policy = _policy(visit)
    text = transparency_markdown(policy, await _record(visit, policy))
    name = f"{policy.id}.transparency-record.md"
    return file_answer(text.encode(), name, "text/markdown; charset=utf-8")


async def _record(visit: Visit, policy: Policy) -> list[Entry]:
    parts = visit.parts
    measures = await asyncio.to_thread(
        parts.measuring.answer, Question(by="policy", policy=policy.id), grouped=False
    )
    since = (await parts.database.fetch(in_force)).get(policy.id)
    routes = visit.settings.models
    models = [routes[name].model if name in routes else name for name in policy.models]
    return transparency_record(
        policy, since=None if since is None else since["since"][:10], models=models, measures=measures
    )


def _policy(visit: Visit) -> Policy:
    found = visit.parts.policies.get(visit.request.path_params["policy"])
    if found is None:
        raise GatewayError("unknown_policy", "There is no such policy in force.")
    return found
