"""What in a request can't be read, and so is refused; and how an error names its place."""

import re
from collections.abc import Mapping
from typing import Any, Final

from gateway.redaction.redaction_errors import InvalidRequest, Unreadable
from gateway.redaction.request.fields import KNOWN_NAMES, NAMED_PARTS
from gateway.redaction.request.unreadable import unreadable_runs

MAX_DEPTH: Final = 100
"""Members within members. A JSON schema of a real tool stays below 20; Python's own stack ends near 1,000."""
_DATA_URL: Final = re.compile(r"data:[a-z]+/[a-z0-9.+-]+;base64,", re.IGNORECASE)

Path = tuple[str | int, ...]


def param(path: Path) -> str:
    """The name of a place in an error: `messages[0].content[1]`. A member's name that the caller chose becomes `*`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if step in KNOWN_NAMES else "*")
    return text


def too_deep(path: Path) -> Unreadable:
    """The refusal of what nests deeper than anything real does."""
    return Unreadable(param(path), f"Members nest deeper than {MAX_DEPTH}. Send it flatter, or as text.")


def refuse_audio(request: Mapping[str, Any]) -> None:
    """Refuse what asks for an answer that can't be read."""
    if request.get("audio") is not None:
        raise Unreadable("audio", "Answers in audio can't be read. Leave `audio` out.")
    modalities = request.get("modalities")
    if modalities is not None and modalities != ["text"]:
        raise Unreadable("modalities", 'Only text can be read. Leave `modalities` out, or send ["text"].')


def refuse_media(value: Mapping[str, Any], path: Path) -> None:
    """Refuse a part that can't be read in a field that has no rule of its own."""
    kind = value.get("type")
    if isinstance(kind, str) and kind in NAMED_PARTS:
        raise Unreadable(param(path), f"A part of type `{kind}` can't be read, so it is not sent.")


def check_logit_bias(value: Any, path: Path) -> Any:
    """Token ids and numbers: neither can hold a text, and a pseudonym would break them."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidRequest(param(path), "`logit_bias` must be an object.")
    for token, bias in value.items():
        if not (isinstance(token, str) and re.fullmatch(r"[0-9]{1,6}", token)):
            raise Unreadable(
                param(path), "The names of `logit_bias` must be token ids of at most six digits."
            )
        if isinstance(bias, bool) or not isinstance(bias, int | float) or not -100 <= bias <= 100:
            raise InvalidRequest(param(path), "The values of `logit_bias` must be numbers from -100 to 100.")
    return dict(value)


def check_unicode(text: str, path: Path) -> None:
    """Refuse half of a surrogate pair, which no JSON and no model can hold."""
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        valid = False
    else:
        valid = True
    if not valid:
        raise Unreadable(
            param(path), "The text has half of a surrogate pair, which is no character. Send valid Unicode."
        )


def refuse_encoded_data(text: str, path: Path) -> None:
    """Refuse encoded data within a text."""
    if len(text) < 24:
        return
    if _DATA_URL.search(text):
        raise Unreadable(
            param(path), "A data URL can't be read, so it is not sent. Send what it holds as text."
        )
    if next(unreadable_runs(text), None) is not None:
        raise Unreadable(
            param(path), "Encoded data can't be read, so it is not sent. Send what it holds as text."
        )
