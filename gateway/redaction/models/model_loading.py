"""Loads the models of the settings: the shipped name model or another, and the operator's own models and recognisers.

Presidio is imported only where there is a recogniser of it: that takes more than a second. Its loggers are silenced for
good: they write texts and values, some of them at ERROR.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from gateway.redaction.models.analyzer_server import AnalyzerServer
from gateway.redaction.models.model_spans import USUAL_LABELS
from gateway.redaction.models.name_model import FOLDER, NameModel
from gateway.redaction.models.name_model.name_finder import NameFinder
from gateway.redaction.models.token_classifier import TokenClassifier
from gateway.redaction.recognisers.identifier import Identifier, declared
from gateway.redaction.redaction_errors import ModelMissing
from gateway.redaction.redaction_settings import READ_BY_MODELS, SHIPPED, RedactionSettings
from gateway.redaction.text.findings import Finding

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer

_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}

Recogniser = Callable[[str], Iterable[Finding]]
"""Reads a text in a way of its own, and gives what it finds, which may overlap."""


class NameReader(Protocol):
    """A model that reads names, places and groups."""

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds, in whole words."""


def load_readers(settings: RedactionSettings) -> list[NameReader]:
    """The models of the settings; none for patterns only. `ModelMissing` if one can't be loaded."""
    readers: list[NameReader] = []
    if settings.name_model is not None:
        folder = FOLDER if settings.name_model == SHIPPED else Path(settings.name_model)
        with _naming(f"redaction.name_model: the name model in {folder}"):
            readers.append(NameFinder(NameModel(folder)))
    if settings.spacy_model is not None:
        with _naming(f"redaction.spacy_model: the spaCy model {settings.spacy_model}"):
            # spaCy takes a second to import.
            from gateway.redaction.models.spacy_ner import SpacyNames

            readers.append(SpacyNames(settings.spacy_model))
    for at, classifier in enumerate(settings.classifiers):
        with _naming(f"redaction.classifiers[{at}].folder: the model in {classifier.folder}"):
            labels = classifier.labels or USUAL_LABELS
            readers.append(TokenClassifier(classifier.folder, labels, classifier.least))
    return readers


@contextmanager
def _naming(what: str) -> Iterator[None]:
    """Names the setting whose model can't be loaded, and why: at start, where a cause has no data to quote."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  # onnxruntime, spaCy and an operator's class each raise their own
        raise ModelMissing(f"{what} can't be loaded. {type(error).__name__}: {error}") from None


def load_recognisers(
    settings: RedactionSettings, entities: Collection[str]
) -> "list[Recogniser | EntityRecognizer]":
    """The operator's own recognisers, by address and by name. `ModelMissing` if one can't be loaded."""
    recognisers: list[Recogniser | EntityRecognizer] = []
    if (server := settings.analyzer_server) is not None:
        types = sorted(server.entities - (_built_in() - frozenset(entities)))
        if types:
            recognisers.append(AnalyzerServer(str(server.url), types, server.language, server.seconds).find)
    for at, recogniser in enumerate(settings.recognisers):
        with _naming(f"redaction.recognisers[{at}]: {recogniser.kind}"):
            recognisers.append(_presidios(recogniser.kind, recogniser.arguments))
    return recognisers


def types_of(
    settings: RedactionSettings, recognisers: "Iterable[Recogniser | EntityRecognizer]"
) -> frozenset[str]:
    """What is redacted: `entities`, and the types that only the operator's own models and recognisers find.

    `ModelMissing` if nothing finds one of `entities`.
    """
    own = {kind for one in recognisers for kind in getattr(one, "supported_entities", ())}
    own |= {kind for classifier in settings.classifiers for kind in (classifier.labels or {}).values()}
    own |= frozenset() if settings.analyzer_server is None else settings.analyzer_server.entities
    if unknown := settings.entities - _built_in() - own:
        raise ModelMissing(
            f"redaction.entities: nothing finds {', '.join(sorted(unknown))}. Correct the name, or add what finds it"
            " to `redaction.recognisers`."
        )
    return settings.entities | (own - _built_in())


def _built_in() -> frozenset[str]:
    return frozenset(identifier.type for identifier in declared()) | READ_BY_MODELS


def _presidios(path: str, arguments: Mapping[str, Any]) -> "EntityRecognizer":
    from presidio_analyzer import EntityRecognizer, PatternRecognizer

    module, _, name = path.rpartition(".")
    kind = getattr(import_module(module), name)
    recogniser = kind.from_dict(dict(arguments)) if kind is PatternRecognizer else kind(**arguments)
    if not isinstance(recogniser, EntityRecognizer):
        raise TypeError("it is no presidio_analyzer.EntityRecognizer")
    return recogniser


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
        prefilter="",
    )


def silence_presidio() -> None:
    """Make the loggers of presidio-analyzer 2.2 drop every record.

    A filter outlives a later dictConfig, which resets handlers, levels and `disabled`.
    """
    for name in ("presidio-analyzer", "decision_process"):
        logging.getLogger(name).filters[:] = [lambda _record: False]
