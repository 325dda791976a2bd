"""What of a policy's limits, residency and stage does not go with the rest, or with the settings' models."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.money import Money, parse_money
from gateway.policy.field_types import is_residency
from gateway.policy.limits import COSTS, Quota
from gateway.policy.model_terms import stays_within, terms_of
from gateway.policy.plain_data import KnownNames, Report, at, texts
from gateway.policy.policy import EVERY_APPLICATION, Policy
from gateway.policy.problem_words import Steps

STAGES: Final = ("scan", "pilot", "scale")
_TOKENS_A_WORD: Final = 1.4
_WHOSE: Final = (("limits",), ("limits", "together"), ("limits", "each_person"))


def check_limits(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """A limit that no request fits, and one of a day beside a smaller one of a month."""
    prompt = known.prompts.get(str(data.get("prompt")))
    least = 1 if prompt is None else round(len(prompt.text.split()) * _TOKENS_A_WORD)
    for whose in _WHOSE:
        for name in ("tokens_per_minute", "tokens_per_day", "tokens_per_month"):
            tokens = at(data, *whose, name)
            if isinstance(tokens, int) and 0 < tokens < least:
                report((*whose, name), f"no request fits: the prompt alone has about {least} tokens")
        for what in ("tokens", "cost"):
            day, month = (_amount(at(data, *whose, f"{what}_per_{unit}")) for unit in ("day", "month"))
            if day is not None and month is not None and day > month:
                report((*whose, f"{what}_per_day"), f"is more than `{what}_per_month`; make it smaller")


def person_above_others(policy: Policy) -> Iterator[tuple[Steps, str]]:
    """Limits of a person that nobody can come to: another, of everybody, is lower."""
    limits, only_one = (
        policy.limits,
        len(policy.applications) == 1 and EVERY_APPLICATION not in policy.applications,
    )
    others = [("limits.together", limits.together), *([("limits", limits)] if only_one else [])]
    for name in Quota.model_fields:
        mine = getattr(limits.each_person, name)
        for whose, other in others:
            theirs = getattr(other, name)
            if mine is not None and theirs is not None and _size(mine) > _size(theirs):
                default = "" if name in other.model_fields_set else ", its default"
                yield (
                    ("limits", "each_person", name),
                    f"is more than `{whose}.{name}` ({theirs}{default}), which holds for everybody; make it smaller",
                )


def _size(value: int | Money) -> int:
    return value.micro if isinstance(value, Money) else value


def _amount(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return parse_money(value).micro
    except ValueError:
        return None


def _models(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    """Every model that the policy names, for whatever it is asked."""
    for fields in (("models",), ("embeddings", "models"), ("transcriptions", "models")):
        yield from texts(data, *fields)


def check_residency(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """What may not leave a country goes to no model elsewhere, not as a fallback either."""
    terms, residency = terms_of(known.models), data.get("residency")
    if terms is None or not isinstance(residency, str) or not is_residency(residency):
        return  # what can't be one is told already
    for steps, model in _models(data):
        if model in terms and not stays_within(terms[model], residency):
            there = terms[model].residency
            what = f"declares residency {there}" if there else "declares no residency"
            report(
                steps,
                f"{what} in countersign.yaml, and this policy has residency {residency}; name a model that"
                f" declares {residency}",
            )


def check_prices(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """A limit of money holds only where each model's price is known, in its currency."""
    terms = terms_of(known.models)
    found = [((*whose, name), _currency(at(data, *whose, name))) for whose in _WHOSE for name in COSTS]
    limits = [(steps, currency) for steps, currency in found if currency is not None]
    for steps, currency in limits[1:]:
        if currency != limits[0][1]:
            report(steps, f"is in {currency}, and another limit is in {limits[0][1]}; use one currency")
    if terms is None or not limits:
        return
    steps, currency = limits[0]
    for place, model in _models(data):
        if model in terms and not terms[model].local and terms[model].currency != currency:
            has = terms[model].currency
            what = f"has its price in {has}" if has else "has no known price"
            report(
                place,
                f"{what}, and `{'.'.join(map(str, steps))}` is in {currency}; give it a `price` in {currency} in"
                " countersign.yaml",
            )


def _currency(value: object) -> str | None:
    try:
        return parse_money(value).currency
    except ValueError:
        return None


def check_stage(data: Mapping[str, Any], known: KnownNames, report: Report) -> None:
    """A section of another stage would mean nothing, and `scale` without one would mean nothing either."""
    stage = data.get("stage")
    if stage not in STAGES:
        return
    for other in STAGES:
        if other in data and other != stage:
            report((other,), f"goes with `stage: {other}`; this policy has `stage: {stage}`; leave it out")
    if stage == "scale" and "scale" not in data:
        report(
            ("stage",),
            "needs a section `scale`: what the record must show before everybody may use it, such as"
            " `decisions_at_least: 200`",
        )
