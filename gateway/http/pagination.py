"""Cursors of paged lists: what the last row is sorted by, and its advice, as one opaque word of an address."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from gateway.errors import GatewayError

Cursor = tuple[str, str]


def encode_cursor(cursor: Cursor) -> str:
    """The cursor as text."""
    return urlsafe_b64encode(" ".join(cursor).encode()).decode()


def decode_cursor(text: str | None) -> Cursor | None:
    """The cursor of a text, None if there is no text; a 400 `GatewayError` for any other text."""
    if text is None:
        return None
    try:
        first, _, advice = urlsafe_b64decode(text).decode().partition(" ")
    except ValueError:
        raise GatewayError("invalid_request", "`after` is `next` of another page.", param="after") from None
    return first, advice
