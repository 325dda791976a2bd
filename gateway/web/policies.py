"""The policies in force: what each is for, since when, and its transparency record."""

import asyncio
from dataclasses import dataclass

from fastapi import Response

from gateway.errors import GatewayError
from gateway.identity import name_people
from gateway.operations import retired_policies
from gateway.oversight import Entry, Question, in_force, transparency_markdown, transparency_record
from gateway.policy import Policy
from gateway.web.page_request import PageRequest
from gateway.web.policy_changes import Problem, problems_of
from gateway.web.record import file_answer


@dataclass(frozen=True)
class PolicyFileChanges:
    """The effect of the files on the disk: their problems, and the policies that would change or have no file."""

    problems: list[Problem]
    changes: list[str]
    missing: list[str]
    retired: list[str]
    """Those that have a file here."""


async def show(page: PageRequest) -> Response:
    """All of them."""
    since = await page.services.database.fetch(in_force)
    return page.render(
        "policies.html",
        policies=list(page.services.policies),
        since=since,
        on_disk=await _on_disk(page) if "admin" in page.person.roles else None,
        changed=page.query("changed"),
    )


async def policy_page(page: PageRequest) -> Response:
    """One in full; for oversight and admins with what the record knows of its use."""
    policy_id = str(page.request.path_params["policy"])
    retired = page.services.policies.get(policy_id) is None
    if retired and policy_id in await page.services.database.fetch(retired_policies):
        return page.render("policy-retired.html", policy=policy_id)
    policy = _policy(page)
    entries = await _record(page, policy) if page.person.may_audit else []
    since = (await page.services.database.fetch(in_force)).get(policy.id)
    return page.render(
        "policy.html",
        policy=policy,
        since=since,
        put_by="" if since is None else await _put_by(page, since["actor"]),
        entries=entries,
    )


async def back(page: PageRequest) -> Response:
    """To the policy whose form was sent."""
    return page.redirect(page.request.url.path.rpartition("/")[0])


async def transparency(page: PageRequest) -> Response:
    """The transparency record as a file to finish."""
    policy = _policy(page)
    text = transparency_markdown(policy, await _record(page, policy))
    name = f"{policy.id}.transparency-record.md"
    return file_answer(text.encode(), name, "text/markdown; charset=utf-8")


async def _on_disk(page: PageRequest) -> PolicyFileChanges:
    difference = await page.services.changes.diff()
    changes = [name for name in difference.loaded if name not in difference.retired]
    return PolicyFileChanges(
        problems_of(difference), changes, list(difference.missing), list(difference.retired)
    )


async def _put_by(page: PageRequest, actor: str) -> str:
    person = actor.removeprefix("person:")
    if person == actor:
        return actor
    names = await page.services.database.fetch(lambda connection: name_people(connection, [person]))
    return names.get(person, person)


async def _record(page: PageRequest, policy: Policy) -> list[Entry]:
    services = page.services
    measures = await asyncio.to_thread(
        services.measuring.answer, Question(by="policy", policy=policy.id), grouped=False
    )
    since = (await services.database.fetch(in_force)).get(policy.id)
    routes = page.settings.models
    models = [routes[name].model if name in routes else name for name in policy.models]
    return transparency_record(
        policy, since=None if since is None else since["since"][:10], models=models, measures=measures
    )


def _policy(page: PageRequest) -> Policy:
    policy = page.services.policies.get(page.request.path_params["policy"])
    if policy is None:
        raise GatewayError("unknown_policy", "There is no such policy in force.")
    return policy
