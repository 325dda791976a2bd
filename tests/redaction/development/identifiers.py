"""Identifiers in invented sentences, plain, awkward and spoken: what leaves, type by type.

`python -m tests.redaction.development.identifiers [tuned|held|last]` prints the shares, and with `-v` what left. The
three parts have frames, labels' order and values of their own. All values are made by chance, none is looked up.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from gateway.redaction import RedactionSettings, Redactor
from tests.redaction.development.identifier_frames import (
    AWKWARD_FRAMES,
    KINDS,
    PLAIN_FRAMES,
    SPOKEN_FRAMES,
    TextKind,
)

PLAIN, AWKWARD, SPOKEN = "plain", "awkward", "spoken"
DIGITS, LETTERS = "0123456789", "ABCDEFGHJKLMNPRSTUVWXYZ"


_WORDS: Final = dict(
    zip(DIGITS, ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
)
_SPELT: Final = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        [
            "alpha",
            "bravo",
            "charlie",
            "delta",
            "echo",
            "foxtrot",
            "golf",
            "hotel",
            "india",
            "juliet",
            "kilo",
            "lima",
            "mike",
            "november",
            "oscar",
            "papa",
            "quebec",
            "romeo",
            "sierra",
            "tango",
            "uniform",
            "victor",
            "whiskey",
            "xray",
            "yankee",
            "zulu",
        ],
        strict=True,
    )
)


def _value(kind: TextKind, chance: random.Random) -> str:
    form = chance.choice(kind.forms)
    if kind.type == "DATE_OF_BIRTH":
        return form
    return "".join(chance.choice(DIGITS) if char == "9" else char for char in form)


def _regrouped(value: str, chance: random.Random) -> str:
    """The value in other groups, with other signs between them."""
    symbols = "".join(filter(str.isalnum, value))
    if "@" in value or value.count(".") == 3 or len(symbols) < 5:
        return value
    sign = chance.choice((" ", "-", ".", "/", " - ", "_", "  "))
    size = chance.choice((2, 3, 4))
    return sign.join(symbols[at : at + size] for at in range(0, len(symbols), size))


def _broken(value: str, chance: random.Random) -> str:
    if "@" in value or len(value) < 6:
        return value
    at = chance.randint(3, len(value) - 3)
    return f"{value[:at].rstrip()}{chance.choice(('-', '', ' '))}\n{value[at:].lstrip()}"


def _misread(value: str, chance: random.Random) -> str:
    for right, wrong in chance.sample((("0", "O"), ("1", "l"), ("5", "S"), ("1", "I")), 4):
        at = value.find(right, 1)
        if at > 0 and "@" not in value:
            return f"{value[:at]}{wrong}{value[at + 1 :]}"
    return value


_TENS: Final = ["_", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TEENS: Final = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]


def _pair(pair: str) -> str:
    """Two digits as one number."""
    if pair[0] == "1":
        return _TEENS[int(pair[1])]
    return _TENS[int(pair[0])] + (f" {_WORDS[pair[1]]}" if pair[1] != "0" else "")


def _said(value: str, chance: random.Random) -> str:
    """The value as somebody says it, or as a machine wrote it down."""
    if "@" in value:
        return value.replace("@", " at ").replace(".", " dot ")
    symbols = [char for char in value.upper() if char.isalnum() or char in "/."]
    words: list[str] = []
    in_tens, written = chance.random() < 0.15, chance.random() < 0.2
    at = 0
    while at < len(symbols):
        char, following = symbols[at], "".join(symbols[at + 1 : at + 2])
        if char.isdigit() and following == char and chance.random() < 0.5:
            words.append(f"double {_WORDS[char]}")
            at += 1
        elif char.isdigit() and following.isdigit() and in_tens and char != "0":
            words.append(_pair(char + following))
            at += 1
        elif char.isdigit() and following.isdigit() and written and chance.random() < 0.5:
            words.append(char + following)
            at += 1
        elif char.isdigit():
            words.append("oh" if char == "0" and chance.random() < 0.6 else _WORDS[char])
        elif char == "/":
            words.append(chance.choice(("slash", "stroke", "forward slash")))
        elif char == ".":
            words.append("dot" if value.count(".") == 3 else "point")
        else:
            spelt = _SPELT[char]
            words.append(
                chance.choice(
                    (spelt, char.lower(), char.lower(), char.lower(), f"{char.lower()} for {spelt}")
                )
            )
        at += 1
        if at < len(symbols) and chance.random() < 0.12:
            words.append(chance.choice(("um", "er", "uh", "sorry", "hang on", "then", "let me see", "and")))
    return " ".join(words)


def _punctuated(said: str, chance: random.Random) -> str:
    """What was said as a machine punctuates it: commas here and there, a capital first, letters in capitals."""
    words = [word.upper() if len(word) == 1 else word for word in said.split()]
    marked = [f"{word}," if chance.random() < 0.3 else word for word in words[:-1]]
    return " ".join([*marked, words[-1]])


def rows(half: str) -> Iterator[tuple[str, str, str, str]]:
    """Type, manner, text, value."""
    chance = random.Random(f"identifiers {half}")
    for kind in KINDS:
        for manner, frames in ((PLAIN, PLAIN_FRAMES), (AWKWARD, AWKWARD_FRAMES), (SPOKEN, SPOKEN_FRAMES)):
            for frame in frames[half]:
                value = _value(kind, chance)
                if manner == SPOKEN:
                    if kind.type == "DATE_OF_BIRTH":
                        value = chance.choice(
                            ("the fourth of may nineteen eighty eight", "oh three oh four eighty six")
                        )
                    else:
                        value = _said(value, chance)
                    value = _punctuated(value, chance) if "{S}" in frame else value
                    yield kind.type, manner, frame.format(l=chance.choice(kind.said), s=value, S=value), value
                    continue
                label = chance.choice(kind.labels)
                if manner == AWKWARD:
                    for slot, change in (("{r}", _regrouped), ("{b}", _broken), ("{m}", _misread)):
                        if slot in frame:
                            value = value if kind.type == "DATE_OF_BIRTH" else change(value, chance)
                            break
                yield kind.type, manner, frame.format(
                    l=label, L=label.replace(" ", ""), v=value, r=value, b=value, m=value
                ), value  # fmt: skip


def left(redactor: Redactor, text: str, value: str) -> str:
    """The digits and letters of a value that are not covered."""
    covered = {at for start, end, _ in redactor.places(text) for at in range(start, end)}
    at = text.rindex(value)
    return "".join(text[i] for i in range(at, at + len(value)) if i not in covered and text[i].isalnum())


def main(half: str, tell: Callable[[str], None] = print, *, verbose: bool = False) -> None:
    """Print what leaves."""
    redactor = Redactor.load(RedactionSettings())
    total, gone, wrong = Counter[str](), Counter[str](), Counter[str]()
    for kind, manner, text, value in rows(half):
        total[manner] += 1
        rest = left(redactor, text, value)
        least = 2 if manner == SPOKEN else 0
        if len(rest) > least:
            gone[manner] += 1
            wrong[f"{manner} {kind}"] += 1
            if verbose:
                tell(f"{manner} {kind}: {text!r} left {rest!r}")
    for manner in total:
        tell(
            f"{half} {manner}: {gone[manner]} of {total[manner]} = {100 * gone[manner] / total[manner]:.1f} %"
        )
    tell(f"{half}: {dict(wrong.most_common())}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "tuned", verbose="-v" in sys.argv)
