"""Every version of a policy that was ever in force: its words, how it differs from the one before, who put it there."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import Response

from gateway.advice import Run
from gateway.errors import GatewayError
from gateway.identity import name_people
from gateway.operations import (
    PolicyVersion,
    evidence_on_record,
    find_version,
    history_of,
    kept_files,
    kept_policy,
    kept_words,
)
from gateway.policy import Policy, contents, differences
from gateway.storage import Connection
from gateway.web.page_request import PageRequest
from gateway.web.policy_difference import runs_of

_PERSON = "person:"


@dataclass(frozen=True)
class _Words:
    """What a version says: as fields where this release can read them, as it was hashed, and as it was written."""

    policy: Policy | None
    fields: list[tuple[str, str]]
    raw: str
    files: list[tuple[str, str]]


async def history(page: PageRequest) -> Response:
    """All of them, newest first."""
    policy = _policy(page)
    versions = await page.services.database.fetch(lambda connection: history_of(connection, policy))
    if not versions:
        raise GatewayError("unknown_policy", "No policy of this name was ever in force.")
    names = await _names(page, versions)
    return page.render(
        "policy-versions.html",
        policy=policy,
        title=_title(page, policy),
        versions=versions,
        earlier=_earlier(versions),
        names=names,
        evidence={one.event: evidence_on_record(one.evidence) for one in versions},
    )


async def one(page: PageRequest) -> Response:
    """One: exactly the words that advice was given under."""
    policy, asked = _policy(page), str(page.request.path_params["version"])

    def look(connection: Connection) -> tuple[PolicyVersion, _Words, list[PolicyVersion]]:
        version = find_version(connection, policy, asked)
        return version, _words(connection, version), history_of(connection, policy)

    version, words, versions = await page.services.database.fetch(look)
    in_force = page.services.policies.get(policy)
    return page.render(
        "policy-version.html",
        policy=policy,
        title=words.policy.title if words.policy else policy,
        version=version,
        words=words,
        names=await _names(page, [version]),
        evidence=evidence_on_record(version.evidence, words.policy),
        earlier=_earlier(versions).get(version.event),
        is_in_force=in_force is not None and in_force.version == version.version,
        may_restore="admin" in page.person.roles and bool(words.files),
    )


async def compare(page: PageRequest) -> Response:
    """How one differs from another, field by field."""
    policy, before, after = _policy(page), page.query("before"), page.query("after")

    def look(connection: Connection) -> tuple[PolicyVersion, PolicyVersion, Policy | None, Policy | None]:
        old, new = find_version(connection, policy, before), find_version(connection, policy, after)
        return old, new, kept_policy(connection, old), kept_policy(connection, new)

    old, new, old_words, new_words = await page.services.database.fetch(look)
    fields: list[tuple[str, list[Run]]] | None = None
    if old_words is not None and new_words is not None:
        found = await asyncio.to_thread(differences, old_words, new_words)
        fields = [(one.field, runs_of(one)) for one in found]
    return page.render(
        "policy-compare.html", policy=policy, title=_title(page, policy), old=old, new=new, fields=fields
    )


async def restore(page: PageRequest) -> Response:
    """Write its files back; the page of changes shows what that would do."""
    policy, asked = _policy(page), str(page.request.path_params["version"])
    version = await page.services.database.fetch(lambda connection: find_version(connection, policy, asked))
    await page.services.changes.restore(version)
    return page.redirect("/policy-changes")


async def back(page: PageRequest) -> Response:
    """To the version whose form was sent."""
    return page.redirect(page.request.url.path.removesuffix("/restore"))


def _words(connection: Connection, version: PolicyVersion) -> _Words:
    policy, raw = kept_policy(connection, version), kept_words(connection, version)
    files = kept_files(connection, version)
    return _Words(
        policy,
        [] if policy is None else [(one.field, one.after or "") for one in contents(policy)],
        "" if raw is None else json.dumps(json.loads(raw), indent=1, ensure_ascii=False),
        [(what, content.decode("utf-8", "replace")) for what, content in files.items()],
    )


async def _names(page: PageRequest, versions: Iterable[PolicyVersion]) -> dict[str, str]:
    """Of who put it in force or agreed to that, by how events name them."""
    actors = {actor for one in versions for actor in (one.actor, *one.approved_by)}
    people = {actor.removeprefix(_PERSON) for actor in actors if actor.startswith(_PERSON)}
    found = await page.services.database.fetch(lambda connection: name_people(connection, people))
    return {actor: found.get(actor.removeprefix(_PERSON), actor) for actor in actors}


def _earlier(versions: Sequence[PolicyVersion]) -> dict[int, PolicyVersion]:
    """What was in force before each of them, by the later one's event; `versions` are newest first."""
    worded = [one for one in versions if one.version]
    return {later.event: before for later, before in pairwise(worded)}


def _title(page: PageRequest, policy: str) -> str:
    found = page.services.policies.get(policy)
    return policy if found is None else found.title


def _policy(page: PageRequest) -> str:
    return str(page.request.path_params["policy"])
