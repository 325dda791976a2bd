"""Texts that YAML may not read as they were meant: cut by a comment, grown by an entry, in curly quotation marks."""

from collections.abc import Iterator
from typing import Final

from gateway.policy.problem_words import Steps
from gateway.policy.yaml_files import YamlDocument

CUT: Final = (
    "what follows ` #` is a comment and no part of the text; put the text in quotation marks if it is"
)
GROWN: Final = (
    "this line is read as part of the text before it; if it is an entry of a list, begin it in the same column as the"
    " others"
)
CURLY: Final = (
    "curly quotation marks are part of the text, and end nothing; write straight ones (\" or ') if it is to stand in"
    " them"
)

_FOR_PEOPLE: Final = frozenset(
    [
        "title",
        "purpose",
        "owner",
        "contact",
        "say",
        "like",
        "unlike",
        "when_like",
        "when_unlike",
        "keep",
        "note",
    ]
)
_OF_EXAMPLES: Final = frozenset(["name", "answer", "content", "leaves", "never_leaves"])


def doubtful_texts(document: YamlDocument) -> Iterator[tuple[Steps, tuple[int, int], str]]:
    """Each with the place to look at, and what is to be known there. A comment counts behind a sentence only."""
    for path, place in document.comments.items():
        field = next((step for step in reversed(path) if isinstance(step, str)), "")
        if field in _FOR_PEOPLE or (field in _OF_EXAMPLES and path[0] == "examples"):
            yield path, place, CUT
    yield from ((path, place, GROWN) for path, place in document.hyphens.items())
    yield from ((path, place, CURLY) for path, place in document.curly.items())
