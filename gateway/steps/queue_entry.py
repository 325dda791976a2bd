"""The heading of an advice in a queue: the case's reference and the first words of the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.advice import Advice
from gateway.steps.message_text import TextSplitter, message_text
from gateway.storage import Connection, SealedDamaged, SealedMissing, Vault

_MAX_LENGTH: Final = 160
_READ: Final = 2_000
"""Characters of a message of which the first words are made."""


@dataclass(frozen=True)
class Heading:
    """`case` as the application named it, None without one; `words` are empty where nothing can be shown."""

    case: str | None = None
    words: str = ""


def heading_of(connection: Connection, vault: Vault, advice: Advice) -> Heading:
    """For somebody who may decide: they are shown what was asked, with the values that were taken out in place.

    Empty of advice that was erased; and of damaged content, which the advice's own page names.
    """
    if advice.erased_at is not None:
        return Heading()
    try:
        request = vault.open_json(connection, advice=advice.id, kind="request")
        sent = vault.open_json(connection, advice=advice.id, kind="sent")
    except (SealedMissing, SealedDamaged):
        return Heading()
    values = {text: value for text, _, value in request["issued"]}
    return Heading(request.get("case"), _first_words(_question(sent, request.get("prompt_at", 0)), values))


def _question(sent: Mapping[str, Any], prompt_at: int | None) -> str:
    """The newest message of the user, else the newest of all but the policy's own prompt."""
    messages = [item for place, item in enumerate(sent["messages"]) if place != prompt_at]
    questions = [message for message in messages if message.get("role") == "user"] or messages
    return message_text(questions[-1])[:_READ] if questions else ""


def _first_words(text: str, values: Mapping[str, str]) -> str:
    restored = " ".join("".join(values.get(part, part) for part in TextSplitter(values).of(text)).split())
    if len(restored) <= _MAX_LENGTH:
        return restored
    return (
        restored[:_MAX_LENGTH].rpartition(" ")[0].rstrip(",;:") + " …"
        if " " in restored[:_MAX_LENGTH]
        else restored[:_MAX_LENGTH] + "…"
    )
