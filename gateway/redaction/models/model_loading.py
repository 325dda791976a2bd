"""Loads the models of the settings: the shipped name model or another, and the operator's own models."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gateway.redaction.models.analyzer_server import AnalyzerServer
from gateway.redaction.models.name_model import FOLDER, NameModel
from gateway.redaction.models.name_model.name_finder import NameFinder
from gateway.redaction.models.plugins import Recogniser, load_recogniser
from gateway.redaction.models.token_classifier import USUAL_LABELS, TokenClassifier
from gateway.redaction.redaction_errors import ModelMissing
from gateway.redaction.redaction_settings import SHIPPED, RedactionSettings
from gateway.redaction.text.findings import Finding

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer


class NameReader(Protocol):
    """A model that reads names, places and groups."""

    def read(self, texts: Sequence[str]) -> list[list[Finding]]:
        """For each text what it holds, in whole words."""


def load_readers(settings: RedactionSettings) -> list[NameReader]:
    """The models of the settings; none for patterns only. `ModelMissing` if one can't be loaded."""
    readers: list[NameReader] = []
    if settings.name_model is not None:
        readers.append(NameFinder(_name_model(settings.name_model)))
    if settings.spacy_model is not None:
        from gateway.redaction.models.spacy_ner import SpacyNames  # spaCy takes a second to import

        readers.append(SpacyNames(settings.spacy_model))
    readers += [
        TokenClassifier(
            classifier.folder,
            classifier.labels or USUAL_LABELS,
            least=classifier.least,
            where=f"redaction.classifiers[{at}].folder",
        )
        for at, classifier in enumerate(settings.classifiers)
    ]
    return readers


def _name_model(name: str) -> NameModel:
    folder = FOLDER if name == SHIPPED else Path(name)
    try:
        return NameModel(folder)
    except Exception as error:  # noqa: BLE001  # onnxruntime, tokenizers and JSON each raise their own
        problem = type(error).__name__
    raise ModelMissing(f"redaction.name_model: the name model in {folder} can't be loaded ({problem}).")


def load_recognisers(
    settings: RedactionSettings, entities: Collection[str]
) -> "list[Recogniser | EntityRecognizer]":
    """The operator's own recognisers, by address and by name."""
    recognisers: list[Recogniser | EntityRecognizer] = []
    if (server := settings.analyzer_server) is not None:
        types = sorted(server.entities & frozenset(entities))
        if types:
            recognisers.append(AnalyzerServer(str(server.url), types, server.language, server.seconds).find)
    return recognisers + [
        load_recogniser(recogniser.kind, recogniser.arguments, f"redaction.recognisers[{at}]")
        for at, recogniser in enumerate(settings.recognisers)
    ]
