"""What the record knows against policies: names that nobody has, and evidence that is not there yet."""

from collections.abc import Iterator

from audit import now_text
from gateway.identity import known_applications, known_people
from gateway.policy import Found, PolicyProblem, doubts_about, field_name, place_of
from gateway.settings import Settings
from gateway.startup.configured_database import database_of
from gateway.startup.configured_policies import policy_folders
from gateway.storage import Database


def problems_on_record(settings: Settings, found: Found) -> Iterator[PolicyProblem]:
    """Of each usable policy: what is probably a mistake, and evidence for its stage that the record does not show."""
    database = database_of(settings)
    there = database.exists()
    applications = database.read(known_applications) if there else []
    people = database.read(known_people) if there else None
    folder, _ = policy_folders(settings)
    for name, policy in found.policies.items():
        path = folder / f"{name}.yaml"
        for steps, message in doubts_about(policy, applications, people):
            yield PolicyProblem(str(path), *place_of(path, steps), field_name(steps), message)
    if there and any(policy.scale is not None for policy in found.policies.values()):
        yield from _evidence_missing(settings, found, database)


def _evidence_missing(settings: Settings, found: Found, database: Database) -> Iterator[PolicyProblem]:
    from gateway.operations import evidence_for, evidence_missing  # with most of the gateway

    folder, _ = policy_folders(settings)
    for policy in found.policies.values():
        shown = database.read(
            lambda connection, policy=policy: evidence_for(connection, policy, now_text())  # type: ignore[misc]
        )
        yield from evidence_missing(folder, policy, shown)
