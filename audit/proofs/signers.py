"""Which other events a signed decision rests on: those that say whose its passkeys are, and who approved them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

Event = Mapping[str, Any]

KINDS: Final = ("passkey.", "key.")


def is_about_people(event: Event) -> bool:
    """Whether it tells of somebody's passkeys, or of the roles of their credentials."""
    return str(event.get("type")).startswith(KINDS)


def signers(decisions: Iterable[Event], about: Sequence[Event]) -> set[str]:
    """Whose passkeys matter (`person:…`): those who signed, those who approved these people's, and so on.

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
