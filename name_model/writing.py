"""Writing a filled document as somebody else would: as speech, in small letters, in capitals, with slips of the pen."""

import random
import re
from collections.abc import Callable
from html.entities import codepoint2name
from typing import Final

from name_model.filling import Filled, Span

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPEAKERS: Final = (
    "S1",
    "S2",
    "Speaker 1",
    "Speaker 2",
    "Interviewer",
    "Q",
    "A",
    "ANSWER",
    "CALLER",
    "Unknown speaker",
)
_FILLERS: Final = (
    "erm",
    "um",
    "you know",
    "like",
    "i mean",
    "right",
    "so",
    "well",
    "uh",
    "er",
    "and then",
    "sort of",
)
_NEIGHBOURS: Final = {
    "a": "sq",
    "e": "wr",
    "i": "uo",
    "o": "ip",
    "n": "bm",
    "t": "ry",
    "s": "ad",
    "r": "et",
    "l": "k",
    "d": "sf",
}
_LOOK_ALIKES: Final = {
    "l": ("1", "I"),
    "o": ("0", "O"),
    "m": ("rn",),
    "e": ("c",),
    "i": ("l", "1"),
    "h": ("b",),
    "I": ("l", "1"),
    "O": ("0",),
    "S": ("5",),
    "B": ("8",),
}
_ENTITIES: Final = {code: f"&{name};" for code, name in codepoint2name.items() if code > 127} | {
    ord("'"): "&#39;",
    ord("&"): "&amp;",
}


class Writing:
    """Writes filled documents in other manners. The same seed writes the same."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._manners: tuple[tuple[Callable[[Filled], Filled], float], ...] = (
            (lambda filled: filled, 0.56),
            (self._as_speech, 0.12),
            (self._in_small_letters, 0.05),
            (self._in_capitals, 0.03),
            (self._with_terms, 0.06),
            (self._with_slips, 0.05),
            (self._scanned, 0.04),
            (self._as_html, 0.02),
            (self._without_signs, 0.04),
            (self._lines_in_capitals, 0.03),
        )

    def write(self, filled: Filled) -> Filled:
        """The document in a manner by chance."""
        manners, weights = zip(*self._manners, strict=True)
        (manner,) = self._chance.choices(manners, weights)
        written: Filled = manner(filled)
        return written

    def _as_speech(self, filled: Filled) -> Filled:
        """Without capitals, signs and lines; now and then a filler or a speaker's label."""
        kept: list[tuple[str, int]] = []
        fillers = self._chance.random() < 0.4
        labels = self._chance.random() < 0.2
        apostrophes = self._chance.random() < 0.5
        for at, char in enumerate(filled.text):
            if char.isalnum() or (char in "'’" and apostrophes) or char == "-":
                kept.append((char.lower(), at))
            elif char.isspace() or char in "/._@":
                if not kept or kept[-1][0] != " ":
                    kept.append((" ", at))
                if char == "\n" and labels and self._chance.random() < 0.7:
                    kept += [(one, -1) for one in f"\n{self._chance.choice(_SPEAKERS)}: "]
                elif fillers and char == " " and self._chance.random() < 0.03:
                    kept += [(one, -1) for one in f"{self._chance.choice(_FILLERS)} "]
        return _rebuilt(filled, kept)

    def _in_small_letters(self, filled: Filled) -> Filled:
        return Filled(_same_length(filled.text, str.lower), filled.spans)

    def _in_capitals(self, filled: Filled) -> Filled:
        return Filled(_same_length(filled.text, str.upper), filled.spans)

    def _lines_in_capitals(self, filled: Filled) -> Filled:
        lines = filled.text.split("\n")
        return Filled(
            "\n".join(
                _same_length(line, str.upper) if self._chance.random() < 0.3 else line for line in lines
            ),
            filled.spans,
        )

    def _with_terms(self, filled: Filled) -> Filled:
        """Some ordinary words with a capital, as forms and contracts write them: the Client, a Safety Plan."""
        share = self._chance.choice((0.05, 0.1, 0.25, 0.9))
        inside = _inside(filled)

        def write(word: re.Match[str]) -> str:
            taken = inside[word.start()] or self._chance.random() > share
            return word[0] if taken or not word[0].isascii() else word[0].capitalize()

        return Filled(_WORD.sub(write, filled.text), filled.spans)

    def _with_slips(self, filled: Filled) -> Filled:
        """Letters swapped, dropped, doubled or missed by a key, names' too."""
        return self._changed(filled, 0.02, self._slip)

    def _scanned(self, filled: Filled) -> Filled:
        """Letters misread, seldom or often."""
        share = self._chance.choice((0.03, 0.1, 0.25))
        return self._changed(filled, share, lambda char: self._chance.choice(_LOOK_ALIKES.get(char, (char,))))

    def _as_html(self, filled: Filled) -> Filled:
        """With the marks and entities of HTML mail."""
        tag = self._chance.choice(("p", "div", "li"))
        kept: list[tuple[str, int]] = [(one, -1) for one in f"<{tag}>"]
        for at, char in enumerate(filled.text):
            if char == "\n":
                mark = self._chance.choice((f"</{tag}>\n<{tag}>", "<br>\n", "<br/>"))
                kept += [(one, -1) for one in mark]
            elif char == " " and self._chance.random() < 0.03:
                kept += [(one, at) for one in "&nbsp;"]
            else:
                kept += [(one, at) for one in _ENTITIES.get(ord(char), char)]
        return _rebuilt(filled, [*kept, *((one, -1) for one in f"</{tag}>")])

    def _slip(self, char: str) -> str:
        kind = self._chance.random()
        if kind < 0.35:
            return ""
        return char * 2 if kind < 0.6 else self._chance.choice(_NEIGHBOURS.get(char, char))

    def _changed(self, filled: Filled, share: float, change: Callable[[str], str]) -> Filled:
        kept: list[tuple[str, int]] = []
        for at, char in enumerate(filled.text):
            changed = change(char) if char.isalpha() and self._chance.random() < share else char
            kept += [(one, at) for one in changed]
        return _rebuilt(filled, kept)

    def _without_signs(self, filled: Filled) -> Filled:
        """Capitals as they are, but no apostrophes, commas or full stops."""
        dropped = self._chance.choice(("'’", ".,;", "'’.,;:()"))
        return _rebuilt(filled, [(char, at) for at, char in enumerate(filled.text) if char not in dropped])


def _same_length(text: str, change: Callable[[str], str]) -> str:
    return "".join(new if len(new := change(char)) == 1 else char for char in text)


def _inside(filled: Filled) -> bytearray:
    """For each character whether a span covers it."""
    inside = bytearray(len(filled.text))
    for start, end, _ in filled.spans:
        inside[start:end] = b"\1" * (end - start)
    return inside


def _rebuilt(filled: Filled, kept: list[tuple[str, int]]) -> Filled:
    """The text of the kept characters, each with its former place, or -1 for a new one; its spans moved."""
    place: dict[int, list[int]] = {}
    for new, (_, old) in enumerate(kept):
        place.setdefault(old, []).append(new)
    spans: list[Span] = []
    for start, end, kind in filled.spans:
        moved = [new for old in range(start, end) for new in place.get(old, ())]
        if any(kept[new][0].isalnum() for new in moved):
            spans.append((moved[0], moved[-1] + 1, kind))
    return Filled("".join(char for char, _ in kept), tuple(spans))
