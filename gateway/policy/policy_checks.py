"""What of a policy's fields does not go with the rest: names that there are not, and contradictions.

On the plain data, so that all of it is told at once, beside fields that are wrong in themselves.
"""

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.policy.field_types import OPTIONAL, is_id
from gateway.policy.limit_checks import (
    check_limits,
    check_prices,
    check_residency,
    check_stage,
    person_above_others,
)
from gateway.policy.plain_data import KnownNames, Report, at, entries, texts
from gateway.policy.policy import EVERY_APPLICATION, Policy
from gateway.policy.problem_words import Steps, listed, meant

_ENTITY_IN_CEL: Final = re.compile(
    r"""["']([A-Z][A-Z0-9_]{2,})["']\s+in\s+(?:request|answer)\.(?:entities|added)\b"""
)

_FEW_EXAMPLES: Final = 3


def check_policy(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """Report whatever does not go together."""
    for check in (
        _prompt,
        _models,
        check_residency,
        check_prices,
        check_stage,
        check_limits,
        _embeddings,
        _transcriptions,
        _entities,
        _scripts,
        _duplicates,
        _examples,
        _contradictions,
        _both_ways,
    ):
        check(data, known, report)


def doubts_about(
    policy: Policy, applications: Collection[str] = (), people: Collection[str] | None = None
) -> list[tuple[Steps, str]]:
    """What is valid but probably a mistake; `applications`: those that ever had a key, `people`: their ids,
    if known.
    """
    found: list[tuple[Steps, str]] = []
    if policy.pilot is not None and policy.pilot.until < datetime.now(UTC).date():
        found.append((("pilot", "until"), "is over, so every request is refused; name a later day"))
    for stage, section in (("scan", policy.scan), ("pilot", policy.pilot)):
        for index, person in enumerate(() if section is None else section.people):
            if people is not None and person not in people:
                found.append(
                    ((stage, "people", index), "is nobody's id here; the page People and keys has the ids")
                )
    if policy.retention.content < policy.review.decide_within:
        found.append(
            (
                ("retention", "content"),
                "is shorter than `review.decide_within`; keep content at least as long as people may decide",
            )
        )
    found += person_above_others(policy)
    for index, name in enumerate(policy.applications):
        if applications and name not in {*applications, EVERY_APPLICATION}:
            close = meant(name, applications) or f"; there are: {listed(applications)}"
            found.append(
                (
                    ("applications", index),
                    f"nobody has a key as {name}{close}; an operator makes one: countersign keys application {name}",
                )
            )
    return found


def notes_on(policy: Policy) -> list[str]:
    """What an admin should know of a policy that can be put in force as it is."""
    found = []
    if policy.stage == "pilot" and policy.pilot is None:
        found.append(
            "`stage: pilot` without a section `pilot` is for everybody and has no end; give it a last day"
        )
    if policy.stage == "scan" and not policy.scan.people:
        found.append(
            "`stage: scan` without `scan.people` is answered by a rehearsal model alone; name who may ask a model"
        )
    for name, rule in policy.likenesses.items():
        if len(rule.like) < _FEW_EXAMPLES:
            number = "one example" if len(rule.like) == 1 else f"{len(rule.like)} examples"
            found.append(f"{name} has {number} of what it is to match; a dozen or more make a useful rule")
    return found


def _prompt(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    name = data.get("prompt")
    if not isinstance(name, str) or name in known.prompts or not is_id(name):
        return  # that it can't be a name is told already
    if name in known.broken_prompts:
        report(("prompt",), f"prompts/{name}.md can't be used; see its own problems")
    else:
        close = meant(name, known.prompts) or f"; there is: {listed(known.prompts)}"
        report(("prompt",), f"prompts/{name}.md is not there{close}")


def _models(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for steps, model in texts(data, "models"):
        if known.models is not None and model not in known.models:
            close = meant(model, known.models)
            report(steps, f"countersign.yaml has no such model{close or f'; it has: {listed(known.models)}'}")


def _embeddings(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """What is not redacted must not leave."""
    if known.embedders is None:
        return
    leaves = at(data, "embeddings", "leaves")
    for steps, model in texts(data, "embeddings", "models"):
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
    for steps, model in texts(data, "transcriptions", "models"):
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
    if at(data, "redaction", "refuse_added") and at(data, "redaction", "added") != "refuse":
        report(("redaction", "refuse_added"), "goes with `added: refuse` only; add that, or leave it out")
    if known.entities is None:
        return
    types = {*known.entities, *OPTIONAL}
    for steps, entity in texts(data, "redaction", "refuse_added"):
        if entity not in known.entities:
            report(steps, f"is no type that is redacted here{meant(entity, known.entities)}")
    for steps, entity in (*_entities_of_examples(data), *_entities_in_conditions(data)):
        if entity not in types:
            report(steps, f"{entity} is no type that is redacted here{meant(entity, types)}")


def _entities_of_examples(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for place, example in entries(data, "examples"):
        for field in ("redacted", "not_redacted"):
            for steps, entity in texts(example, "expect", field):
                yield (*place, *steps), entity


def _entities_in_conditions(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    for kind in ("refuse", "caveats"):
        for place, rule in entries(data, kind):
            when = rule.get("when")
            for entity in _ENTITY_IN_CEL.findall(when) if isinstance(when, str) else ():
                yield (*place, "when"), entity


def _scripts(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for steps, script in texts(data, "redaction", "scripts"):
        if script not in _scripts_known():
            report(steps, f"is no script that Unicode knows{meant(script, _scripts_known())}")


def _duplicates(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    for kind, key in (("refuse", "id"), ("caveats", "id"), ("alerts", "id"), ("examples", "name")):
        seen = set()
        for steps, entry in entries(data, kind):
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
        for steps, name in texts(data, *fields):
            if name in there:
                report(steps, "is there twice; leave one out")
            there.add(name)


def _examples(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """An example must expect what the policy has."""
    rules = _ids(data, "refuse")
    caveats = _ids(data, "caveats")
    for place, example in entries(data, "examples"):
        wanted = at(example, "expect", "refused_by")
        if isinstance(wanted, str) and wanted not in rules:
            known_ids = filter(is_id, rules)
            report((*place, "expect", "refused_by"), f"`refuse` has no such rule{meant(wanted, known_ids)}")
        if isinstance(wanted, str) and at(example, "expect", "outcome") == "admitted":
            report((*place, "expect", "outcome"), "contradicts `refused_by`; leave one out")
        for steps, caveat in texts(example, "expect", "caveats"):
            if caveat not in caveats:
                known_ids = filter(is_id, caveats)
                report((*place, *steps), f"`caveats` has no such caveat{meant(caveat, known_ids)}")


def _ids(data: Mapping[str, Any], kind: str) -> list[str]:
    return [name for _, entry in entries(data, kind) if isinstance(name := entry.get("id"), str)]


def _contradictions(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    applications = [name for _, name in texts(data, "applications")]
    if EVERY_APPLICATION in applications and len(applications) > 1:
        report(("applications",), '"*" is every application; leave the names out, or leave it out')
    if at(data, "review", "check_one_in") is not None and at(data, "review", "gate") == "use":
        # An application must never be given what is known to be wrong.
        report(
            ("review", "check_one_in"),
            "goes with `gate: release` only, where advice is held until it is accepted; leave it out",
        )
    for steps, phrase in texts(data, "redaction", "keep"):
        if phrase in [name for _, name in texts(data, "redaction", "redact")]:
            report(steps, f"{phrase} stands under `redact` as well; leave one out")


def _both_ways(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """What is to match and not to match can't be learnt."""
    for kind, like, unlike in (("refuse", "like", "unlike"), ("caveats", "when_like", "when_unlike")):
        for place, rule in entries(data, kind):
            matched = {_plain(text) for _, text in texts(rule, like)}
            for steps, text in texts(rule, unlike):
                if _plain(text) in matched:
                    report((*place, *steps), f"stands under `{like}` as well; leave one out")
    for place, example in entries(data, "examples"):
        leaving = [text for _, text in texts(example, "expect", "leaves")]
        for steps, text in texts(example, "expect", "never_leaves"):
            if text in leaving:
                report((*place, *steps), "stands under `leaves` as well; leave one out")


def _plain(sentence: str) -> str:
    """The same for sentences that differ in case and spaces only."""
    return " ".join(sentence.casefold().split())


@functools.cache
def _scripts_known() -> frozenset[str]:
    """By Unicode's names (UAX #24)."""
    return frozenset(Path(__file__).with_name("script_names.txt").read_text("utf-8").split())
