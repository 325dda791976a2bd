"""Where a page of advice ends, as an opaque word in an address: what it is sorted by, and the advice's id."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from gateway.errors import GatewayError

Place = tuple[str, str]


def write_place(place: Place) -> str:
    """The word for a place."""
    return urlsafe_b64encode(" ".join(place).encode()).decode()


def read_place(text: str | None) -> Place | None:
    """The place that a word stands for, none if there is no word; a 400 `GatewayError` for any other text."""
    if text is None:
        return None
    try:
        first, _, advice = urlsafe_b64decode(text).decode().partition(" ")
    except ValueError:
        raise GatewayError("invalid_request", "`after` is `next` of another page.", param="after") from None
    return first, advice
