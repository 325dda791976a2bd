"""Who calls: applications with a key, people with a token and roles.

An application can ask, never decide; a person decides in their own name. Credentials are random 256-bit secrets,
stored as SHA-256 only, looked up on each request, so that revoking one works at once.
"""

from gateway.identity.callers import Application, Caller, Person, Role
from gateway.identity.credentials import (
    create_application,
    create_person,
    find_person,
    identify,
    list_credentials,
    revoke,
)

__all__ = [
    "Application",
    "Caller",
    "Person",
    "Role",
    "create_application",
    "create_person",
    "find_person",
    "identify",
    "list_credentials",
    "revoke",
]
