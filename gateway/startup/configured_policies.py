"""The policies that the settings name, read from their files beside the models that the settings have.

Apart from what a gateway stands on (`bootstrap.py`), so that commands on policies load neither the log nor
what asks models.
"""

import os
from pathlib import Path

from gateway.policy import (
    Found,
    KnownNames,
    ModelTerms,
    PolicySet,
    load_policies,
    read_folders,
    shipped_policies,
)
from gateway.providers import RouteTerms, default_routes
from gateway.settings import Settings


def route_terms(settings: Settings) -> RouteTerms:
    """What the settings say of every model that policies may name."""
    return RouteTerms(settings.models or default_routes(os.environ), settings.embedding_models)


def policy_folders(settings: Settings) -> tuple[Path, Path]:
    """The folders of policies and of prompts: the settings', else the current folder's, else the shipped ones."""
    policies, prompts = shipped_policies()
    return settings.policies or policies, settings.prompts or prompts


def read_files(settings: Settings, folders: tuple[Path, Path] | None = None) -> Found:
    """Whatever of the policies' files is usable, and every problem of the rest; `folders` in place of the settings'."""
    return read_folders(*(folders or policy_folders(settings)), known_names(settings, route_terms(settings)))


def read_policies(settings: Settings) -> PolicySet:
    """The policies of the settings' folders; raises PolicyInvalid with every problem."""
    return load_policies(*policy_folders(settings), known_names(settings, route_terms(settings)))


def known_names(settings: Settings, terms: RouteTerms) -> KnownNames:
    """What policies may name of what the settings have."""
    return KnownNames(model_terms(terms), settings.redaction.entities, terms.embedders, terms.transcribers)


def model_terms(terms: RouteTerms) -> dict[str, ModelTerms]:
    """What policies have to agree with, of each model that they may name."""
    result = {}
    for name, residency in terms.residencies.items():
        price = terms.prices[name]
        currency = None if price is None else price.currency
        result[name] = ModelTerms(residency, currency, local=name in terms.rehearsals)
    return result
