"""A value that a person reports as missed: whether it stands in a request at all, so that it can be redacted there."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from gateway.redaction.mentions import Mentions
from gateway.redaction.pseudonyms import number_of
from gateway.redaction.reading import Reading
from gateway.redaction.redactor import text_of

_SHORTEST: Final = 2


def can_be_redacted(value: str) -> bool:
    """Whether there is enough of it (a single letter would stand everywhere), and it is no pseudonym itself."""
    return number_of(value.strip()) is None and sum(map(str.isalnum, Reading(value).text)) >= _SHORTEST


def stands_in(value: str, requests: Iterable[Mapping[str, Any]]) -> bool:
    """Whether one of the requests holds `value`, in any spelling in which it would be redacted from now on."""
    mentions = Mentions()
    mentions.add_phrase(Reading(value).text)
    return any(next(mentions.search(text_of(request)), None) is not None for request in requests)
