"""The rehearsal model: no model at all, but an extract of what it was sent, and it says so.

A litellm custom provider, `rehearsal/extract`. It lets a department see what a policy redacts, refuses,
attaches and records before it has a model. It honours `n`, and is deterministic but for ids and times.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

LABEL: Final = (
    "Rehearsal: no real model answered. This is an extract of the text that a model would have been sent."
)

SENTENCES: Final = 4
"""How many sentences the extract has at most."""

PIECE: Final = 24
"""Characters in one chunk of a stream."""

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\s|$)|[.!?]+[^\s.!?\n]+[^.!?\n]*)*[.!?]*")
_FACT = re.compile(r"<[A-Z_]+_\d+>|\d|\b[A-Z][a-z]+\b.*\b[A-Z][a-z]+\b")


def rehearse(messages: Sequence[Mapping[str, Any]]) -> str:
    """The label, and the first sentences of the last user message that carry facts: names, numbers,
    pseudonyms.
    """
    sentences = [part.strip() for part in _SENTENCE.findall(_last_user_text(messages)) if part.strip()]
    facts = [sentence for sentence in sentences if _FACT.search(sentence)] or sentences
    extract = "\n".join(f"- {sentence}" for sentence in facts[:SENTENCES])
    return f"{LABEL}\n\n{extract}" if extract else f"{LABEL}\n\nThe request has no text of a user."


def _last_user_text(messages: Sequence[Mapping[str, Any]]) -> str:
    for message in reversed(messages):
        if message.get("role") == "user":
            return _text(message.get("content"))
    return ""


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


def register(litellm: Any) -> None:
    """Make `rehearsal/…` known to this process's litellm."""

    class Rehearsal(litellm.CustomLLM):  # type: ignore[misc]  # litellm is imported late, so untyped
        async def acompletion(self, model: str, messages: list[Any], **options: Any) -> Any:
            return _completion(litellm, model, messages, options["optional_params"].get("n") or 1)

        async def astreaming(self, model: str, messages: list[Any], **options: Any) -> AsyncIterator[Any]:
            for chunk in _chunks(rehearse(messages), options["optional_params"].get("n") or 1):
                yield litellm.ModelResponseStream(model=f"rehearsal/{model}", choices=chunk)

    litellm.custom_provider_map = [{"provider": "rehearsal", "custom_handler": Rehearsal()}]


def _completion(litellm: Any, model: str, messages: list[Any], choices: int) -> Any:
    text = rehearse(messages)
    read = sum(_words(_text(message.get("content"))) for message in messages)
    words = _words(text) * choices
    return litellm.ModelResponse(
        model=f"rehearsal/{model}",
        choices=[
            {"index": index, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
            for index in range(choices)
        ],
        usage={"prompt_tokens": read, "completion_tokens": words, "total_tokens": read + words},
    )


def _words(text: str) -> int:
    """Stands in for tokens: there is no model, so no tokeniser."""
    return len(text.split())


def _chunks(text: str, count: int) -> Iterator[list[dict[str, Any]]]:
    """The choices of each chunk. litellm keeps a chunk's finish_reason back for the first choice only.

    So the others have theirs with their last piece, and the first one in a chunk of its own.
    """
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    for piece in pieces:
        last = "stop" if piece is pieces[-1] else None
        yield [_choice(index, piece, last if index else None) for index in range(count)]
    yield [_choice(0, None, "stop")]


def _choice(index: int, text: str | None, finish_reason: str | None) -> dict[str, Any]:
    return {"index": index, "finish_reason": finish_reason, "delta": {"role": "assistant", "content": text}}
