"""The documents with slots: reading and checking them. `python -m name_model.documents` checks all."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from name_model.terms import terms

FOLDER: Final = Path(__file__).parent / "documents"
SLOT: Final = re.compile(
    r"\{([a-h])(?:\.([A-Za-z]{1,2}))?\}|\{([a-z]{2,12})(?:\.([a-z]{2}))?\}|\{=([^{}\n]+)\}"
)
FORMS: Final = frozenset(
    ["", "g", "s", "k", "i", "n", "N", "U", "S", "G", "r", "m", "t", "l", "lg", "ls", "u", "c"]
)
VALUES: Final = frozenset(
    [
        *terms(),
        *"address saidaddress postcode office birth saidbirth date saiddate".split(),
        *"ref said phone code time email number money".split(),
    ]
)
LANGUAGES: Final = frozenset("cy de es fr hu it nl pl pt ro tr".split())
_IN_LANGUAGES: Final = frozenset(["address", "birth", "date"])
_VARIED: Final = frozenset("ref code said address saidaddress birth saidbirth".split())
_HEAD: Final = re.compile(r"^===[ \t]*(.*)$", re.MULTILINE)
_BRACES: Final = re.compile(r"\{[^{}\n]{0,20}\}")


@dataclass(frozen=True, slots=True)
class Document:
    """A document with slots: its style, what it is about, and its text."""

    style: str
    title: str
    text: str

    @property
    def has_persons(self) -> bool:
        """Whether a person stands in it."""
        return any(slot[1] or slot[5] for slot in SLOT.finditer(self.text))

    @property
    def has_values(self) -> bool:
        """Whether a number, an address or a date of birth stands in it: many more forms than names have."""
        return any(slot[3] in _VARIED for slot in SLOT.finditer(self.text))


def documents_of(folder: Path = FOLDER) -> list[Document]:
    """All documents of a folder, in the order of files and lines."""
    return [one for path in sorted(folder.glob("*.txt")) for one in _documents(path)]


def _documents(path: Path) -> Iterator[Document]:
    text = path.read_text("utf-8")
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends, strict=True):
        body = text[head.end() : end].strip("\n")
        if body.strip():
            yield Document(path.stem, head[1].strip(), body)


def problems_of(document: Document) -> Iterator[str]:
    """What is wrong with a document's slots."""
    for braces in _BRACES.finditer(document.text):
        slot = SLOT.fullmatch(braces[0])
        if slot is None and re.fullmatch(r"\{[a-h](\.\w*)?\}|\{[a-z]+(\.\w*)?\}", braces[0]):
            yield f"{braces[0]} is no slot"
        elif slot is not None and (slot[2] or "") not in FORMS:
            yield f"{braces[0]} has no such form"
        elif slot is not None and slot[3] and slot[3] not in VALUES:
            yield f"{braces[0]} is no value"
        elif slot is not None and slot[4] and (slot[3] not in _IN_LANGUAGES or slot[4] not in LANGUAGES):
            yield f"{braces[0]} is in no language"


def check() -> int:
    """Check all documents, print what is wrong, and count."""
    documents = documents_of()
    wrong = [f"{one.style}: {one.title}: {problem}" for one in documents for problem in problems_of(one)]
    print("\n".join(wrong))
    for style in sorted({one.style for one in documents}):
        here = [one for one in documents if one.style == style]
        print(f"{style:20} {len(here):4} documents, {sum(not one.has_persons for one in here):3} with nobody")
    nobody = sum(not one.has_persons for one in documents)
    words = sum(len(one.text.split()) for one in documents)
    print(f"{len(documents)} documents, {nobody} with nobody, {words} words")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check())
