"""The sentences of what is asked, and of an answer, that rules by example compare."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

MAX_SENTENCES: Final = 200
"""Of what is asked that are compared: the first and the last of them, so that a long text costs no more."""
_ENDS: Final = 40
"""Sentences at either end of one message, or of one part of it."""
_END_CHARACTERS: Final = 8_000
_SPLIT: Final = re.compile(r"(?<=[.!?])[)’”\"'*]*\s+|\n+|\|")
_WRAPPED: Final = re.compile(r"(?<=[a-z,])[ \t]*\n[ \t]*(?=[a-z])")
"""A line's end within a sentence."""
_LABEL: Final = (
    r"(?:(?:summari[sz]e|check|read|translate|shorten|here|background|context|the following)\b[^:]{0,40}"
    r"|draft|sources?|records?|notes?|texts?|statements?|entry|documents?)"
)
"""What is before a text that is only handed over: "Summarise this record: ..."."""
_MATERIAL: Final = re.compile(rf"(?i)((?<!\S){_LABEL}):\s")
_ONLY_LABEL: Final = re.compile(rf"(?i){_LABEL}")
_LETTER: Final = re.compile(r"[a-z?]")


def asked_sentences(messages: Sequence[Any]) -> tuple[str, ...]:
    """The sentences of the last user messages that stand together: what is asked, without what went before."""
    users = [isinstance(one, Mapping) and one.get("role") == "user" for one in messages]
    last = max((place for place, is_user in enumerate(users) if is_user), default=-1)
    first = last
    while first > 0 and users[first - 1]:
        first -= 1
    texts = [text for one in messages[max(first, 0) : last + 1] for text in _texts(one)]
    return _ends_of(texts, MAX_SENTENCES // 2)


def hands_over(sentences: Iterable[str]) -> bool:
    """Whether one of them is what stands before a text that is only handed over."""
    return any(_ONLY_LABEL.fullmatch(one) for one in sentences)


def _ends_of(texts: Sequence[str], most: int) -> tuple[str, ...]:
    """So many sentences at the beginning and at the end of the texts; of what is between them none is read."""
    begun: list[str] = []
    ended: list[str] = []
    first, last = 0, len(texts)
    while first < last and len(begun) < most:
        begun += sentences_of(texts[first])
        first += 1
    while first < last and len(ended) < most:
        last -= 1
        ended = [*sentences_of(texts[last]), *ended]
    return _ends([*begun, *ended], most)


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text; of a long one those at its beginning and its end."""
    if len(text) > 2 * _END_CHARACTERS:
        text = f"{text[:_END_CHARACTERS]}\n{text[-_END_CHARACTERS:]}"
    text = _WRAPPED.sub(" ", text)
    found = (piece.strip() for sentence in _SPLIT.split(text) for piece in _MATERIAL.split(sentence))
    return _ends([piece for piece in found if _LETTER.search(piece.lower())], _ENDS)


def _ends(found: Sequence[str], many: int) -> tuple[str, ...]:
    return tuple(found) if len(found) <= 2 * many else (*found[:many], *found[-many:])


def _texts(message: Any) -> Iterable[str]:
    content = message.get("content") if isinstance(message, Mapping) else None
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = (part.get("text") for part in parts if isinstance(part, Mapping))
    return [text for text in texts if isinstance(text, str)]
