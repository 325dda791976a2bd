"""The pattern that our recognisers share: one identifier, its forms, its context words, its check."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from presidio_analyzer import Pattern, PatternRecognizer

ALONE = 0.5
"""The score of a form that is trusted without a context word (above the default threshold)."""
WEAK = 0.2
"""The score of a form that needs a context word, or a check digit that passes, to be reported."""


def patterns(forms: Mapping[str, float]) -> list[Pattern]:
    """Presidio's patterns for regular expressions and their scores."""
    return [Pattern(f"form {number}", regex, score) for number, (regex, score) in enumerate(forms.items(), 1)]


class Identifier(PatternRecognizer):
    """An identifier by its written forms, for a reading that has been normalised.

    `FORMS` are regular expressions with their scores without context. `CONTEXT` are words or phrases, in lower case,
    that lift it. `validate_result` says True where a check digit passes, and None, not False, where it fails: people
    mistype, and a wrong number is still a person's.

    Cheap looks say where the forms are tried: `LOOK` is an expression that the text in lower case must hold, and
    `LEAST`, if not 0, the least number of digits of the identifier: only what stands around so many digits is read.
    `NEAR`, if not 0, says how many characters around what `LOOK` finds are read, instead of the whole text.
    """

    ENTITY: ClassVar[str]
    FORMS: ClassVar[Sequence[Pattern]]
    CONTEXT: ClassVar[tuple[str, ...]] = ()
    LOOK: ClassVar[str] = ""
    LEAST: ClassVar[int] = 0
    NEAR: ClassVar[int] = 0

    @classmethod
    def forms(cls) -> Sequence[Pattern]:
        """`FORMS`, or those of a recogniser that makes them of the lists, which are read when it is made."""
        return cls.FORMS

    def __init__(self) -> None:
        super().__init__(
            supported_entity=self.ENTITY,
            patterns=list(self.forms()),
            context=list(self.CONTEXT),
            supported_language="en",
            name=type(self).__name__,
        )
