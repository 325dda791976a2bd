"""Every change that weakens a safeguard is classed as one, for every field of a policy and every shipped policy."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gateway.policy import Policy, load_policies, weakened
from gateway.policy.safeguards import CLASSED
from gateway.policy.schema import PolicyFile
from tests.policy.conftest import POLICY, Folder, folder

__all__ = ["folder"]

ROOT = Path(__file__).parents[2]
SHIPPED = load_policies(ROOT / "policies", ROOT / "prompts")
UNGUARDED = {"id", "title", "purpose", "owner", "contact", "examples"}
"""Fields that guard nothing."""
LONGER = timedelta(days=4_000)


def fields_of(kind: type[BaseModel], *before: str) -> Iterator[str]:
    """`review.gate`, `caveats.say`: down to what is no section and no list of entries."""
    for name, field in kind.model_fields.items():
        inner = [one for one in parts_of(field.annotation) if name != "examples"]
        for part in inner:
            yield from fields_of(part, *before, name)
        if not inner:
            yield ".".join((*before, name))


def parts_of(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from parts_of(argument)


def test_every_field_of_a_policy_has_a_class() -> None:
    assert set(fields_of(PolicyFile)) == CLASSED


def changed(policy: Policy, **fields: Any) -> Policy:
    """The policy with other values in sections or fields; a dict changes fields of a section."""
    data = policy.model_dump(mode="python")
    for name, value in fields.items():
        section = getattr(policy, name)
        if isinstance(value, dict):
            value = section.model_copy(update=value)
        data[name] = value
    whole = PolicyFile.model_construct(**{n: getattr(policy, n) for n in PolicyFile.model_fields})
    whole = whole.model_copy(update={name: data[name] for name in fields})
    return Policy.of(whole)


def weakenings(policy: Policy) -> Iterator[tuple[str, Policy]]:
    """Each safeguard that the policy has, weakened alone."""
    yield from weaker_rules(policy)
    yield from weaker_reviews(policy)
    yield "applications", changed(policy, applications=("*",))
    yield "applications", changed(policy, applications=(*policy.applications, "another"))
    yield "models", changed(policy, models=(*policy.models, "elsewhere"))
    if policy.stage != "scale":
        yield "stage", changed(policy, stage="scale")
    yield "redaction.keep", changed(policy, redaction={"keep": (*policy.redaction.keep, "John Smith")})
    yield "redaction.scripts", changed(policy, redaction={"scripts": ("Greek",)})
    yield "tools", changed(policy, tools=("find_case",))
    for name in ("content", "pseudonyms"):
        yield f"retention.{name}", changed(policy, retention={name: timedelta(minutes=1)})
    for name in ("requests_per_minute", "tokens_per_day"):
        yield f"limits.{name}", changed(policy, limits={name: 10**12})
        yield f"limits.{name}", changed(policy, limits={name: None})
    yield "pilot", changed(policy, pilot=None)
    assert policy.pilot is not None
    yield "pilot.until", changed(policy, pilot={"until": policy.pilot.until + timedelta(days=1)})


def weaker_rules(policy: Policy) -> Iterator[tuple[str, Policy]]:
    for index, rule in enumerate(policy.refuse):
        others = policy.refuse[:index] + policy.refuse[index + 1 :]
        yield f"refuse.{rule.id}", changed(policy, refuse=others)
        for field, value in (("like", rule.like[1:]), ("unlike", (*rule.unlike, "Should he?"))):
            weaker = rule.model_copy(update={field: value})
            yield f"refuse.{rule.id}.{field}", changed(policy, refuse=(*others, weaker))
    for index, caveat in enumerate(policy.caveats):
        rest = policy.caveats[:index] + policy.caveats[index + 1 :]
        yield f"caveats.{caveat.id}", changed(policy, caveats=rest)
        for field, value in (("say", "."), ("when", "false")):
            weaker = caveat.model_copy(update={field: value})
            yield f"caveats.{caveat.id}.{field}", changed(policy, caveats=(*rest, weaker))


def weaker_reviews(policy: Policy) -> Iterator[tuple[str, Policy]]:
    review = policy.review
    if review.gate == "release":
        yield "review.gate", changed(policy, review={"gate": "use"})
    if review.deciders == 2:
        yield "review.deciders", changed(policy, review={"deciders": 1})
    for name in ("not_the_requester", "view_first", "shown_first"):
        if getattr(review, name):
            yield f"review.{name}", changed(policy, review={name: False})
    for name in ("accept", "reject"):
        if getattr(review.reason, name) != "none":
            weaker = review.reason.model_copy(update={name: "none"})
            yield f"review.reason.{name}", changed(policy, review={"reason": weaker})
    yield "review.decide_within", changed(policy, review={"decide_within": LONGER})
    yield "review.max_overdue", changed(policy, review={"max_overdue": review.max_overdue + 1})


CASES = [(policy, name, weaker) for policy in SHIPPED for name, weaker in weakenings(policy)]


@pytest.mark.parametrize(
    ("policy", "name", "weaker"),
    CASES,
    ids=[f"{policy.id}-{name}-{n}" for n, (policy, name, _) in enumerate(CASES)],
)
def test_each_weakening_of_a_shipped_policy_is_classed_as_one(
    policy: Policy, name: str, weaker: Policy
) -> None:
    assert weakened(policy, weaker) == [name]


@pytest.mark.parametrize("policy", list(SHIPPED), ids=lambda policy: policy.id)
def test_undoing_a_weakening_is_none(policy: Policy) -> None:
    for name, weaker in weakenings(policy):
        if name.split(".")[-1] in ("when", "say"):
            continue  # which of two wordings is the weaker one no machine can tell
        assert weakened(weaker, changed(policy)) == [], name


STRONG = """
prompt_place: after
residency: UK
scan: {people: [p_ana]}
limits:
  tokens_per_month: 9000000
  cost_per_day: 5 USD
  together: {requests_per_minute: 100, cost_per_month: 50 USD}
  each_person: {tokens_per_minute: 1000}
