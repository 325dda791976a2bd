"""English, and the catalogues beside it: `locale/LANGUAGE.po`, by the words of the English page.

Which one: the visitor's choice, kept in a cookie; else what their browser asks for; else English.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

ENGLISH: Final = "en"
COOKIE: Final = "language"

_FOLDER: Final = Path(__file__).parent / "locale"
_MAX_PREFERENCES: Final = 20


@dataclass(frozen=True)
class Language:
    """One language of the pages: its words, and how it writes times and numbers."""

    code: str
    words: NullTranslations
    zone: ZoneInfo

    @cached_property
    def locale(self) -> Locale:
        """How it writes times and numbers."""
        return Locale.parse("en_GB" if self.code == ENGLISH else self.code)

    @property
    def name(self) -> str:
        """Its own name for itself, such as English or Cymraeg."""
        name: str = self.locale.languages[self.code]
        return name[:1].upper() + name[1:]

    def time(self, text: str) -> str:
        """A time as events write it, for people: 24 November 2026, 09:22."""
        moment = datetime.fromisoformat(text).astimezone(self.zone)
        return format_datetime(moment, "d MMMM yyyy, HH:mm", locale=self.locale)

    def day(self, text: str) -> str:
        """A day such as 2026-11-24, for people: 24 November 2026."""
        return format_date(date.fromisoformat(text), "d MMMM yyyy", locale=self.locale)

    def span(self, seconds: int) -> str:
        """A length of time in its largest unit: 3 days."""
        return format_timedelta(abs(seconds), granularity="minute", threshold=1, locale=self.locale)

    def number(self, value: float) -> str:
        """A number as people write it: 1,234.5."""
        return format_decimal(value, locale=self.locale)


def load_languages(time_zone: str) -> dict[str, Language]:
    """English and every catalogue, by code."""
    zone = ZoneInfo(time_zone)
    languages = {ENGLISH: Language(ENGLISH, NullTranslations(), zone)}
    for path in sorted(_FOLDER.glob("*.po")):
        languages[path.stem] = Language(path.stem, _read(path), zone)
    return languages


def choose_language(
    languages: Mapping[str, Language], cookies: Mapping[str, str], accept: str | None
) -> Language:
    """The visitor's language."""
    chosen = languages.get(cookies.get(COOKIE, ""))
    if chosen is not None:
        return chosen
    wished = [tag.partition(";")[0].strip().replace("-", "_") for tag in (accept or "").split(",")]
    code = negotiate_locale(wished[:_MAX_PREFERENCES], list(languages)) or ENGLISH
    return languages.get(code, languages[ENGLISH])


@cache
def _read(path: Path) -> Translations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
