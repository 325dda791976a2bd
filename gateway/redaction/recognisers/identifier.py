"""An identifier: what it is called, the forms it is written in, its check, and the words that are its labels."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from typing import Final

ALONE: Final = 0.5
"""The score of a form that is trusted without a context word (above the default threshold)."""
WEAK: Final = 0.2
"""The score of a form that needs a context word, or a check digit that passes, to be reported."""

CHECKED: Final = 1.0
"""The score of a form whose check digit passes."""
NEAR_DIGITS: Final = r"\d"
_MIXED: Final = re.compile(r"(?<![\\A-Za-z])(?![A-Z]{2,5}(?![A-Za-z]))[a-z]*[A-Z][A-Za-z]*")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Identifier:
    """An identifier of one `type`, in a reading that has been normalised. The files here declare them.

    `type` is the name of the declaration unless that says otherwise.

    `what` says what it is, in the table of the documentation; further forms of a type that has one have none.

    `forms` are regular expressions with their scores without context; case does not matter, and a space may also be the
    end of a line, unless it is written as its number, `x20` behind a backslash. `check` says True where a
    check digit passes, False where the value is none, and None where it fails: people mistype, and a wrong number is
    still a person's.

    `labels` are what stands beside a value and says that it is one, in any spelling; there a value has `least` digits
    or more, and mostly `digits`. `context` are further words that lift a weak form but name no value. Both are lists
    with commas; how a label is written says `labels.py`.

    The forms are tried only where `prefilter`, an expression, matches the text in lower case: unless it says otherwise
    around digits. With a `window` only so many characters around each match of it are read, else all of the text.

    `certain` is the score from which its form alone says what it is: only then it is looked for in grammar, such as
    the name of a tool. `on` says whether it is redacted unless the settings say otherwise. Of each of `examples` all
    is found.
    """

    type: str = ""
    what: str = ""
    forms: Mapping[str, float] = field(default_factory=dict)
    check: Callable[[str], bool | None] | None = None
    labels: str = ""
    least: int = 4
    digits: int = 16
    context: str = ""
    prefilter: str = NEAR_DIGITS
    window: int = 0
    certain: float | None = None
    on: bool = True
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A label is looked for in small letters, so that one with other capitals would never be found."""
        if mixed := _MIXED.search(f"{self.labels}, {self.context}"):
            raise ValueError(
                f"{mixed[0]}: labels and context are written in small letters, only abbreviations of two to five"
                " letters in capitals"
            )


@cache
def declared() -> tuple[Identifier, ...]:
    """Every identifier that a file of this package declares."""
    package = import_module("gateway.redaction.recognisers")
    modules = [import_module(info.name) for info in walk_packages(package.__path__, f"{package.__name__}.")]
    return tuple(
        value if value.type else replace(value, type=name)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Identifier)
    )
