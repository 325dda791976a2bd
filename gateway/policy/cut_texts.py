"""Texts that YAML may have cut: what follows a space and # is a comment, unless the text stands in quotation marks."""

from collections.abc import Iterator
from typing import Final

from gateway.policy.problem_words import Steps
from gateway.policy.yaml_files import YamlDocument

CUT: Final = (
    "what follows ` #` is a comment and no part of the text; put the text in quotation marks if it is"
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


def cut_texts(document: YamlDocument) -> Iterator[tuple[Steps, tuple[int, int]]]:
    """The sentences behind which a comment stands on the same line, each with the comment's place."""
    for path, place in document.comments.items():
        field = next((step for step in reversed(path) if isinstance(step, str)), "")
        if field in _FOR_PEOPLE or (field in _OF_EXAMPLES and path[0] == "examples"):
            yield path, place
