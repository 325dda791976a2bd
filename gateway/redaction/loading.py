"""What the settings name, loaded: the models that are built in, and an operator's own."""

from presidio_analyzer import EntityRecognizer

from gateway.redaction.analyzer_server import AnalyzerServer
from gateway.redaction.models import Models
from gateway.redaction.named_recogniser import named_recogniser
from gateway.redaction.names import NamesEngine
from gateway.redaction.rampart import Rampart
from gateway.redaction.settings import RedactionSettings
from gateway.redaction.token_classifier import USUAL_LABELS, TokenClassifier


def load_models(settings: RedactionSettings) -> Models | None:
    """The models of the settings; None for patterns only. `ModelMissing` if one can't be loaded."""
    names = None if settings.model is None else NamesEngine(settings.model)
    classifiers: list[TokenClassifier] = [Rampart()] if names is not None and settings.rampart else []
    classifiers += [
        TokenClassifier(
            one.folder,
            one.labels or USUAL_LABELS,
            least=one.least,
            where=f"redaction.classifiers[{at}].folder",
        )
        for at, one in enumerate(settings.classifiers)
    ]
    if names is not None:
        names.load()
    return Models(names, classifiers) if names is not None or classifiers else None


def load_recognisers(settings: RedactionSettings) -> list[EntityRecognizer]:
    """The operator's own recognisers, by address and by name."""
    found: list[EntityRecognizer] = []
    if (server := settings.analyzer_server) is not None:
        wanted = sorted(server.entities & (settings.entities | {"DATE_TIME"}))
        found.append(AnalyzerServer(str(server.url), wanted, server.language, server.seconds))
    return found + [
        named_recogniser(one.kind, one.arguments, f"redaction.recognisers[{at}]")
        for at, one in enumerate(settings.recognisers)
    ]
