"""The people of the demo. They are created before its record, and have keys and passwords that work at each start."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, Final

from audit import Transaction
from gateway.commands.demo_record import DemoPeople
from gateway.errors import GatewayError
from gateway.identity import (
    Application,
    Person,
    Role,
    create_application,
    create_person,
    find_password,
    hash_password,
    identify,
    make_code,
    matches,
    set_password,
)
from gateway.startup.bootstrap import Resources

APPLICATION = "casebook"
PEOPLE: Final[Mapping[str, tuple[str, list[Role]]]] = {
    "caseworker": ("Priya Raman (demo)", ["caseworker"]),
    "reviewer": ("Tom Okafor (demo)", ["reviewer"]),
    "oversight": ("Inspectorate (demo)", ["oversight"]),
    "admin": ("Ada Whitlock (demo)", ["admin"]),
    "second-admin": ("Ben Carey (demo)", ["admin"]),  # what weakens a safeguard takes two
}
COLLEAGUES: Final[Mapping[str, tuple[str, list[Role]]]] = {
    "caseworker": ("Owen Hughes (demo)", ["caseworker"]),
    "reviewer": ("Mair Lewis (demo)", ["reviewer"]),
}
"""They are in the record only. Each of `PEOPLE` signs in to the pages with their label as user name, and a password
made at the first start."""


def make_people(identities: dict[str, Any], transaction: Transaction) -> DemoPeople:
    """The people of the record. The keys of those who stay in the demo are added to `identities`, as `demo.json` has
    them.
    """
    identities["application_key"] = create_application(transaction, APPLICATION, actor="operator")
    identities["people"] = {}
    people = {}
    for label, details in PEOPLE.items():
        people[label], token = _make(transaction, *details)
        identities["people"][label] = {"id": people[label].id, "token": token}
    others = {label: _make(transaction, *details)[0] for label, details in COLLEAGUES.items()}
    return DemoPeople(
        application=APPLICATION,
        asking=(people["caseworker"], others["caseworker"]),
        careful=others["reviewer"],
        hasty=people["reviewer"],
        admin=people["admin"],
    )


def _make(transaction: Transaction, name: str, roles: list[Role]) -> tuple[Person, str]:
    person, token = create_person(transaction, name, roles, actor="operator")
    return Person(person, name, frozenset(roles)), token


async def identities(resources: Resources) -> dict[str, Any]:
    """Keys that work: those of `demo.json` where they still do, new ones otherwise."""
    path = resources.settings.data / "demo.json"
    earlier = json.loads(path.read_text()) if path.is_file() else {}

    def command(transaction: Transaction) -> dict[str, Any]:
        key = earlier.get("application_key")
        if not _works(transaction, key, Application):
            key = create_application(transaction, APPLICATION, actor="operator")
        people = {}
        for label, (name, roles) in PEOPLE.items():
            person = earlier.get("people", {}).get(label, {})
            if not _works(transaction, person.get("token"), Person):
                result, token = create_person(transaction, name, roles, actor="operator")
                person = {"id": result, "token": token}
            people[label] = _with_password(transaction, person, label)
        return {"application_key": key, "people": people}

    result = await resources.make_recorder().submit(command)
    policies = [policy.id for policy in resources.policies]
    faults = {"two_faults": earlier["two_faults"]} if earlier.get("two_faults") else {}
    return {"base_url": resources.settings.local_url, **result, "policies": policies, **faults}


def _with_password(transaction: Transaction, person: dict[str, str], username: str) -> dict[str, str]:
    stored = find_password(transaction.connection, username)
    if (
        stored is not None
        and stored.person.id == person["id"]
        and matches(stored, person.get("password", ""))
    ):
        return person
    password = secrets.token_urlsafe(12)
    code = make_code(transaction, person["id"], username, actor="operator")
    set_password(transaction, username, code, hash_password(password))
    return {**person, "username": username, "password": password}


def _works(transaction: Transaction, token: str | None, kind: type) -> bool:
    try:
        return isinstance(identify(transaction.connection, f"Bearer {token or ''}"), kind)
    except GatewayError:
        return False
