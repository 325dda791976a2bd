"""What in a request can't be read, and so is refused; and how an error names its place.

Unreadable are long runs of characters that can hold a text: encoded or encrypted data. A run passes if it is of a usual
form: words that are joined, a hash in hexadecimal, an address, a JSON web token, a public key. What decodes to a text
is read by the decoders, and passes too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.redaction.decoders.standard import decoded_base64
from gateway.redaction.redaction_errors import InvalidRequest, Unreadable
from gateway.redaction.request.fields import KNOWN_NAMES, NAMED_PARTS

MAX_DEPTH: Final = 100
"""Members within members. A JSON schema of a real tool stays below 20; Python's own stack ends near 1,000."""
_HALF: Final = re.compile("[\ud800-\udfff]")
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
    if not isinstance(value, Mapping):
        raise InvalidRequest(param(path), "`logit_bias` must be an object.")
    if not all(isinstance(token, str) and re.fullmatch(r"[0-9]{1,6}", token) for token in value):
        raise Unreadable(param(path), "The names of `logit_bias` must be token ids of at most six digits.")
    for bias in value.values():
        if isinstance(bias, bool) or not isinstance(bias, int | float) or not -100 <= bias <= 100:
            raise InvalidRequest(param(path), "The values of `logit_bias` must be numbers from -100 to 100.")
    return dict(value)


def check_unicode(text: str, path: Path) -> None:
    """Refuse half of a surrogate pair, which no JSON and no model can hold."""
    if not text.isascii() and _HALF.search(text):
        raise Unreadable(
            param(path), "The text has half of a surrogate pair, which is no character. Send valid Unicode."
        )


def check_text(text: str, path: Path) -> None:
    """Refuse what is no Unicode, and encoded data within a text."""
    check_unicode(text, path)
    data_url = _DATA_URL.search(text)
    if data_url or next(unreadable_runs(text), None) is not None:
        what = "A data URL" if data_url else "Encoded data"
        raise Unreadable(param(path), f"{what} can't be read, so it is not sent. Send what it holds as text.")


_MIN_LENGTH: Final = 120
"""SHA-512 has 128 digits in hexadecimal, which is a usual form, and 88 in base64; keys and tokens mostly fewer."""
_RUN: Final = re.compile(rf"[!-~]{{{_MIN_LENGTH},}}")
_LINES: Final = re.compile(r"(?<![!-~])([!-~]{40,100})(?:[ \t]*\r?\n[ \t>]{0,8}[!-~]{4,100}(?![!-~]))+")
"""Lines without a blank, as encoded data is cut into."""
_PART: Final = re.compile(r"[A-Za-z0-9+/=_-]{40,}")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,12}://", re.IGNORECASE)
_HEX: Final = re.compile(r"(?:0x)?[0-9a-fA-F]+(?:[^A-Za-z0-9]{1,3}[0-9a-fA-F]+)*")
_WORD: Final = re.compile(r"[A-Z]?[a-z]{3,}")
_AROUND: Final = ".,;:()[]'\""
_TOKEN: Final = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_KEY: Final = re.compile(r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-[\w-]+|-----BEGIN [A-Z ]{3,40}-----)\s\Z")
_KINDS: Final = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^A-Za-z0-9]+")
_MIXED: Final = 0.3
"""Changes between small letters, capitals, digits and signs a character: base64 has some 0.5, joined words 0.1."""
_MIXED_CAPITALS: Final = 0.12
"""The same in base32, which has capitals and some digits."""
_SIGN: Final = re.compile(r"[^A-Za-z0-9]")
_MANY_SIGNS: Final = 12
_SMALL: Final = re.compile(r"[a-z]")
_WORDS: Final = 0.25
"""The share of characters that stand in words: base64 has some 0.1."""
_FEWEST_DIFFERENT: Final = 12


def unreadable_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where `text` holds what can't be read."""
    for run in _RUN.finditer(text):
        if _is_data(run[0]) and not _is_usual(text, run.start(), run[0]):
            yield run.span()
    for lines in _LINES.finditer(text):
        cut = [line.strip(" \t>\r") for line in lines[0].split("\n")]
        same = [line for line in cut if len(line) == len(lines[1])]
        whole = "".join(same)
        if len(same) > 1 and _is_data(whole) and not _is_usual(text, lines.start(), whole):
            yield lines.span()


def _is_data(run: str) -> bool:
    """Whether the run mixes kinds of characters as encoded data does, and neither words nor a table's rules do."""
    longest = max((part[0] for part in _PART.finditer(run)), key=len, default="")
    if len(longest) < _MIN_LENGTH:
        # Signs part the fields of a table, of JSON or of a drawing; an encoding that uses signs uses many.
        if _ADDRESS.match(run) or len(set(_SIGN.findall(run))) < _MANY_SIGNS:
            return False
        longest = run
    if len(longest) < _MIN_LENGTH or len(set(longest)) < _FEWEST_DIFFERENT:
        return False
    if sum(map(len, _WORD.findall(longest))) > _WORDS * len(longest):
        return False
    mixed = _MIXED if _SMALL.search(longest) else _MIXED_CAPITALS
    return len(_KINDS.findall(longest)) >= mixed * len(longest)


def _is_usual(text: str, start: int, run: str) -> bool:
    return bool(
        _HEX.fullmatch(run.strip(_AROUND))
        or _TOKEN.search(run)
        or _KEY.search(text, max(0, start - 60), start)
        or decoded_base64(run)
    )
