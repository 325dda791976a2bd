"""Numbers and references as a transcript has them: "oh seven seven double nine, one two three, uh, capital x".

The digits and letters spoken beside a label are its value, whatever words interrupt them. Six or more are a value
even without a label. A run is symbols with nothing between them but signs, words that say a sign ("slash") and words
that say nothing ("um", "hang on"). Lines' heads in a transcript (times, who speaks) are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.redaction.recognisers.numbers.labels import Label, label_heads, named_in, number_words_in
from gateway.redaction.recognisers.numbers.words import BELOW_HUNDRED, ONES, TEENS, TENS, WELSH_ONES
from gateway.redaction.text.findings import REFERENCE, Finding
from gateway.redaction.text.long_texts import around, between_blanks
from gateway.redaction.text.normalised import WORD, lowered

_DIGIT: Final = f"oh|o|zero|nought|naught|nil|{ONES}|niner|{WELSH_ONES}"
_ALSO_WORDS: Final = frozenset(["o", "dim", "un"])
"""Digits that are everyday words too: alone they say no number."""
_TEN: Final = rf"{TEENS}|(?:{TENS})(?:[ -](?:{ONES})(?![^\W_]))?"
_SPELT: Final = (
    "alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliett?|kilo|lima|mike|november|oscar|papa|"
    "quebec|romeo|sierra|tango|uniform|victor|whisky|whiskey|x[- ]?ray|yankee|zulu|"
    "ay|bee|cee|dee|gee|eff|jay|kay|ell|em|en|pee|ar|ess|tee|vee|cue|wye|aitch|haitch|zed|zee|double[- ]you"
    rf"|(?:(?<!me )(?<!let's )see|are|why|tea)(?=[ ,]{{1,2}}(?:{_DIGIT}|{_TEN}|double|triple|treble|why)"
    r"(?![^\W_]))|(?<=see )why"
)
_TIMES: Final = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_CASE: Final = "capital|capitals|upper ?case|lower ?case|small|big|letter"
_SPELT_BY: Final = r"(?!(?:the|my|his|her|our|your|their|an)(?![^\W_]))[a-z]{2,10}"
_SYMBOL: Final = re.compile(
    rf"(?<![^\W_])(?<!\w['’])(?:"
    rf"(?P<times>double|triple|treble|quadruple)[ ,-]{{1,2}}(?:(?P<timed>{_DIGIT}|\d)|{_SPELT}|[a-z])"
    rf"|(?P<spelt>(?:{_CASE})[ -]{{1,2}}[a-z]|[a-z][, ]{{1,2}}(?:is )?(?:for|as in|like) {_SPELT_BY}|{_SPELT})"
    rf"|(?P<digit>{_DIGIT})|(?P<ten>{_TEN})|(?P<large>hundred|thousand)"
    rf"|(?P<written>\d{{1,6}}|(?=[a-z]{{0,3}}\d)[a-z\d]{{2,4}})|(?P<letter>[a-z]))(?![^\W_])(?!['’][a-z])"
)
_CLOCK: Final = r"[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d{1,3})?[\])]?"
_HEAD: Final = re.compile(
    rf"^[ \t>*-]{{0,4}}(?:{_CLOCK} --> {_CLOCK}|<v [^>\n]{{1,30}}>"
    rf"|{_CLOCK}[ \t–-]{{0,3}}(?:(?:speaker )?[^\W_]{{1,12}}(?: \d{{1,2}})?(?=[ \t:]))?:?"
    rf"|(?:speaker )?[^\W_]{{1,12}}(?: \d{{1,2}})?[ \t]{{1,2}}{_CLOCK}:?"
    r"|[^\W\d_][^\n:]{0,24}:(?=[ \t])|[qa]\.(?=[ \t])|speaker [^\W_]{1,2}(?=[ \t]))"
    r"|[\[(]\d{1,2}:\d{2}(?::\d{2})?[\])](?: [^\W_]{1,10}(?: \d)?:)?",
    re.MULTILINE,
)
"""What stands before what is said on a line: a time, a name."""
_TIME: Final = re.compile(r"(?<![\w:.])(?:[01]?\d|2[0-3]):[0-5]\d(?!\w|[:.]\d)")
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
_WORDS_THAT_SAY_NOTHING: Final = frozenset(re.findall("[a-z]+", f"{_SIGN_SAID} {_NOTHING_SAID}"))
_BETWEEN: Final = re.compile(
    rf"[\W_]{{0,6}}(?:(?:{_SIGN_SAID}|{_NOTHING_SAID})(?![^\W_])[\W_]{{0,6}}){{0,6}}"
)
_ANY: Final = rf"(?:{_DIGIT}|{_TEN}|double|triple|treble|hundred|{_SPELT})(?![^\W_])"
_LOOK: Final = re.compile(
    rf"[^a-z](?:{_ANY}[\W_]{{1,6}}(?:[^\W_]{{1,10}}[\W_]{{1,4}}){{0,4}}(?:{_ANY}|\d)"
    rf"|[a-z] (?:as in|for) [a-z]{{2,10}}[\W_]{{1,3}}(?:{_ANY}|[a-z] (?:as in|for) )"
    r"|[a-z]{0,3}\d{1,4}[a-z]?[\W_]{1,4}(?:[^\W_]{1,5}[\W_]{1,4})?\d{1,4}[a-z]{0,3}(?![^\W_]))"
)
"""Two numbers near each other. It begins with what `re` finds fast."""
_FARTHEST: Final = 300
"""How far from them what belongs to them is said."""


@dataclass(slots=True)
class _Run:
    """Symbols at `start:end`: how many digits, letters, all; how many number words."""

    start: int
    end: int
    digits: int
    letters: int
    said: int

    @property
    def is_written(self) -> bool:
        """Whether it has digits that are written, not said."""
        return bool(self.digits) and not self.said

    @property
    def symbols(self) -> int:
        """Digits and letters."""
        return self.digits + self.letters

    def joined(self, other: "_Run") -> "_Run":
        """Of both, and of what stands between, one run."""
        counts = (self.digits + other.digits, self.letters + other.letters, self.said + other.said)
        return _Run(self.start, other.end, *counts)


def _without_heads(lower: str) -> str:
    """The text, place for place, with blanks for times, and where a line of a transcript begins with a name."""
    if ":" not in lower and "\n" not in lower:
        return lower
    for pattern in (_HEAD, _TIME):
        lower = pattern.sub(lambda match: " " * len(match[0]), lower)
    return lower


def _runs_in(masked: str, at: int, end: int) -> list[_Run]:
    """The runs of a text in small letters from `at` to `end`, in order."""
    runs: list[_Run] = []
    for run in map(_run_of, _SYMBOL.finditer(masked, at, end)):
        before = runs[-1] if runs else run
        apart = not before.said and "\n\n" in masked[before.end : run.start]
        if runs and not apart and _BETWEEN.fullmatch(masked, before.end, run.start):
            runs[-1] = before.joined(run)
        else:
            runs.append(run)
    return runs


def _run_of(match: re.Match[str]) -> _Run:
    digits = letters = said = 0
    kind = match.lastgroup
    if match["times"]:
        digits, letters = (_TIMES[match["times"]], 0) if match["timed"] else (0, _TIMES[match["times"]])
        said = 1
    elif kind == "digit":
        digits, said = 1, int(match[0] not in _ALSO_WORDS)
    elif kind == "ten" or kind == "large":
        digits, said = 2, 1
    elif kind == "written":
        digits = sum(map(str.isdigit, match[0]))
        letters = len(match[0]) - digits
    else:
        letters = 1
    return _Run(match.start(), match.end(), digits, letters, said)


_CAPITALS: Final = re.compile(r"(?<![^\W_])([A-Z]{2,3}) \Z")
_SCORE: Final = 0.7
_AS_WRITTEN: Final = 0.4
"""Below what knows the form."""
_BEFORE: Final = 90
_AFTER: Final = 50
_PART: Final = 2
"""Symbols or words that are a part of something."""
_NEAR: Final = 24
_ALONE: Final = 6
"""Digits and letters that nobody says for another reason."""
_WITH_LABEL: Final = 4
_BRIDGE: Final = 6
"""How many words may interrupt a value that is named or begun."""
_BRIDGE_SIGNS: Final = 90
_PHONE: Final = 9
_BELOW_HUNDRED: Final = rf"(?:a|{BELOW_HUNDRED})"
_BELOW_THOUSAND: Final = rf"(?:{_BELOW_HUNDRED}(?: hundred(?:(?: and)? {_BELOW_HUNDRED})?)?)"
_QUANTITY: Final = re.compile(
    rf"(?:{_BELOW_THOUSAND}(?: thousand(?:,? (?:and )?{_BELOW_THOUSAND})?)?"
    rf"|\d{{1,3}} (?:hundred|thousand))(?:(?:,|,? and| or) {_BELOW_THOUSAND})?"
)
"""One number in words, as sums, years and terms are said."""
_YEAR: Final = re.compile(rf"(?:nineteen|twenty|eighteen)(?: oh)? {_BELOW_HUNDRED}")
_INTERRUPTED: Final = re.compile(
    r"[a-z\d](?:\.{2,3}|\s?…|,?\s(?:um|uh|er|erm|sorry|no|then|and then)(?![^\W_]))"
    r"|(?:(?<![^\W_])\d,? ){4}\d(?!\d)"
)
_BEGINS_WITH_LABEL: Final = "UK_GWF"
"""Whose values begin with the letters of its label."""
_THAT_IS: Final = re.compile(
    r"[ ,.]{0,3}(?:and|\n[^\n:]{1,20}:(?: (?:yes|yeah|yep),?)?)?[ ,.]{0,3}"
    r"(?:that's|that is|that was|is|was|being)(?: (?:the|my|his|her|their|your|our))? "
)


def spoken_numbers(text: str) -> Iterator[Finding]:
    """Six digits and letters or more in words, or four beside a label."""
    lower = lowered(text)
    windows = around(lower, _numbers_near_each_other(lower), _FARTHEST)
    masked = _without_heads(lower) if windows else lower
    for first, last in windows:
        for run, label in _values(lower, masked, first, last):
            if _is_number(masked, run, label):
                entity = label.type if label else REFERENCE
                if entity == REFERENCE and run.digits >= _PHONE and not run.letters:
                    entity = "PHONE_NUMBER"
                start, end = _with_capitals(text, first, run)
                yield Finding(start, end, entity, _SCORE if run.said else _AS_WRITTEN)


def _with_capitals(text: str, first: int, run: _Run) -> tuple[int, int]:
    """The range of a run with two or three capitals before it, "JX thirty five", unless they are a label."""
    before = _CAPITALS.search(text, max(first, run.start - _PART * 2), run.start)
    if before is None or before[1].lower() in label_heads():
        return run.start, run.end
    return before.start(), run.end


def _numbers_near_each_other(lower: str) -> Iterator[int]:
    """Where two numbers begin that stand near each other."""
    text = f"\n{lower}"
    for first, last in between_blanks(text):
        for match in _LOOK.finditer(text, first, last):
            yield match.start()


def _values(lower: str, masked: str, first: int, last: int) -> Iterator[tuple[_Run, Label | None]]:
    """The runs of a range with the label of each; a run that is interrupted is put together."""
    runs = _runs_in(masked, first, last)
    if not any(run.said for run in runs) and not _INTERRUPTED.search(masked, first, last):
        return  # what is written is not said, unless something interrupts it
    whole: _Run | None = None
    label: Label | None = None
    for run in runs:
        if whole is not None and _continues(masked, whole, run, label):
            whole = whole.joined(run)
            continue
        if whole is not None:
            yield whole, label or _label_behind(lower, whole)
        whole, label = _begun(lower, masked, run)
    if whole is not None:
        yield whole, label or _label_behind(lower, whole)


def _continues(masked: str, run: _Run, later: _Run, label: Label | None) -> bool:
    """Whether a later run goes on with the value that `run` begins."""
    between = masked[run.end : later.start]
    if len(between) > _BRIDGE_SIGNS or "%" in between or run.is_written or later.is_written:
        return False
    words = WORD.findall(between)
    if len(words) > _BRIDGE or next(number_words_in(between), None) is not None:
        return False
    telling = sum(word not in _WORDS_THAT_SAY_NOTHING for word in words)
    if later.symbols < _PART <= telling or (telling and masked[later.start : later.end] == "a"):
        return False  # "please not the old one", "thanks and a number for you"
    if label is not None and run.digits < label.usual + _PART:
        return len(words) < _BRIDGE - _PART
    year = _YEAR.fullmatch(masked, run.start, run.end)
    if run.symbols < _PART or year or _is_quantity(masked, run):
        return False
    return len(words) <= _PART or "\n" in between


def _is_quantity(masked: str, run: _Run) -> bool:
    """Whether a run is one number as sums, years and terms are said, which nothing goes on with."""
    return _QUANTITY.fullmatch(masked, run.start, run.end) is not None


def _begun(lower: str, masked: str, run: _Run) -> tuple[_Run | None, Label | None]:
    """A run without the label that may be spelt out at its head, "c r n x three", and that label."""
    digit = _DIGIT_SAID.search(lower, run.start, run.end)
    at = max(0, run.start - _BEFORE)
    before = lower[at : digit.start() if digit else run.end]
    best = max(named_in(before), key=lambda label: (label.end, -label.start), default=None)
    if best is None or at + best.end <= run.start or best.type == _BEGINS_WITH_LABEL:
        return run, best
    rest = _runs_in(masked, at + best.end, run.end)
    return rest[0] if rest else None, best


def _label_behind(lower: str, run: _Run) -> Label | None:
    """The label behind a run: "… that's the passport number"."""
    joined = _THAT_IS.match(lower, run.end)
    after = lower[joined.end() : joined.end() + _AFTER] if joined else ""
    labels = [label for label in named_in(after) if label.start <= _NEAR]
    return max(labels, key=lambda label: (label.type != REFERENCE, label.end), default=None)


_DIGIT_SAID: Final = re.compile(
    rf"(?<![^\W_])(?:oh|zero|nought|naught|nil|{ONES}|{_TEN}|double|triple|treble|capital|[a-z]*\d\w*)(?![^\W_])"
)


def _is_number(masked: str, run: _Run, label: Label | None) -> bool:
    """Whether what is counted out is a number that stands for somebody."""
    text = masked[run.start : run.end]
    if _is_quantity(masked, run):
        return False
    if not run.said and len(_INTERRUPTED.findall(text)) < (1 if label else _WITH_LABEL - 1):
        return False  # as it is written, which is read elsewhere
    if label is not None:
        least = min(label.min_digits, _WITH_LABEL)
        return run.digits >= least or (run.digits >= 1 and run.symbols > _WITH_LABEL)
    return run.said != 1 and run.symbols >= _ALONE
