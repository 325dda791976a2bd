"""Names of people: those that were taken out of the request, and those that only the answer has."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.evidence.facts import Fact, Key, TakenRanges, alternatives

_TITLES: Final = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "sir",
        "lady",
        "lord",
        "dame",
        "prof",
        "professor",
        "judge",
        "recorder",
    )
)
_MIN: Final = 3


@dataclass(frozen=True)
class People:
    """`known`: for each person of the request the mentions of them; `added`: names that only the answer has."""

    known: Sequence[Sequence[str]] = ()
    added: Sequence[str] = ()


_STRANGER: Final = re.compile(
    r"(?<![\w’'-])(?P<given>[A-Z][a-z’'-]{2,})[ \t]+(?P<last>[A-Z][a-z’'-]{2,})(?!\w)"
    r"(?!\s+(?:Act|Regulations|Order|Rules|Court|Tribunal)\b)"
)


def strangers_of(text: str, was_sent: Callable[[str], bool], taken: TakenRanges) -> Iterator[Fact]:
    """Two words in capitals in a sentence of the answer, of which the last was not sent: somebody new."""
    for match in taken.matches(_STRANGER):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        in_prose = re.search(r"\b[a-z]", before) or re.match(r"[’'s]{0,2},?\s+[a-z]", text[match.end() :])
        if in_prose and not was_sent(match["last"].casefold()):
            taken.take(*match.span())
            key: Key = ("stranger", match[0].casefold())
            yield Fact(*match.span(), "name", (), ((key,),))


class Names:
    """Finds the people's names in texts: whole mentions, and given or last names that are one person's alone."""

    def __init__(self, people: People) -> None:
        owners: dict[str, set[int]] = {}
        for person, mentions in enumerate(people.known):
            for mention in mentions:
                owners.setdefault(mention, set()).add(person)
        parts: dict[str, set[int]] = {}
        for person, mentions in enumerate(people.known):
            for mention in mentions:
                for word in _name_words(mention):
                    parts.setdefault(word, set()).add(person)
        for word, persons in parts.items():
            owners.setdefault(word, persons)
        self._keys: dict[str, tuple[Key, ...]] = {
            mention: tuple(("name", person) for person in sorted(persons))
            for mention, persons in owners.items()
        }
        for name in people.added:
            self._keys.setdefault(name, (("added name", name.casefold()),))
        forms = [key for key in self._keys if key.strip()]
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives(forms)})(?!\w)") if forms else None

    def of(self, text: str) -> Iterator[Fact]:
        """Every mention in `text`; one that may be two people's is both's."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            keys = self._keys[match[0]]
            yield Fact(*match.span(), "name", keys, (keys,))


def _name_words(mention: str) -> list[str]:
    words = re.findall(r"[^\W\d_][\w’'-]*", mention)
    return [
        word
        for word in words
        if len(word) >= _MIN and word[0].isupper() and word.casefold().rstrip(".") not in _TITLES
    ]