redaction: {redact: [LOCATION, NRP], added: refuse, refuse_added: [PERSON, UK_NINO]}
caveats: [{id: one, say: One., confirm: true}]
caveats_inline: true
review: {signature: passkey, confirm_facts: true, tools: [send_letter], check_one_in: 50}
alerts: [{id: hasty, over: 50, when: decisions.hasty > 0.5, say: Hasty.}]
embeddings: {models: [vectors], leaves: false}
"""


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("prompt", "prompt: plain\n", ""),
        ("prompt_place", "place: after", "place: before"),
        ("redaction.redact", "[LOCATION, NRP]", "[NRP]"),
        ("redaction.added", "added: refuse, refuse_added: [PERSON, UK_NINO]", "added: mask"),
        ("redaction.refuse_added", "[PERSON, UK_NINO]", "[PERSON]"),
        ("caveats.one.confirm", ", confirm: true", ""),
        ("caveats_inline", "caveats_inline: true", ""),
        ("review.signature", "signature: passkey, ", ""),
        ("review.confirm_facts", "confirm_facts: true, ", ""),
        ("review.tools", "[send_letter]", "[]"),
        ("review.check_one_in", ": 50}", ": 51}"),
        ("review.check_one_in", ", check_one_in: 50", ""),
        ("alerts.hasty", "alerts: [{id: hasty", "alerts: [{id: calm"),
        ("alerts.hasty.over", "over: 50", "over: 60"),
        ("alerts.hasty.when", "> 0.5", "> 0.9"),
        ("residency", "residency: UK", "residency: EU"),
        ("residency", "residency: UK\n", ""),
        ("scan.people", "[p_ana]", "[p_ana, p_ben]"),
        ("limits.tokens_per_month", "  tokens_per_month: 9000000\n", ""),
        ("limits.cost_per_day", "5 USD", "5.01 USD"),
        ("limits.cost_per_day", "cost_per_day: 5 USD", "answer_tokens: 500"),
        ("limits.together.requests_per_minute", ": 100,", ": 101,"),
        ("limits.together.cost_per_month", "50 USD", "50.50 USD"),
        ("limits.each_person.tokens_per_minute", "1000}", "1001}"),
        ("limits.warn_at", "  cost_per_day", "  warn_at: 90\n  cost_per_day"),
        ("limits.answer_tokens", "  cost_per_day", "  answer_tokens: 400\n  cost_per_day"),
        ("embeddings.models", "[vectors]", "[vectors, others]"),
        ("embeddings.leaves", "leaves: false", "leaves: true"),
    ],
)
def test_weakening_what_no_shipped_policy_has_is_classed_too(
    folder: Folder, name: str, before: str, after: str
) -> None:
    strong = folder.policy(STRONG)
    text = POLICY + STRONG
    assert before in text
    folder.write(text.replace(before, after))
    weaker = folder.load().get("plain")
    assert weaker is not None
    assert weakened(strong, weaker)[0] == name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: Plain", "title: Plainer"),
        ("say: One.", "say: One. And another."),
        ("[send_letter]", "[send_letter, send_mail]"),
        ("check_one_in: 50", "check_one_in: 20"),
        ("stage: scan", "stage: scan\ncontact: us"),
        ("5 USD", "4.99 USD"),
        ("requests_per_minute: 100,", "requests_per_minute: 99, tokens_per_day: 1000,"),
        ("[p_ana]", "[]"),
        ("caveats_inline: true", "caveats_inline: true\nrefuse: [{id: no, when: 'false', say: No.}]"),
    ],
)
def test_other_changes_are_not(folder: Folder, before: str, after: str) -> None:
    strong = folder.policy(STRONG)
    folder.write((POLICY + STRONG).replace(before, after))
    same = folder.load().get("plain")
    assert same is not None
    assert same.version != strong.version
    assert weakened(strong, same) == []


def test_types_refused_in_answers_are_all_where_none_is_named(folder: Folder) -> None:
    every = folder.policy("redaction: {added: refuse}\n")
    some = folder.policy("redaction: {added: refuse, refuse_added: [PERSON]}\n")
    assert weakened(every, some) == ["redaction.refuse_added"]
    assert weakened(some, every) == []


PILOT = "pilot: {{{0}until: 2026-12-31}}\n"
SCALE = """scale:
  decisions_at_least: 200
  rejected_at_least: 2
  checks_at_least: 10
  caught_at_least: 80
  overdue_at_most: 5
  unsupported_accepted_at_most: 20
