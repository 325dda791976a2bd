"""A policy's file as plain data, before it is known to be one, and what it may name."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.policy.model_terms import Models
from gateway.policy.policy import Prompt
from gateway.policy.problem_words import Steps

Report = Callable[[Steps, str], None]


@dataclass(frozen=True)
class KnownNames:
    """What a policy may name, as far as that is known: the models that there are, the types that are redacted."""

    models: Models | None = None
    entities: Collection[str] | None = None
    embedders: Mapping[str, bool] | None = None
    """What makes embeddings, and whether it is local."""
    transcribers: Mapping[str, bool] | None = None
    """What may make transcripts, and whether its server is the organisation's own."""
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    broken_prompts: Collection[str] = ()


def at(data: Any, *fields: str) -> Any:
    """What stands there; None where there is nothing."""
    for name in fields:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def texts(data: Any, *fields: str) -> Iterator[tuple[Steps, str]]:
    """The texts of a list, each with its place."""
    values = at(data, *fields)
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str):
            yield (*fields, index), value


def entries(data: Mapping[str, Any], name: str) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """The groups of a list, each with its place."""
    values = data.get(name)
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, Mapping):
            yield (name, index), value
