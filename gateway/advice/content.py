"""Opening what is sealed with an advice, or saying why it is not there."""

from typing import Any

from gateway.advice.erasure import erased_error
from gateway.advice.queries import find_advice
from gateway.advice.state import Advice
from gateway.errors import GatewayError
from gateway.storage import Connection, SealedDamaged, SealedMissing, Vault


def open_content(connection: Connection, vault: Vault, advice: Advice, kind: str) -> Any:
    """The content sealed with an advice. If it is missing, the `GatewayError` distinguishes erasure from damage."""
    content = open_if_sealed(connection, vault, advice, kind)
    if content is None:
        now = find_advice(connection, advice.id)
        raise damaged(advice.id) if now is None or now.erased_at is None else erased_error(now)
    return content


def open_if_sealed(connection: Connection, vault: Vault, advice: Advice, kind: str) -> Any:
    """None where there is none; a `GatewayError` where it was changed."""
    try:
        return vault.open_json(connection, advice=advice.id, kind=kind)
    except SealedMissing:
        return None
    except SealedDamaged:
        raise damaged(advice.id) from None


def open_numbered(connection: Connection, vault: Vault, advice: Advice, kind: str) -> list[Any]:
    """What is sealed as `KIND.1`, `KIND.2` and so on."""
    contents: list[Any] = []
    while (content := open_if_sealed(connection, vault, advice, f"{kind}.{len(contents) + 1}")) is not None:
        contents.append(content)
    return contents


def damaged(advice: str) -> GatewayError:
    """Content that is missing or changed, and no event says why: never to be taken for an erasure."""
    return GatewayError(
        "content_damaged",
        "This advice's content is missing or was changed, and no event on record explains it."
        " Tell the operator: `countersign check` names what is concerned; a backup may have it.",
        advice=advice,
    )