"""


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("", "share: 100, ", []),
        ("", "share: 20, ", []),
        ("share: 20, ", "", ["pilot.share"]),
        ("share: 20, ", "share: 21, ", ["pilot.share"]),
        ("share: 20, ", "share: 100, ", ["pilot.share"]),
        ("share: 20, ", "share: 20, people: [p_ana], ", ["pilot.people"]),
        ("people: [p_ana], ", "people: [p_ana, p_ben], ", ["pilot.people"]),
        ("people: [p_ana], ", "people: [p_ben], ", ["pilot.people"]),
        ("people: [p_ana], ", "people: [p_ana], share: 5, ", ["pilot.share"]),
        ("people: [p_ana], ", "", ["pilot.people"]),
        ("people: [p_ana], share: 5, ", "people: [p_ana], ", []),
    ],
)
def test_more_people_or_a_larger_share_of_a_pilot_weakens_it(
    folder: Folder, before: str, after: str, names: list[str]
) -> None:
    policies = []
    for part in (before, after):
        folder.write(POLICY.replace("scan", "pilot") + PILOT.format(part))
        policies.append(folder.load().get("plain"))
    assert weakened(*policies) == names


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("200", "199", "decisions_at_least"),
        ("rejected_at_least: 2", "rejected_at_least: 1", "rejected_at_least"),
        ("10", "9", "checks_at_least"),
        ("80", "79", "caught_at_least"),
        ("5", "6", "overdue_at_most"),
        ("most: 20", "most: 21", "unsupported_accepted_at_most"),
    ],
)
def test_asking_less_of_the_record_weakens_a_policy_at_scale(
    folder: Folder, before: str, after: str, name: str
) -> None:
    text = POLICY.replace("scan", "scale") + SCALE
    policies = []
    for written in (text, text.replace(before, after)):
        folder.write(written)
        policies.append(folder.load().get("plain"))
    assert weakened(*policies) == [f"scale.{name}"]
    assert weakened(policies[1], policies[0]) == []


def test_an_earlier_stage_weakens_nothing_whatever_its_section_says(folder: Folder) -> None:
    scale = POLICY.replace("scan", "scale") + SCALE
    pilot = POLICY.replace("scan", "pilot") + PILOT.format("share: 90, ")
    scan = POLICY + "scan: {people: [p_ana]}\n"
    policies = []
    for text in (scale, pilot, scan):
        folder.write(text)
        policies.append(folder.load().get("plain"))
    for later, earlier in itertools.combinations(policies, 2):
        assert weakened(later, earlier) == []
        assert weakened(earlier, later) == ["stage"]
