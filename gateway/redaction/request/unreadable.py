"""Long runs of characters that can hold a text and that nothing here can read: encoded or encrypted data.

A run passes if it is of a usual form: words that are joined, a hash in hexadecimal, an address, a JSON web token, a
public key. What decodes to a text is read by the decoders, and passes too.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.decoders.standard import decoded_base64

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
    if (
        _HEX.fullmatch(run.strip(_AROUND))
        or _TOKEN.search(run)
        or _KEY.search(text, max(0, start - 60), start)
    ):
        return True
    return decoded_base64(run) is not None
