"""The policies in force: what each is for, since when, and its transparency record."""

import asyncio
from dataclasses import dataclass

from fastapi import Response

from gateway.errors import GatewayError
from gateway.identity import name_people
from gateway.oversight import Entry, Question, in_force, transparency_markdown, transparency_record
from gateway.policy import Policy
from gateway.web.policy_changes import Problem, problems_of
from gateway.web.record import file_answer
from gateway.web.visit import Visit


@dataclass(frozen=True)
class OnDisk:
    """What the files would change: what is wrong with them, and the policies that would not be as they are."""

    problems: list[Problem]
    changes: list[str]


async def show(visit: Visit) -> Response:
    """All of them."""
    since = await visit.services.database.fetch(in_force)
    return visit.page(
        "policies.html",
        policies=list(visit.services.policies),
        since=since,
        on_disk=await _on_disk(visit) if "admin" in visit.person.roles else None,
        changed=visit.query("changed"),
    )


async def one(visit: Visit) -> Response:
    """One in full; for oversight and admins with what the record knows of its use."""
    policy = _policy(visit)
    entries = await _record(visit, policy) if visit.person.may_audit else []
    since = (await visit.services.database.fetch(in_force)).get(policy.id)
    return visit.page(
        "policy.html",
        policy=policy,
        since=since,
        put_by="" if since is None else await _put_by(visit, since["actor"]),
        entries=entries,
    )


async def transparency(visit: Visit) -> Response:
    """The transparency record as a file to finish."""
    policy = _policy(visit)
    text = transparency_markdown(policy, await _record(visit, policy))
    name = f"{policy.id}.transparency-record.md"
    return file_answer(text.encode(), name, "text/markdown; charset=utf-8")


async def _on_disk(visit: Visit) -> OnDisk:
    found = await visit.services.changes.diff()
    return OnDisk(problems_of(found), [*found.loaded, *found.retired])


async def _put_by(visit: Visit, actor: str) -> str:
    person = actor.removeprefix("person:")
    if person == actor:
        return actor
    names = await visit.services.database.fetch(lambda connection: name_people(connection, [person]))
    return names.get(person, person)


async def _record(visit: Visit, policy: Policy) -> list[Entry]:
    services = visit.services
    measures = await asyncio.to_thread(
        services.measuring.answer, Question(by="policy", policy=policy.id), grouped=False
    )
    since = (await services.database.fetch(in_force)).get(policy.id)
    routes = visit.settings.models
    models = [routes[name].model if name in routes else name for name in policy.models]
    return transparency_record(
        policy, since=None if since is None else since["since"][:10], models=models, measures=measures
    )


def _policy(visit: Visit) -> Policy:
    found = visit.services.policies.get(visit.request.path_params["policy"])
    if found is None:
        raise GatewayError("unknown_policy", "There is no such policy in force.")
    return found
