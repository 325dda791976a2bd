"""Single letters and digits that each have a number or a word: "1: J, 2: o", `{"0": "J"}`, "J for jug", one a row."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.redaction.lexicon import lexicon
from gateway.redaction.other_alphabets import is_pronounceable

Replaced = tuple[int, int, str]

_ITEM: Final = re.compile(
    r"(?<![^\W_])[A-Za-z]{0,8} ?(\d{1,2})(?:[^\w\n]{1,4}|[^\w\n]{0,3}(?:is|ends|has|was)[^\w\n]{1,4})"
    r"([^\W_]|[ .@'+_-](?=[\"'|\n]|$))(?![^\W_])"
)
_MAYBE: Final = re.compile(r"(?<!\d)[01]\W{1,4}[^\W_](?![^\W_])|(?<!\d)[01]\W{0,3}(?:is|ends|has|was)\W")
_LINE_START: Final = re.compile(r"^[ \t>*-]{0,6}(?:\d{1,3}[.):]? )?([^\W\d_])", re.MULTILINE)
_SHORTEST, _LONGEST = 4, 12
"""Letters of a name that lines begin with."""
_APART: Final = 12
_FEWEST: Final = 5
_FOR: Final = re.compile(
    r"(?<![^\W_])([A-Za-z])(?: for | like | as in |, as in )[A-Za-z-]{2,12}(?:[,;.]{0,1} (?:and )?"
    r"[A-Za-z](?: for | like | as in |, as in )[A-Za-z-]{2,12}){3,40}"
)
_LETTER: Final = re.compile(r"(?<![^\W_])([A-Za-z])(?: for | like | as in |, as in )([A-Za-z-]{2,12})")
_CALLED: Final = [
    "a",
    "ay",
    "b",
    "bee",
    "b",
    "be",
    "c",
    "cee",
    "c",
    "see",
    "d",
    "dee",
    "d",
    "de",
    "e",
    "ee",
    "f",
    "eff",
    "f",
    "ef",
    "g",
    "gee",
    "h",
    "aitch",
    "h",
    "haitch",
    "i",
    "eye",
    "j",
    "jay",
    "k",
    "kay",
    "l",
    "ell",
    "l",
    "el",
    "m",
    "em",
    "n",
    "en",
    "o",
    "oh",
    "p",
    "pee",
    "q",
    "cue",
    "q",
    "queue",
    "r",
    "are",
    "r",
    "ar",
    "s",
    "ess",
    "s",
    "es",
    "t",
    "tee",
    "u",
    "you",
    "v",
    "vee",
    "w",
    "doubleyou",
    "w",
    "double-u",
    "x",
    "ex",
    "y",
    "why",
    "z",
    "zed",
    "z",
    "zee",
]
_NAMES: Final = dict(zip(_CALLED[1::2], _CALLED[::2], strict=True))
"""What letters are called when they are said."""
_SAID: Final = re.compile(r"[a-z-]+")
_FEWEST_SAID: Final = 6
_REGULAR: Final = re.compile(r"(?:\[(?:(\w)\1|[^\W\d_]{2}|\w)\]|\\s[+*]?| ){4,60}")
_CLASS: Final = re.compile(r"\[(\w)\w?\]|\\s[+*]?| ")


def in_order(text: str) -> Iterator[Replaced]:
    """Each such run, put together."""
    if _MAYBE.search(text):
        yield from _numbered(text)
    for match in _FOR.finditer(text):
        pairs = _LETTER.findall(match[0])
        if all(word.lower().startswith(letter.lower()) for letter, word in pairs):
            yield match.start(), match.end(), "".join(letter for letter, _ in pairs).capitalize()
    if text.count("\n") >= 2 * _SHORTEST - 1:
        yield from _first_letters(text)
    yield from _said(text)
    if "][" in text:
        for match in _REGULAR.finditer(text):
            yield (
                match.start(),
                match.end(),
                _CLASS.sub(lambda one: one[1] or " ", match[0]).strip(),
            )


def _first_letters(text: str) -> Iterator[Replaced]:
    """Lines whose first letters, one under the other, are a given name and a surname of the lists."""
    lines = list(_LINE_START.finditer(text))
    letters = "".join(line[1] for line in lines).lower()
    listed = lexicon()
    at = 0
    while at + 2 * _SHORTEST <= len(letters):
        end = next(
            (
                end
                for middle in range(at + _SHORTEST, min(at + _LONGEST, len(letters)))
                if listed.is_given(letters[at:middle])
                for end in range(min(middle + _LONGEST, len(letters)), middle + _SHORTEST - 1, -1)
                if listed.is_surname(letters[middle:end])
            ),
            at,
        )
        if end > at:
            yield lines[at].start(1), lines[end - 1].end(1), letters[at:end].capitalize()
        at = max(end, at + 1)


def _numbered(text: str) -> Iterator[Replaced]:
    run: list[re.Match[str]] = []
    for match in _ITEM.finditer(text):
        follows = run and int(match[1]) == int(run[-1][1]) + 1
        if not (follows and match.start() - run[-1].end() <= _APART):
            yield from _joined(run)
            run = []
            if int(match[1]) > 1:
                continue
        run.append(match)
    yield from _joined(run)


def _joined(run: list[re.Match[str]]) -> Iterator[Replaced]:
    if len(run) >= _FEWEST:
        joined = "".join(match[2] for match in run)
        if joined.isalpha() and not is_pronounceable(joined):
            return  # answers to questions
        yield run[0].start(), run[-1].end(), re.sub(r"(?<=[a-z])(?=[A-Z])", " ", joined)


def _said(text: str) -> Iterator[Replaced]:
    """Letters by what they are called: "jay oh aitch en"; several that are no words must be among them."""
    lower = text.lower()
    if len(lower) != len(text):
        return
    run: list[re.Match[str]] = []
    for match in _SAID.finditer(lower):
        near = run and len(lower[run[-1].end() : match.start()].strip(" ,.")) == 0
        if match[0] in _NAMES and (near or not run):
            run.append(match)
            continue
        yield from _spelt(run)
        run = [match] if match[0] in _NAMES else []
    yield from _spelt(run)


_WORDS: Final = frozenset(
    ["be", "see", "de", "eye", "oh", "are", "you", "why", "ex", "queue", "ay", "ee", "el", "es"]
)
"""Those that are words too."""


def _spelt(run: list[re.Match[str]]) -> Iterator[Replaced]:
    if len(run) >= _FEWEST_SAID and sum(match[0] not in _WORDS for match in run) > 1:
        yield run[0].start(), run[-1].end(), "".join(_NAMES[match[0]] for match in run).capitalize()
