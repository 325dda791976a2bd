"""What of a policy's fields does not go with the rest: names that there are not, and contradictions.

On the plain data, so that all of it is told at once, beside fields that are wrong in themselves.
"""

import functools
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.policy.policies import EVERY_APPLICATION, Policy, Prompt
from gateway.policy.problem_words import Steps, listed, meant

Report = Callable[[Steps, str], None]
_OPTIONAL: Final = ("LOCATION", "NRP", "DATE_TIME")
_ENTITY_IN_CEL: Final = re.compile(
    r"""["']([A-Z][A-Z0-9_]{2,})["']\s+in\s+(?:request|answer)\.(?:entities|added)\b"""
)
_TOKENS_A_WORD: Final = 1.4


@dataclass(frozen=True)
class KnownNames:
    """What a policy may name, as far as that is known."""

    prompts: Mapping[str, Prompt]
    broken_prompts: Collection[str] = ()
    models: Collection[str] | None = None
    entities: Collection[str] | None = None
    embedders: Mapping[str, bool] | None = None
    """What makes embeddings, and whether it is local."""
    transcribers: Mapping[str, bool] | None = None
    """What may make transcripts, and whether its server is the organisation's own."""


def check_policy(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """Report whatever does not go together."""
    for check in (
        _prompt,
        _models,
        _embeddings,
        _transcriptions,
        _entities,
        _scripts,
        _duplicates,
        _examples,
        _contradictions,
    ):
        check(data, known, report)


def doubts_about(policy: Policy, applications: Collection[str] = ()) -> list[tuple[Steps, str]]:
    """What can be put in force, and is hardly meant so; `applications`: those that ever had a key, if known."""
    found: list[tuple[Steps, str]] = []
    if policy.retention.content < policy.review.decide_within:
        found.append(
            (
                ("retention", "content"),
                "is shorter than `review.decide_within`; keep content at least as long as people may decide",
            )
        )
    for index, name in enumerate(policy.applications):
        if applications and name not in {*applications, EVERY_APPLICATION}:
            close = meant(name, applications) or f"; there are: {listed(applications)}"
            found.append((("applications", index), f"nobody has a key as {name}{close}"))
    return found


def _prompt(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    name = data.get("prompt")
    if not isinstance(name, str) or name in known.prompts:
        return
    if name in known.broken_prompts:
        report(("prompt",), f"prompts/{name}.md can't be used; see its own problems")
    else:
        close = meant(name, known.prompts) or f"; there is: {listed(known.prompts)}"
        report(("prompt",), f"prompts/{name}.md is not there{close}")


def _models(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for steps, model in _texts(data, "models"):
        if known.models is not None and model not in known.models:
            close = meant(model, known.models)
            report(steps, f"countersign.yaml has no such model{close or f'; it has: {listed(known.models)}'}")


def _embeddings(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """What is not redacted must not leave."""
    if known.embedders is None:
        return
    leaves = _at(data, "embeddings", "leaves")
    for steps, model in _texts(data, "embeddings", "models"):
        if model not in known.embedders:
            close = meant(model, known.embedders) or f"; it has: {listed(known.embedders)}"
            report(steps, f"countersign.yaml has no such model that makes embeddings{close}")
        elif leaves is False and not known.embedders[model]:
            report(
                steps,
                "is a provider's, so texts leave; with `leaves: false` name one of `embedding_models`, or a model that"
                " has `leaves: false` itself",
            )


def _transcriptions(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """Nothing can be redacted from sound."""
    if known.transcribers is None:
        return
    for steps, model in _texts(data, "transcriptions", "models"):
        if model not in known.transcribers:
            close = meant(model, known.transcribers) or f"; it has: {listed(known.transcribers)}"
            report(steps, f"countersign.yaml has no such model that speaks OpenAI's interface{close}")
        elif not known.transcribers[model]:
            report(
                steps,
                f"is outside, and sound can't be redacted; if its server is your own, say `leaves: false` at"
                f" models.{model} in countersign.yaml, or name another",
            )


def _entities(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """A type that is misspelt would refuse, redact or find nothing, and nobody would know."""
    if _at(data, "redaction", "refuse_added") and _at(data, "redaction", "added") != "refuse":
        report(("redaction", "refuse_added"), "goes with `added: refuse` only; add that, or leave it out")
    if known.entities is None:
        return
    types = {*known.entities, *_OPTIONAL}
    for steps, entity in _texts(data, "redaction", "refuse_added"):
        if entity not in known.entities:
            report(steps, f"is no type that is redacted here{meant(entity, known.entities)}")
    for steps, entity in (*_entities_of_examples(data), *_entities_in_conditions(data)):
        if entity not in types:
            report(steps, f"{entity} is no type that is redacted here{meant(entity, types)}")


def _entities_of_examples(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for place, example in _entries(data, "examples"):
        for field in ("redacted", "not_redacted"):
            for steps, entity in _texts(example, "expect", field):
                yield (*place, *steps), entity


def _entities_in_conditions(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for kind in ("refuse", "caveats"):
        for place, rule in _entries(data, kind):
            when = rule.get("when")
            for entity in _ENTITY_IN_CEL.findall(when) if isinstance(when, str) else ():
                yield (*place, "when"), entity


def _scripts(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for steps, script in _texts(data, "redaction", "scripts"):
        if script not in _scripts_known():
            report(steps, f"is no script that Unicode knows{meant(script, _scripts_known())}")


def _duplicates(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for kind, key in (("refuse", "id"), ("caveats", "id"), ("alerts", "id"), ("examples", "name")):
        seen = set()
        for steps, entry in _entries(data, kind):
            name = entry.get(key)
            if isinstance(name, str) and name in seen:
                report((*steps, key), "is there twice; give it another name")
            if isinstance(name, str):
                seen.add(name)
    for fields in (
        ("models",),
        ("applications",),
        ("embeddings", "models"),
        ("transcriptions", "models"),
        ("review", "tools"),
    ):
        there = set()
        for steps, name in _texts(data, *fields):
            if name in there:
                report(steps, "is there twice; leave one out")
            there.add(name)


def _examples(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """An example must expect what the policy has."""
    rules = [name for _, rule in _entries(data, "refuse") if isinstance(name := rule.get("id"), str)]
    caveats = [name for _, one in _entries(data, "caveats") if isinstance(name := one.get("id"), str)]
    for place, example in _entries(data, "examples"):
        wanted = _at(example, "expect", "refused_by")
        if isinstance(wanted, str) and wanted not in rules:
            report((*place, "expect", "refused_by"), f"`refuse` has no such rule{meant(wanted, rules)}")
        if isinstance(wanted, str) and _at(example, "expect", "outcome") == "admitted":
            report((*place, "expect", "outcome"), "contradicts `refused_by`; leave one out")
        for steps, caveat in _texts(example, "expect", "caveats"):
            if caveat not in caveats:
                report((*place, *steps), f"`caveats` has no such caveat{meant(caveat, caveats)}")


def _contradictions(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    applications = [name for _, name in _texts(data, "applications")]
    if EVERY_APPLICATION in applications and len(applications) > 1:
        report(("applications",), '"*" is every application; leave the names out, or leave it out')
    if _at(data, "review", "check_one_in") is not None and _at(data, "review", "gate") == "use":
        # An application must never be given what is known to be wrong.
        report(
            ("review", "check_one_in"),
            "goes with `gate: release` only, where advice is held until it is accepted; leave it out",
        )
    for steps, phrase in _texts(data, "redaction", "keep"):
        if phrase in [name for _, name in _texts(data, "redaction", "redact")]:
            report(steps, f"{phrase} stands under `redact` as well; leave one out")
    tokens, prompt = _at(data, "limits", "tokens_per_day"), known.prompts.get(str(data.get("prompt")))
    least = 1 if prompt is None else round(len(prompt.text.split()) * _TOKENS_A_WORD)
    if isinstance(tokens, int) and 0 < tokens < least:
        report(("limits", "tokens_per_day"), f"no request fits: the prompt alone has about {least} tokens")


@functools.cache
def _scripts_known() -> frozenset[str]:
    """By Unicode's names (UAX #24)."""
    return frozenset(Path(__file__).with_name("script_names.txt").read_text("utf-8").split())


def _at(data: Any, *fields: str) -> Any:
    for field in fields:
        data = data.get(field) if isinstance(data, Mapping) else None
    return data


def _texts(data: Any, *fields: str) -> Iterator[tuple[Steps, str]]:
    values = _at(data, *fields)
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str):
            yield (*fields, index), value


def _entries(data: Mapping[str, Any], field: str) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    values = data.get(field)
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, Mapping):
            yield (field, index), value
