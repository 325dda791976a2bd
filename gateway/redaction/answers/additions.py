"""What in an answer counts as added: personal data that nobody had sent, and not what models write anyway."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from gateway.redaction.lexicon import is_common
from gateway.redaction.redaction_settings import READ_BY_MODELS
from gateway.redaction.text import findings
from gateway.redaction.text.findings import SMALL_WORDS, Finding
from gateway.redaction.text.long_texts import words_in
from gateway.redaction.text.normalised import WORD, fold

_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)\Z")
TITLES: Final = findings.TITLES | {"st"}
"""What stands before a name; of them "Mr" and the like may end in a full stop."""
_NAMES: Final = READ_BY_MODELS | {"UK_ADDRESS"}
"""Types of what is made of words, which an answer may write in another form or order."""
_MONTH_NAMES: Final = "january february march april may june july august september october november december"
_MONTHS: Final = {
    form: number for number, name in enumerate(_MONTH_NAMES.split(), 1) for form in (name, name[:3])
} | {"sept": 9}
_MIN_COMPACT_LENGTH: Final = 6
_BOILERPLATE: Final = """
    ai anthropic assistant chatbot chatgpt claude copilot countersign deepseek gemini google gpt llama microsoft mistral
    openai sir madam lord chancellor justice majesty england wales scotland northern ireland britain great united
    kingdom uk gb
"""
_EVERYBODYS: Final = frozenset(_BOILERPLATE.split())
"""What a model calls itself, whom it writes to when it knows nobody, and where everybody lives."""
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MEMBER: Final = re.compile(r'"(?:[^"\\\n]|\\.){1,100}"[ \t]{0,10}:')
_PLACEHOLDER: Final = re.compile(
    r"\[[^\[\]\n]{1,60}\](?!\()|\{\{?[^{}\n]{1,60}\}\}?|<[a-z][a-z _-]{1,40}>", re.IGNORECASE
)
_FENCE: Final = re.compile(r"(?:```|~~~)[^\n]*")
_HEADING: Final = re.compile(
    r"^[ \t]{0,3}(?:#{1,6} .*|(?:[-*+•] |\d{1,2}[.)] )?(?:\*\*|__)[^*_\n]{1,80}(?:\*\*|__)(?::|\s-\s|[ \t]*$)"
    r"|[^\n:|]{1,60}:[ \t]*$|(?:[-*+•] |\d{1,2}[.)] )?[^\W\d_][^\n:.|]{0,40}:(?=\s))",
    re.MULTILINE,
)
"""A heading, a line in bold, and the label that a line begins with."""
_ROW: Final = re.compile(r"^[ \t]*\|.*\|[ \t]*\n[ \t]*\|[ \t:|-]+\|[ \t]*$", re.MULTILINE)
"""The head of a table."""
_LINES: Final = (_HEADING, _ROW)
_REACH: Final = 200
"""How far a placeholder, a heading or the head of a table may reach before and behind what is in it."""


class SentValues:
    """The words and numbers that stood in a request; `texts` is called once a value is asked for."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts

    @cached_property
    def _text(self) -> str:
        return " ".join(fold("\n".join(self._texts())).split())

    @cached_property
    def _found(self) -> list[str]:
        return list(words_in(WORD, self._text))

    @cached_property
    def _words(self) -> set[str]:
        return {form for word in set(self._found) for form in _forms(word)}

    @cached_property
    def _initials(self) -> set[str]:
        return {word[0] for word in self._found}

    @cached_property
    def _compact(self) -> str:
        return "".join(self._found)

    @cached_property
    def _numbers(self) -> set[int]:
        return {number for number in map(_number, set(self._found)) if number is not None}

    def has(self, value: str, entity: str) -> bool:
        """Whether the value stood in the request: a name word by word, a date number by number."""
        folded = " ".join(fold(value).split())
        if self._contains(folded):
            return True
        words = WORD.findall(folded)
        if entity in _NAMES:
            telling = [word for word in words if word not in TITLES and word not in SMALL_WORDS]
            return all(
                word in self._initials if len(word) == 1 else not self._words.isdisjoint(_forms(word))
                for word in telling
            ) and any(len(word) > 1 for word in telling)
        if entity == "DATE_OF_BIRTH":
            return all(number is None or number in self._numbers for number in map(_number, words))
        compact = "".join(words)
        is_number = len(compact) >= _MIN_COMPACT_LENGTH and any(map(str.isdigit, compact))
        return is_number and compact in self._compact

    def _contains(self, folded: str) -> bool:
        """Whether the words stand there as they are, and not within longer ones."""
        whole = rf"(?<![^\W_]){re.escape(folded)}(?![^\W_])"
        return folded in self._text and re.search(whole, self._text) is not None


def _forms(word: str) -> set[str]:
    """A word, and the same without the ending of a possessive or plural."""
    return {word, word[:-1]} if word.endswith("s") and len(word) > 3 else {word}


def _number(word: str) -> int | None:
    """A number or a month as a number; of an ordinal its number."""
    digits = _ORDINAL.sub("", word)
    return int(digits) if digits.isdecimal() and len(digits) <= _MIN_COMPACT_LENGTH else _MONTHS.get(word)


def is_boilerplate(text: str, finding: Finding) -> bool:
    """Whether a finding in an answer is what models write whatever they are asked, and nobody's."""
    value = text[finding.start : finding.end]
    if finding.type not in READ_BY_MODELS:
        return False
    words = WORD.findall(fold(_HUMP.sub(" ", value)))
    if not words or all(word in _EVERYBODYS or word in SMALL_WORDS for word in words):
        return True
    if any(_within(pattern, text, finding) for pattern in (_MEMBER, _PLACEHOLDER, _FENCE)):
        return True
    if finding.type != "PERSON":
        return False
    if value.islower() and not text.islower():
        return True
    heads = any(_within(pattern, text, finding) for pattern in (_HEADING, _ROW))
    return heads and all(map(is_common, words)) and TITLES.isdisjoint(words)


def _within(pattern: re.Pattern[str], text: str, finding: Finding) -> bool:
    """Whether the finding stands wholly in a match of `pattern` in its line; only what is near it is read."""
    nearest = max(0, finding.start - _REACH)
    first = text.rfind("\n", nearest, finding.start) + 1 or nearest
    if pattern in _LINES and first and text[first - 1] != "\n":
        return False  # so long a line is no heading
    last = text.find("\n", finding.end, finding.end + _REACH)
    if pattern is _ROW and last >= 0:
        last = text.find("\n", last + 1, last + _REACH)
    near = text[first : finding.end + _REACH if last < 0 else last]
    return any(
        first + match.start() <= finding.start and finding.end <= first + match.end()
        for match in pattern.finditer(near)
    )
