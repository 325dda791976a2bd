"""Presidio's recognisers: those that the settings name by their dotted path, and how any of them is run beside ours.

Presidio is imported only where there is one: that takes more than a second. Its loggers are silenced for good: they
write texts and values, some of them at ERROR.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.redaction_errors import ModelMissing
from gateway.redaction.text.findings import Finding

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def load_recogniser(path: str, arguments: Mapping[str, Any], where: str) -> "EntityRecognizer":
    """The recogniser, loaded by Presidio's constructor. `ModelMissing` names the setting `where`, and why."""
    from presidio_analyzer import EntityRecognizer

    try:
        module, _, name = path.rpartition(".")
        recogniser = getattr(import_module(module), name)(**arguments)
    except Exception as error:  # noqa: BLE001  # whatever an operator's own class raises, at start and without data
        problem = f"{type(error).__name__}: {error}"
    else:
        if isinstance(recogniser, EntityRecognizer):
            return recogniser
        problem = "it is no presidio_analyzer.EntityRecognizer"
    raise ModelMissing(f"{where}: {path} can't be used. {problem}")


Recogniser = Callable[[str], Iterable[Finding]]
"""Reads a text in a way of its own, and gives what it finds, which may overlap."""


def adapt(recogniser: "EntityRecognizer") -> Identifier | Recogniser:
    """One of Presidio's recognisers as one of ours: patterns as forms, so that its context counts and time is kept."""
    from presidio_analyzer import PatternRecognizer

    if isinstance(recogniser, PatternRecognizer) and type(recogniser).analyze is PatternRecognizer.analyze:
        return _identifier(recogniser)
    types = sorted(recogniser.supported_entities)

    def find(text: str) -> Iterator[Finding]:
        for result in recogniser.analyze(text, types, None):  # type: ignore[arg-type]
            yield Finding(result.start, result.end, result.entity_type, result.score)

    return find


def _identifier(recogniser: "PatternRecognizer") -> Identifier:
    patterns: list[Pattern] = list(recogniser.patterns)  # type: ignore[has-type]
    flags = {char: bool((recogniser.global_regex_flags or 0) & flag) for char, flag in _FLAGS.items()}
    on, off = ("".join(char for char, is_on in flags.items() if is_on is wanted) for wanted in (True, False))
    scoped = f"(?{on}{'-' if off else ''}{off}:"

    def check(value: str) -> bool | None:
        valid = recogniser.validate_result(value)
        return False if recogniser.invalidate_result(value) else valid

    return Identifier(
        type=recogniser.supported_entities[0],
        forms={f"{scoped}{pattern.regex})": float(pattern.score) for pattern in patterns},
        check=check,
        context=", ".join(re.escape(word.lower().strip()) for word in recogniser.context or ()),
    )


LOGGERS: Final = ("presidio-analyzer", "decision_process")
"""The loggers of presidio-analyzer 2.2, by the names in their sources."""


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def silence_presidio() -> None:
    """Make Presidio's loggers drop every record, whatever level or handler is set on the root later on."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        # The filter outlives a later dictConfig, which resets `disabled` and levels.
        logger.filters[:] = [_nothing]
        logger.handlers[:] = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
