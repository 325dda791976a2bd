"""In how many strings of JSON a place of a text stands, each in JSON of the one around it, while the text arrives."""

import json
import re
from dataclasses import dataclass
from typing import Final

_RUN: Final = re.compile(r'(\\*)([^\\"]+|"|\Z)')
_BLANK: Final = r"(?:\s|\\+[nrt])*"
_BEFORE_FIRST_QUOTE: Final = re.compile(
    rf"(?:\s*```(?:json)?\s*\n)?{_BLANK}[\[{{](?:{_BLANK}[\[{{\d,.-])*{_BLANK}"
)
"""What stands before the first quotation mark of an object or a list."""
_MAX_HEAD_LENGTH: Final = 200
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
            inner.head = (inner.head + text)[:_MAX_HEAD_LENGTH]
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
