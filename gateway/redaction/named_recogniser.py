"""A Presidio recogniser that the settings name by its dotted path, made with their arguments."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from presidio_analyzer import EntityRecognizer

from gateway.redaction.errors import ModelMissing


def named_recogniser(path: str, arguments: Mapping[str, Any], where: str) -> EntityRecognizer:
    """The recogniser, loaded by Presidio's constructor. `ModelMissing` names the setting `where`, and why."""
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
