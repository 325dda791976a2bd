"""Redactors that are built once for each worker, and short ways to ask them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import settings

from gateway.redaction import RedactionSettings, Redactor

settings.register_profile("without timings", deadline=None)
settings.load_profile("without timings")

Found = list[tuple[str, str]]


@pytest.fixture(scope="session")
def patterns() -> Redactor:
    """Without the name model."""
    return Redactor.load(RedactionSettings(name_model=None))


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    """As it is shipped."""
    return Redactor.load(RedactionSettings())


@pytest.fixture(scope="session")
def find(patterns: Redactor) -> Callable[[str], Found]:
    """What the patterns find in a text: each value with its type, in reading order."""
    return partial(_found, patterns)


@pytest.fixture(scope="session")
def find_all(redactor: Redactor) -> Callable[[str], Found]:
    """What patterns and name model find."""
    return partial(_found, redactor)


def _found(redactor: Redactor, text: str) -> Found:
    issued = redactor.redact(user(text)).issued
    return [(pseudonym.value, pseudonym.type) for pseudonym in issued]


def user(content: Any, **more: Any) -> dict[str, Any]:
    """A request with one message of a user."""
    return {"messages": [{"role": "user", "content": content}], **more}


def content_of(redacted: Any, message: int = 0) -> Any:
    """The content of a redacted request's message."""
    return redacted.request["messages"][message]["content"]


def answer(content: Any, **more: Any) -> dict[str, Any]:
    """A whole chat completion with one choice."""
    message = {"role": "assistant", "content": content, **more}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
    }
