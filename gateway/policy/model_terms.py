"""What the settings say of the models that policies may name, as far as policies have to agree with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from gateway.policy.policy import Policy


@dataclass(frozen=True)
class ModelTerms:
    """Of one model: where what it is sent stays, and the currency of its price; None where that is not known."""

    residency: str | None = None
    currency: str | None = None
    local: bool = False
    """A rehearsal, or a model in the gateway's own process: nothing leaves."""


Models = Mapping[str, ModelTerms] | Collection[str]
"""The models that there are: with their terms, or by their names alone where nobody knows these."""


def terms_of(models: Models | None) -> Mapping[str, ModelTerms] | None:
    """The terms, if they are known."""
    return models if isinstance(models, Mapping) else None


def stays_within(terms: ModelTerms | None, residency: str) -> bool:
    """Whether what a model is sent stays there."""
    return terms is not None and (terms.local or terms.residency == residency)


def can_serve(policy: Policy, models: Models) -> bool:
    """Whether every model that the policy names is there, and keeps to its residency."""
    terms = terms_of(models)
    there = set(policy.models) <= set(models)
    if not there or terms is None or policy.residency is None:
        return there
    return all(stays_within(terms[name], policy.residency) for name in policy.models)
