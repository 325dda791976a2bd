"""Long runs of characters that can hold a text and that nothing here can read: encoded or encrypted data.

A run passes if it is of a usual form: words that are joined, a hash in hexadecimal, an address, a JSON web token, a
public key. What decodes to a text is read by the decoders, and passes too.
"""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.decoders.standard import decoded_base64

_SHORTEST: Final = 120
"""SHA-512 has 128 digits in hexadecimal, which is a usual form, and 88 in base64; keys and tokens mostly fewer."""
_RUN: Final = re.compile(rf"[!-~]{{{_SHORTEST},}}")
_PART: Final = re.compile(r"[A-Za-z0-9+=_-]{40,}")
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,12}://", re.IGNORECASE)
_HEX: Final = re.compile(r"(?:0x)?[0-9a-fA-F]+(?:[^A-Za-z0-9]{1,3}[0-9a-fA-F]+)*")
_WORD: Final = re.compile(r"[A-Z]?[a-z]{3,}")
_AROUND: Final = ".,;:()[]'\""
_TOKEN: Final = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_KEY: Final = re.compile(r"(?:ssh-(?:rsa|ed25519|dss)|ecdsa-[\w-]+|-----BEGIN [A-Z ]{3,40}-----)\s\Z")
_KINDS: Final = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^A-Za-z0-9]+")
_MIXED: Final = 0.3
"""Changes between small letters, capitals, digits and signs a character: base64 has some 0.5, joined words 0.1."""
_WORDS: Final = 0.25
"""The share of characters that stand in words: base64 has some 0.1."""
_FEWEST_DIFFERENT: Final = 12


def unreadable_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where `text` holds what can't be read."""
    for run in _RUN.finditer(text):
        if _is_data(run[0]) and not _is_usual(text, run):
            yield run.span()


def _is_data(run: str) -> bool:
    """Whether the run mixes kinds of characters as encoded data does, and neither words nor a table's rules do."""
    longest = max((part[0] for part in _PART.finditer(run)), key=len, default="")
    candidate = longest if len(longest) >= _SHORTEST or _ADDRESS.match(run) else run
    if len(candidate) < _SHORTEST or len(set(candidate)) < _FEWEST_DIFFERENT:
        return False
    if sum(map(len, _WORD.findall(candidate))) > _WORDS * len(candidate):
        return False
    return len(_KINDS.findall(candidate)) >= _MIXED * len(candidate)


def _is_usual(text: str, run: re.Match[str]) -> bool:
    if (
        _HEX.fullmatch(run[0].strip(_AROUND))
        or _TOKEN.search(run[0])
        or _KEY.search(text, max(0, run.start() - 60), run.start())
    ):
        return True
    return decoded_base64(run[0]) is not None
