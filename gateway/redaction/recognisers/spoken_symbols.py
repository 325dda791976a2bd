"""Digits and letters as people say them, and the runs that they form: "double two, uh, capital x, 7 … nine".

A run is symbols with nothing between them but signs, words that say a sign ("slash") and words that say nothing
("um", "hang on"). Lines' heads in a transcript (times, who speaks) are not read.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DIGIT: Final = "oh|o|zero|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|niner"
_TEN: Final = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    "|(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)"
    "(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)(?![^\\W_]))?"
)
_SPELT: Final = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x[- ]?ray|yankee|zulu"
)
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_CASE: Final = "capital|capitals|upper ?case|lower ?case|small|big|letter"
_SYMBOL: Final = re.compile(
    rf"(?<![^\W_])(?<!\w['’])(?:"
    rf"(?P<times>double|triple|treble|quadruple)[ ,-]{{1,2}}(?:(?P<timed>{DIGIT}|\d)|{_SPELT}|[a-z])"
    rf"|(?P<spelt>(?:{_CASE})[ -]{{1,2}}[a-z]|[a-z][, ]{{1,2}}(?:is )?(?:for|as in|like) [a-z]{{2,10}}|{_SPELT})"
    rf"|(?P<digit>{DIGIT})|(?P<ten>{_TEN})|(?P<large>hundred|thousand)"
    rf"|(?P<written>\d{{1,6}}|(?=[a-z]{{0,3}}\d)[a-z\d]{{2,4}})|(?P<letter>[a-z])"
    rf")(?![^\W_])(?!['’][a-z])"
)
_CLOCK: Final = r"[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?[\])]?"
_HEAD: Final = re.compile(
    rf"^[ \t>*-]{{0,4}}(?:{_CLOCK} --> {_CLOCK}|<v [^>\n]{{1,30}}>"
    rf"|{_CLOCK}[ \t–-]{{0,3}}(?:(?:speaker )?[^\W_]{{1,12}}(?: \d{{1,2}})?(?=[ \t:]))?:?"
    rf"|(?:speaker )?[^\W_]{{1,12}}(?: \d{{1,2}})?[ \t]{{1,2}}{_CLOCK}:?"
    r"|[^\W\d_][^\n:]{0,24}:(?=[ \t])|[qa]\.(?=[ \t]))"
    r"|[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])](?: [^\W_]{1,10}(?: \d)?:)?",
    re.MULTILINE,
)
"""What stands before what is said on a line: a time, a name."""
_SIGN_SAID: Final = (
    "forward[ -]slash|back[ -]?slash|slash|stroke|oblique|dash|hyphen|minus|plus|space|gap|dot|point|full stop"
    "|underscore|comma|colon|bracket|over|new line|next line"
)
_NOTHING_SAID: Final = (
    r"and|then|er+m?|u[mh]+|ah+|mm+|hmm+|sorry|hang on|hold on|yeah|yep|yes|no|not that|right|so|okay|ok|wait|oops"
    r"|like|well|now|next|again|let me see|let's see|one sec(?:ond)?|sec(?:ond)?|just a (?:sec(?:ond)?|minute|moment)"
    r"|bear with me|you know|i think|i mean|i believe|that's|that is|it's|it is|is it|scratch that|correction"
    r"|actually|rather|make that|maybe|probably|sort of|got that|followed by|after that|the|with|a"
    r"|pause|inaudible|unclear|crosstalk|laughs"
)
_BETWEEN: Final = re.compile(
    rf"[\W_]{{0,6}}(?:(?:{_SIGN_SAID}|{_NOTHING_SAID})(?![^\W_])[\W_]{{0,6}}){{0,6}}"
)
_WORD: Final = re.compile(r"[^\W_]+")
_ANY: Final = rf"(?:{DIGIT}|{_TEN}|double|triple|treble|hundred|{_SPELT})(?![^\W_])"
_LOOK: Final = re.compile(
    rf"(?<![^\W_]){_ANY}[\W_]{{1,6}}(?:[^\W_]{{1,10}}[\W_]{{1,4}}){{0,4}}(?:{_ANY}|\d)"
    rf"|(?<![^\W_])[a-z] (?:as in|for) [a-z]{{2,10}}[\W_]{{1,3}}(?:{_ANY}|[a-z] (?:as in|for) )"
    r"|(?<![^\W_])[a-z]{0,3}\d{1,4}[a-z]?[\W_]{1,4}(?:[^\W_]{1,5}[\W_]{1,4})?\d{1,4}[a-z]{0,3}(?![^\W_])"
)
"""Two numbers near each other."""


@dataclass(slots=True)
class Run:
    """Symbols at `start:end`: how many digits, letters, all; how many number words."""

    start: int
    end: int
    digits: int
    letters: int
    said: int

    @property
    def symbols(self) -> int:
        """Digits and letters."""
        return self.digits + self.letters

    def joined(self, other: "Run") -> "Run":
        """Of both, and of what stands between, one run."""
        return Run(
            self.start,
            other.end,
            self.digits + other.digits,
            self.letters + other.letters,
            self.said + other.said,
        )


def may_hold(lower: str) -> bool:
    """Whether a text in small letters may have a run at all."""
    return _LOOK.search(lower) is not None


def without_heads(lower: str) -> str:
    """The text, place for place, with blanks where a line of a transcript begins with a time or a name."""
    if ":" not in lower and "\n" not in lower:
        return lower
    return _HEAD.sub(lambda head: " " * len(head[0]), lower)


def runs_in(said: str, at: int = 0, end: int = sys.maxsize) -> Iterator[Run]:
    """The runs of a text in small letters from `at` to `end`, in order."""
    run: Run | None = None
    for match in _SYMBOL.finditer(said, at, end):
        one = _run_of(match)
        apart = run is not None and not run.said and "\n\n" in said[run.end : one.start]
        if run is not None and not apart and _BETWEEN.fullmatch(said, run.end, one.start):
            run = run.joined(one)
            continue
        if run is not None:
            yield run
        run = one
    if run is not None:
        yield run


def words_between(said: str, start: int, end: int) -> int:
    """How many words stand between two runs."""
    return len(_WORD.findall(said, start, end))


def _run_of(match: re.Match[str]) -> Run:
    digits = letters = said = 0
    kind = match.lastgroup
    if match["times"]:
        digits, letters = (_TIMES[match["times"]], 0) if match["timed"] else (0, _TIMES[match["times"]])
        said = 1
    elif kind == "digit":
        digits, said = 1, int(match[0] != "o")
    elif kind == "ten" or kind == "large":
        digits, said = 2, 1
    elif kind == "written":
        digits = sum(map(str.isdigit, match[0]))
        letters = len(match[0]) - digits
    else:
        letters = 1
    return Run(match.start(), match.end(), digits, letters, said)
