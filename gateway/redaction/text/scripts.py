"""Scripts that no recogniser reads, and signs that hide text from people: a word of it is redacted, more is refused.

The scripts are Unicode's (UAX #24). Readers of the request do not see some characters, so a model must not receive
them: tag characters, runs of variation selectors or of zero-width characters, and Braille.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types

_RUN: Final = r"[^\p{{Latin}}\p{{Common}}\p{{Inherited}}\p{{Unknown}}{allowed}]"
_WORDS: Final = 2
_LETTERS: Final = 16
"""What is taken for a name in its own script; a longer run is a text that nothing here reads."""
_TAGS: Final = regex.compile("(?<!\U0001f3f4[\U000e0020-\U000e007e]{0,8})[\U000e0020-\U000e007f]{3}")
_SELECTORS: Final = regex.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4}")
_INVISIBLE: Final = regex.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{12}")
_BRAILLE: Final = regex.compile("[\u2801-\u28ff]{3}|[\u2801-\u28ff]+[A-Za-z0-9]|[A-Za-z0-9][\u2801-\u28ff]")
_PRIVATE: Final = regex.compile(r"\p{Co}{2}")
_WHOLE_WORD: Final = regex.compile(r"[\p{Han}\p{Hangul}]")
"""A letter that can be a name alone; one of another script is a sign: (ツ)."""
_ALLOWED: Final = regex.compile(r"[A-Z][A-Za-z_]{2,40}")


class Scripts:
    """What can't be read beside Latin letters and the scripts that a policy allows by name."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.allowed = frozenset(allowed)
        names = "".join(
            rf"\p{{{name}}}" for name in sorted(self.allowed) if _ALLOWED.fullmatch(name) and _exists(name)
        )
        letter = _RUN.format(allowed=names)
        self._run: Any = regex.compile(rf"{letter}+(?:[ ,.;:'\"·\n-]{{1,3}}{letter}+)*+", regex.VERSION0)
        self._word: Any = regex.compile(rf"{letter}+")

    def problem(self, text: str) -> str | None:
        """Why a text can't be sent, with the remedy; None if it can."""
        if text.isascii():
            return None
        if _PRIVATE.search(text):
            return "Characters for private use can't be read. Send the text in those of a language."
        if _TAGS.search(text) or _SELECTORS.search(text) or _INVISIBLE.search(text):
            return "Characters that nobody sees may hold text, so it is not sent. Take them out."
        if _BRAILLE.search(text):
            return "Braille can't be read. Send it as text."
        runs = (self._word.findall(run[0]) for run in self._run.finditer(text))
        if any(len(words) > _WORDS or sum(map(len, words)) > _LETTERS for words in runs):
            return (
                "A script that no recogniser reads is not sent. Send it in Latin letters, or have the policy allow "
                "the script by its name (`redaction.scripts`)."
            )
        return None

    def words(self, text: str) -> Iterator[tuple[int, int]]:
        """Single words in such a script: names, as far as anybody can tell."""
        if not text.isascii():
            for match in self._run.finditer(text):
                if sum(map(str.isalpha, match[0])) > 1 or _WHOLE_WORD.fullmatch(match[0]):
                    yield match.span()


def _exists(name: str) -> bool:
    try:
        regex.compile(rf"\p{{{name}}}")
    except regex.error:
        return False
    return True
