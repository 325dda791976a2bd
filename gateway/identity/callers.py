"""The kinds of caller, as plain values."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["caseworker", "reviewer", "oversight", "admin"]
ROLES: tuple[Role, ...] = ("caseworker", "reviewer", "oversight", "admin")

_DECIDERS = frozenset({"caseworker", "reviewer"})
_AUDITORS = frozenset({"oversight", "admin"})


@dataclass(frozen=True)
class Application:
    """A caseworker app that calls the gateway with its own key."""

    id: str

    @property
    def actor(self) -> str:
        """How events name it."""
        return f"application:{self.id}"


@dataclass(frozen=True)
class Person:
    """A named human; events name them by the opaque `id` only."""

    id: str
    name: str
    roles: frozenset[Role]

    @property
    def actor(self) -> str:
        """How events name them."""
        return f"person:{self.id}"

    @property
    def may_decide(self) -> bool:
        """Caseworkers and reviewers decide; oversight and admins watch and configure."""
        return bool(self.roles & _DECIDERS)

    @property
    def may_audit(self) -> bool:
        """Whether they may read the record."""
        return bool(self.roles & _AUDITORS)


Caller = Application | Person
