"""Counts the words to read, and the words that a person changed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from rapidfuzz.distance import Levenshtein

from gateway.advice.held_tool_calls import calls_as_text

_WORD: Final = re.compile(r"\S+\s*|\s+")


def answer_texts(completion: Mapping[str, Any]) -> Iterator[str]:
    """The text of each choice of a chat completion, and its tool calls."""
    for choice in completion.get("choices") or ():
        message = choice.get("message") or {}
        if isinstance(message.get("content"), str):
            yield message["content"]
        if calls := calls_as_text(message):
            yield calls


def plain_words(text: str) -> str:
    """The text apart from case and white space, to be compared."""
    return " ".join(text.casefold().split())


def count_words(text: str) -> int:
    """Words as a reader counts them: runs of anything but white space."""
    return len(text.split())


def thousandths_changed(before: str, after: str) -> int:
    """How much of a text was changed: 0 for nothing, 1000 for every word of it.

    The fewest words to be inserted, deleted or replaced that make `after` of `before` (Levenshtein 1966, over words),
    per thousand of the longer text's words, rounded up so that 0 means the same words.
    """
    old, new = before.split(), after.split()
    longest = max(len(old), len(new))
    return -(-1000 * Levenshtein.distance(old, new) // longest) if longest else 0


Run = tuple[Literal["kept", "out", "in"], str]


def word_runs(before: str, after: str) -> list[Run]:
    """The difference from `before` to `after`: runs of words kept, removed and inserted, each with its white space."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    runs: list[Run] = []
    for step in Levenshtein.opcodes(old, new):
        taken, put = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if step.tag == "equal":
            runs.append(("kept", "".join(put)))
            continue
        if taken:
            runs.append(("out", "".join(taken)))
        if put:
            runs.append(("in", "".join(put)))
    return runs


def shortened(runs: Sequence[Run], around: int = 80) -> list[Run]:
    """The same with so many characters of what was kept on either side of a change; an ellipsis stands for the rest."""
    result: list[Run] = []
    for place, (kind, words) in enumerate(runs):
        begins = "" if place == 0 else words[:around]
        ends = "" if place == len(runs) - 1 else words[-around:]
        complete = kind != "kept" or len(words) <= len(begins) + len(ends)
        result.append((kind, words if complete else f"{begins} … {ends}"))
    return result


@dataclass(frozen=True)
class Amendment:
    """The text as a person changed it, and how much that is, in thousandths of its words."""

    text: str = field(repr=False)
    changed: int

    @classmethod
    def of(cls, completion: Mapping[str, Any], text: str) -> "Amendment":
        """`text` in the place of what `completion` says."""
        return cls(text, thousandths_changed("\n".join(answer_texts(completion)), text))
