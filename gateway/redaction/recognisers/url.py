"""URL: addresses of the web; a path, a query or a profile's name can name a person."""

import re
from typing import Final

from gateway.redaction.recognisers.identifier import Identifier

_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_REST = r"[^\s<>\"'\])}]"
_PUBLIC: Final = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*"
    r"(?:(?:gov|nhs|police|parliament|judiciary)\.uk|gov\.(?:wales|scot)|llyw\.cymru|citizensadvice\.org\.uk)"
    r"(?!.*\d{5})(?:/[\w./#-]*)?",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+(?::(?:latest|v?\d+\.[\w.-]+)|@sha256:[\da-f]+)")


def check(value: str) -> bool | None:
    """False for a page of a public body without a long number or a query, and for a container's image."""
    return False if _PUBLIC.fullmatch(value) or _IMAGE.fullmatch(value) else None


URL = Identifier(
    type="URL",
    forms={
        rf"(?<!\w)(?:https?|ftp)://{_REST}{{1,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@.-])www\d?\.{_REST}{{3,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@./-])(?:{_LABEL}\.){{1,4}}[a-z]{{2,24}}/{_REST}{{1,2000}}(?<![.,;:!?])": 0.5,
    },
    check=check,
    look=r"://|www|\.[a-z]{2,24}/",
    examples=("https://people.example.org/quilp",),
)
