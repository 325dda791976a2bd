"""Labels: the words that people write or say beside an identifier, and which of them a text has.

An identifier's `labels` are phrases with commas between them. A word in capitals may also be spelt out ("C R N").
Words may be written together or with a hyphen or an underscore. Behind a phrase that is also an everyday word,
`{n}` says that a word for number must follow, `{:}` a sign, `{9}` a digit; `{n:}` either. The rest is a regular
expression.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from gateway.redaction.lexicon import is_common
from gateway.redaction.recognisers.identifier import Identifier, declared


@dataclass(frozen=True, slots=True)
class Label:
    """A label at `start:end` of a text, the type that it names, and how many digits its values have.

    `min_digits` is the least that is taken for a value; a value that has `usual` digits ends where the next space is.
    """

    start: int
    end: int
    type: str
    min_digits: int = 4
    usual: int = 16


_NUMBER: Final = (
    r"(?:\.?[ _-]?(?:numbers?|nos?\b\.?|num\b|nr\b|ref(?:erence)?s?\b\.?|i\.?d\b\.?"
    r"|identifier|code|pin|reg(?:istration)?\b\.?)){1,2}"
)
_FOLLOWED: Final = {"n": _NUMBER, ":": r"(?= ?[:=#|-])", "9": r"(?= \d)"}
_MUST: Final = re.compile(r"\{([n:9]+)\}\Z")
_INITIALS: Final = re.compile(r"(?<![\\A-Za-z])[A-Z]{2,5}(?![A-Za-z])")
_SPACE: Final = re.compile(r"(?<=[a-z?.):]) (?=[a-z(])")
_FIRST: Final = re.compile(r"([A-Za-z]+)(\??)")
_WORD: Final = re.compile(r"(?<![^\W_])[a-z]+")
_TAIL: Final = re.compile(_NUMBER)
_DOTTED: Final = re.compile(r"(?<![^\W_])(?<!\.)[a-z](?:\.[a-z]){1,5}\.?(?![^\W_])")
_MISREAD: Final = re.compile(
    r"(?<![^\W_])(?=[01]?[a-z]{2}|[a-z][01])[a-z]*[01](?:[a-z]+[01])*[a-z]*(?![^\W_])"
)
_NUMBERS: Final = frozenset(["no", "tel", "id", "nino"])
_MIN_LENGTH: Final = 3


def expression(label: str) -> str:
    """The regular expression of a label, for a text in small letters."""
    must = _MUST.search(label)
    words = _INITIALS.sub(
        lambda initials: " ".join(initials[0].lower()), label[: must.start() if must else None]
    )
    followed = "|".join(_FOLLOWED[sign] for sign in must[1]) if must else f"{_NUMBER}|"
    return _SPACE.sub(r"\.?[\\s_-]?", words) + rf"(?:{followed})(?![^\W\d_])"


def heads(label: str) -> Iterator[str]:
    """The words that a text has where the label begins."""
    first = _FIRST.match(label)
    if first is not None:
        word = first[1].lower()
        yield word
        if first[2]:
            yield word[:-1]
        elif first[1].isupper():
            yield word[0]


@cache
def _by_head() -> dict[str, tuple[tuple[Identifier, Any], ...]]:
    """Each word that labels begin with, and the labels: an identifier's as one expression."""
    expressions: dict[str, dict[Identifier, list[str]]] = {}
    for identifier in declared():
        for label in filter(None, identifier.labels.split(", ")):
            for head in heads(label):
                expressions.setdefault(head, {}).setdefault(identifier, []).append(expression(label))
    return {
        head: tuple((owner, re.compile("|".join(forms))) for owner, forms in labels.items())
        for head, labels in expressions.items()
    }


@cache
def label_heads() -> frozenset[str]:
    return frozenset(head for head in _by_head() if len(head) > 1)


@cache
def labelled_types() -> frozenset[str]:
    return frozenset(identifier.type for identifier in declared() if identifier.labels)


def labels_in(lower: str) -> Iterator[Label]:
    """Every label in a text in small letters, each with the word for number behind it; several may overlap."""
    known = _by_head()
    for word in _WORD.finditer(lower):
        for head in _heads_of(word[0]):
            for identifier, form in known[head]:
                if match := form.match(lower, word.start()):
                    end = (_TAIL.match(lower, match.end()) or match).end()
                    yield Label(match.start(), end, identifier.type, identifier.least, identifier.digits)


def _heads_of(word: str) -> Iterator[str]:
    """The word, if a label begins with it, or what it begins with: "nhsnumber", "dateofbirth"."""
    known = _by_head()
    if word in known:
        yield word
    elif len(word) > _MIN_LENGTH + 1:
        yield from (word[:end] for end in range(_MIN_LENGTH, len(word)) if word[:end] in known)


def _read_again(word: re.Match[str]) -> str:
    """What a scanner has read with digits for letters, if that is a label's word or any."""
    for letter in "il":
        again = word[0].replace("0", "o").replace("1", letter)
        if again in _NUMBERS or again in label_heads() or is_common(again):
            return again
    return word[0]


def undotted(lower: str) -> str:
    """The text, place for place, with "n.h.s." written as "nhs" at its end, and "te1" and "n0" as labels."""
    lower = _MISREAD.sub(_read_again, lower)
    if "." not in lower:
        return lower
    return _DOTTED.sub(lambda match: match[0].replace(".", "").rjust(len(match[0])), lower)
