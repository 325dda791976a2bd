"""The policies that the settings name, read from their files beside the models that the settings have.

Apart from what a gateway stands on (`bootstrap.py`), so that commands on policies load neither the log nor
what asks models.
"""

import os
from pathlib import Path

from gateway.policy import Found, ModelTerms, PolicySet, load_policies, read_folders, shipped_policies
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
    terms = route_terms(settings)
    policies, prompts = folders or policy_folders(settings)
    return read_folders(
        policies,
        prompts,
        model_terms(terms),
        settings.redaction.entities,
        terms.embedders,
        terms.transcribers,
    )


def read_policies(settings: Settings) -> PolicySet:
    """The policies of the settings' folders; raises PolicyInvalid with every problem."""
    terms = route_terms(settings)
    policies, prompts = policy_folders(settings)
    return load_policies(
        policies,
        prompts,
        models=model_terms(terms),
        entities=settings.redaction.entities,
        embedders=terms.embedders,
        transcribers=terms.transcribers,
    )


def model_terms(terms: RouteTerms) -> dict[str, ModelTerms]:
    """What policies have to agree with, of each model that they may name."""
    result = {}
    for name, residency in terms.residencies.items():
        price = terms.prices[name]
        currency = None if price is None else price.currency
        result[name] = ModelTerms(residency, currency, local=name in terms.rehearsals)
    return result
