"""A value that a person reports as missed: whether it stands in a request at all, so that it can be redacted there."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.redaction.detection.known_values import KnownValues
from gateway.redaction.pseudonyms.pseudonyms import type_of
from gateway.redaction.redactor import text_of
from gateway.redaction.text.normalised import NormalisedText

_MIN_LENGTH: Final = 2


def can_be_redacted(value: str) -> bool:
    """Whether there is enough of it (a single letter would stand everywhere), and it is no pseudonym itself."""
    return type_of(value.strip()) is None and sum(map(str.isalnum, NormalisedText(value).text)) >= _MIN_LENGTH


def occurs_in(value: str, requests: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the requests holds `value`, in any spelling in which it would be redacted from now on."""
    known_values = KnownValues()
    known_values.add_phrase(NormalisedText(value).text)
    return any(any(known_values.search(text_of(request))) for request in requests)
