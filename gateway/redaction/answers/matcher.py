"""Finding issued pseudonyms in text that may arrive in pieces, and putting their values back.

A value is written as its place asks: in how many strings of JSON that stands, each in JSON of the one around it, is
followed while the text arrives.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gateway.redaction.pseudonyms.pseudonyms import Pseudonym

_NAME: Final = re.compile(r"[A-Z0-9_]*")
_NAME_MARKED_UP: Final = re.compile(r"(?:[A-Z0-9_]|\\_)*")
_PLAIN: Final = re.compile(r"(?P<open><|&lt;)|(?P<part>&(?:lt?)?\Z)|(?P<word>\w+)")
"""Models escape what they write: an underscore in Markdown (`PERSON\\_1`), `&lt;PERSON_1&gt;` in HTML."""
_JSON: Final = re.compile(
    r"(?P<open><|\\u003[cC])|(?P<part>\\(?:u(?:0(?:03?)?)?)?\Z)|\\(?:u[0-9a-fA-F]{4}|.)|(?P<word>\w+)",
    re.DOTALL,
)
_CLOSE: Final = re.compile(r">|&gt;")
_CLOSE_PART: Final = re.compile(r"(?:\\|&(?:gt?)?)\Z")
_ESCAPED: Final = re.compile(r"\\u[dD][bB]40\\u[dD][dD][0-9a-fA-F]{2}")
_ESCAPED_PART: Final = re.compile(
    r"\\(?:u(?:[dD](?:[bB](?:4(?:0(?:\\(?:u(?:[dD](?:[dD][0-9a-fA-F]?)?)?)?)?)?)?)?)?)?"
)
_JSON_CLOSE: Final = re.compile(r">|\\u003[eE]")
_JSON_CLOSE_PART: Final = re.compile(r"\\(?:u(?:0(?:03?)?)?)?\Z")


class Matcher:
    """The issued pseudonyms of a request, and how their values are written: as they are, or within JSON strings."""

    def __init__(self, issued: Iterable[Pseudonym], *, in_json: bool) -> None:
        self.in_json = in_json
        self._bracketed: dict[str, str] = {}
        self._bare: dict[str, str] = {}
        self._variants: dict[str, dict[str, str]] = {}
        for pseudonym in issued:
            value = pseudonym.value
            name, _, variant = pseudonym.text.strip("<>").partition(">")
            if variant:
                self._variants.setdefault(name, {})[variant] = value
                self._bracketed.setdefault(name, value)
            elif pseudonym.text.startswith("<"):
                self._bracketed[name] = value
            else:
                self._bare[name] = value

    def restored(self, text: str) -> str:
        """The whole of `text` with the values put back."""
        return self.feed(text, within_word=False, final=True)[0]

    def feed(
        self, text: str, *, within_word: bool, final: bool, nesting: "JsonNesting | None" = None
    ) -> tuple[str, str, bool]:
        """What can be let go of `text`, with the values put back; what could still become a pseudonym; and whether
        the former ends within a word.

        `within_word` says that of the text before, `nesting` how values are written behind it. With `final`, nothing
        is kept back.
        """
        if not (self._bracketed or self._bare):
            return text, "", within_word
        restored: list[str] = []
        done = at = apart = 0
        kept = len(text)
        while match := (_JSON if self.in_json else _PLAIN).search(text, at):
            at, value = self._judged(text, match, within_word=within_word, final=final)
            if at < 0:
                kept = match.start()
                break
            if value is not None:
                before = text[done : match.start()]
                restored += (before, self._written(value, before, nesting))
                done = at
            if value is not None or not (match["open"] or match["word"]):
                apart = at  # after a value or an escape a word begins, whatever its last letter
        if kept:
            within_word = kept > apart and (text[kept - 1].isalnum() or text[kept - 1] == "_")
        if nesting is not None:
            nesting.feed(text[done:kept])
        return "".join([*restored, text[done:kept]]), text[kept:], within_word

    def _written(self, value: str, before: str, nesting: "JsonNesting | None") -> str:
        if nesting is not None:
            nesting.feed(before)
            return nesting.written(value)
        return json.dumps(value, ensure_ascii=False)[1:-1] if self.in_json else value

    def _judged(
        self, text: str, match: re.Match[str], *, within_word: bool, final: bool
    ) -> tuple[int, str | None]:
        """Where to go on and the value to put in, if any; a negative place keeps back all from the match on."""
        if match["open"]:
            return self._after_open(text, match.end(), final=final)
        if match["word"]:
            if within_word and match.start() == 0:
                return match.end(), None
            if match.end() == len(text) and not final and _begins_one(match[0], self._bare):
                return -1, None
            return match.end(), self._bare.get(match[0])
        if match["part"] is not None and not final:
            return -1, None
        return match.end(), None

    def _after_open(self, text: str, at: int, *, final: bool) -> tuple[int, str | None]:
        name = (_NAME if self.in_json else _NAME_MARKED_UP).match(text, at)
        end = name.end() if name else at
        inner = text[at:end].replace("\\", "")
        if end == len(text):
            return (-1 if not final and _begins_one(inner, self._bracketed) else end), None
        closing = (_JSON_CLOSE if self.in_json else _CLOSE).match(text, end)
        if closing:
            if inner in self._variants:
                return self._after_close(text, closing.end(), inner, final=final)
            value = self._bracketed.get(inner)
            return (end if value is None else closing.end()), value
        cut = (_JSON_CLOSE_PART if self.in_json else _CLOSE_PART).match(text, end)
        if cut and not final and _begins_one(inner, self._bracketed):
            return -1, None
        return end, None

    def _after_close(self, text: str, at: int, inner: str, *, final: bool) -> tuple[int, str | None]:
        """The writing that the variation selector at `at` asks for; without one the fullest."""
        variants = self._variants[inner]
        if value := variants.get(text[at : at + 1]):
            return at + 1, value
        if self.in_json and (escape := _ESCAPED.match(text, at)):
            value = variants.get(json.loads(f'"{escape[0]}"'))
            return (at, self._bracketed[inner]) if value is None else (escape.end(), value)
        if not final and (at == len(text) or (self.in_json and _ESCAPED_PART.fullmatch(text, at))):
            return -1, None
        return at, self._bracketed[inner]


def _begins_one(start: str, names: Iterable[str]) -> bool:
    return any(name.startswith(start) for name in names)


_RUN: Final = re.compile(r'(\\*)([^\\"]+|"|\Z)')
_BLANK: Final = r"(?:\s|\\+[nrt])*"
_BEFORE_FIRST_QUOTE: Final = re.compile(
    rf"(?:\s*```(?:json)?\s*\n)?{_BLANK}[\[{{](?:{_BLANK}[\[{{\d,.-])*{_BLANK}"
)
"""What stands before the first quotation mark of an object or a list."""
_BRACKET: Final = re.compile(r"[\[\]{}]")


@dataclass(slots=True)
class _Text:
    """The whole text, or a string in it: how it begins, and whether it is JSON, once that is known."""

    head: str = ""
    is_json: bool | None = None


class JsonNesting:
    """`known`: the text is JSON, however it begins; else one that does not begin so, or has ended, is prose."""

    __slots__ = ("_backslashes", "_depth", "_known", "_texts")

    def __init__(self, *, known: bool) -> None:
        self._known = known
        self._texts = [_Text(is_json=True if known else None)]
        self._backslashes = 0
        self._depth = 0

    def written(self, value: str) -> str:
        """A value as it is written at this place; before the first quotation mark no JSON has one."""
        if self._texts[-1].is_json is None:
            self._texts[-1].is_json = False
        for _ in range(max(len(self._texts) - 1, self._known)):
            value = json.dumps(value, ensure_ascii=False)[1:-1]
        return value

    def feed(self, text: str) -> None:
        """What comes next."""
        for run in _RUN.finditer(text):
            self._backslashes += len(run[1])
            if run[2] == '"':
                self._quote(self._backslashes)
            elif run[2]:
                self._other("\\" * self._backslashes + run[2])
            else:
                continue
            self._backslashes = 0

    def _other(self, text: str) -> None:
        inner = self._texts[-1]
        if inner.is_json is None:
            inner.head = (inner.head + text)[:200]
        if len(self._texts) > 1 or self._known:
            return
        for bracket in _BRACKET.findall(text):
            self._depth += 1 if bracket in "[{" else -1
            if self._depth <= 0:
                inner.is_json = False  # it has ended, or is none

    def _quote(self, backslashes: int) -> None:
        """A quotation mark closes the outermost string by whose reading it is not escaped, or opens one."""
        for level in range(1, len(self._texts)):
            if backslashes % 2 == 0:
                del self._texts[level:]
                return
            backslashes //= 2
        inner = self._texts[-1]
        if inner.is_json is None:
            inner.is_json = _BEFORE_FIRST_QUOTE.fullmatch(inner.head) is not None
        if inner.is_json and backslashes == 0:
            self._texts.append(_Text())
