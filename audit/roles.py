"""The roles of each holder's credentials, from `key.created` and `key.revoked`."""

from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]


class Roles:
    """The roles that go with each holder's credentials after the events that `take` was given."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, frozenset[str]]] = {}

    def of(self, holder: str) -> frozenset[str]:
        """The roles of all the credentials that `holder` (`person:…`) has at this point."""
        return frozenset().union(*self._held.get(holder, {}).values())

    def take(self, event: Event) -> None:
        """Bring the roles up to `event`; any other event changes nothing."""
        kind, holder, credential = event.get("type"), str(event.get("holder")), str(event.get("credential"))
        if kind == "key.created":
            roles = event.get("roles")
            granted = frozenset(map(str, roles)) if isinstance(roles, list) else frozenset()
            self._held.setdefault(holder, {})[credential] = granted
        elif kind == "key.revoked":
            self._held.get(holder, {}).pop(credential, None)
