"""Scripts that no recogniser reads, and signs that hide text from people: a word of it is redacted, more is refused.

The scripts are Unicode's (UAX #24). What is hidden can't be seen by whoever reads the request, so that a model must not
be given it: tag characters, runs of variation selectors or of zero-width characters, Braille and Morse.
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
_UPSIDE_DOWN: Final = regex.compile(
    "[\u0250\u0254\u01dd\u025f\u0183\u0265\u1d09\u027e\u029e\u026f\u0279\u0287\u028c\u028d\u028e]"
)
"""Letters of phonetics that look like ours turned upside down."""
_TURNED: Final = 4
_MORSE: Final = regex.compile(
    r"(?<![^\s/|])(?=[ /|-]{0,40}[.·•])(?=[ /|.·•]{0,40}[-–−_])(?:[.·•–−_-]{1,5}[ /|]{1,3}){7}"
)
_PHONETIC: Final = regex.compile(r"[\p{L}\p{M}ˈˌː.]*[\u0250-\u02af][\p{L}\p{M}ˈˌː.]*")
"""A word in phonetic letters, which no language here is written in."""
_PRIVATE: Final = regex.compile(r"\p{Co}{2}")
_BLANKS: Final = regex.compile(r"(?:(?<![^\n])[ \t]{7,8}(?:\n|$)){3}")
"""Lines of eight blanks and tabs, which are bits."""
_GROUPS: Final = regex.compile(r"(?<!\S)([.●•○■□◆★*|+])\1{0,8}(?:[ ]{1,3}\1{1,9}(?!\S)){6,}")
_DIFFERENT: Final = 3
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
        if any("\t" in match[0] for match in _BLANKS.finditer(text)):
            return "Lines of blanks and tabs may hold text, so they are not sent. Take them out."
        if any(len(set(map(len, match[0].split()))) >= _DIFFERENT for match in _GROUPS.finditer(text)):
            return "Signs that are counted out may hold text, so they are not sent. Send it as text."
        if text.isascii():
            return "Morse code can't be read. Send it as text." if _MORSE.search(text) else None
        if _PRIVATE.search(text):
            return "Characters for private use can't be read. Send the text in those of a language."
        if _TAGS.search(text) or _SELECTORS.search(text) or _INVISIBLE.search(text):
            return "Characters that nobody sees may hold text, so it is not sent. Take them out."
        if _BRAILLE.search(text) or _MORSE.search(text):
            return "Braille and Morse code can't be read. Send it as text."
        if len(_UPSIDE_DOWN.findall(text)) >= _TURNED:
            return "Letters that stand upside down can't be read. Send them as they are."
        if any(self._is_text(run[0]) for run in self._run.finditer(text)):
            return (
                "A script that no recogniser reads is not sent. Send it in Latin letters, or have the policy allow "
                "the script by its name (`redaction.scripts`)."
            )
        return None

    def _is_text(self, run: str) -> bool:
        words = self._word.findall(run)
        return len(words) > _WORDS or sum(map(len, words)) > _LETTERS

    def words(self, text: str) -> Iterator[tuple[int, int]]:
        """Single words in such a script: names, as far as anybody can tell."""
        if not text.isascii():
            for match in _PHONETIC.finditer(text):
                yield match.span()
            for match in self._run.finditer(text):
                if sum(map(str.isalpha, match[0])) > 1 or match[0] >= "\u2e80":
                    yield match.span()


def _exists(name: str) -> bool:
    try:
        regex.compile(rf"\p{{{name}}}")
    except regex.error:
        return False
    return True
