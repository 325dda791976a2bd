"""What is read: a request to redact it, an answer to inspect it, and both to compare them.

Functions of a module, so that another process finds them by their names.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.evidence import Evidence, People, evidence_of, shipped_model
from gateway.redaction import Inspection, RedactedRequest, Redactor


def redact(redactor: Redactor, /, request: Mapping[str, Any], **named: Any) -> RedactedRequest:
    """As `Redactor.redact`."""
    return redactor.redact(request, **named)


def inspect(
    redactor: Redactor, /, redacted: RedactedRequest, completion: Mapping[str, Any], **sent: Any
) -> Inspection:
    """What an answer to `redacted` holds; `sent` as for `Redactor.inspector`."""
    return redactor.inspector(redacted, **sent).inspect(completion)


def mask(
    redactor: Redactor, /, redacted: RedactedRequest, completion: Mapping[str, Any], **sent: Any
) -> tuple[dict[str, Any], Inspection]:
    """The answer without what it adds, and what it holds then."""
    return redactor.inspector(redacted, **sent, hidden=True).mask(completion)


def compare(
    _: Redactor, /, messages: Sequence[str], answers: Sequence[str], people: People, *, sentences: bool
) -> Evidence:
    """What the answers rest on; with a model that compares their sentences if asked."""
    return evidence_of(messages, answers, people, shipped_model() if sentences else None)
