"""The other events that a signed decision depends on: registrations and approvals of passkeys, and roles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Event = Mapping[str, Any]

KINDS: Final = ("passkey.", "key.")


def is_about_people(event: Event) -> bool:
    """Whether the event is about somebody's passkeys, or about the roles of their credentials."""
    return str(event.get("type")).startswith(KINDS)


def signers(decisions: Iterable[Event], about: Sequence[Event]) -> set[str]:
    """The holders (`person:…`) whose passkeys have to be checked: the signers, the admins who approved their
    passkeys, the admins who approved those of these admins, and so on.

    `about`: the events of `is_about_people`.
    """
    holders = {str(event.get("actor")) for event in decisions if "signature" in event}
    while True:
        approving = {
            str(event.get("actor"))
            for event in about
            if event.get("type") == "passkey.approved" and event.get("holder") in holders
        }
        if approving <= holders:
            return holders
        holders |= approving
