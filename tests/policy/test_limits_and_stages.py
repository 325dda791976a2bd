"""What a policy says of limits, residency and stages has to go together, and with the models that there are."""

import pytest

from gateway.policy import KnownNames, ModelTerms, PolicyInvalid, can_serve, load_policies
from tests.policy.conftest import POLICY, Folder, folder

__all__ = ["folder"]

MODELS = {
    "default": ModelTerms(residency="UK", currency="USD"),
    "abroad": ModelTerms(residency="US", currency="USD"),
    "anywhere": ModelTerms(currency="GBP"),
    "unpriced": ModelTerms(residency="UK"),
    "rehearsal": ModelTerms(local=True),
}
SCALE = "scale: {decisions_at_least: 20, checks_at_least: 0, caught_at_least: 0, overdue_at_most: 5"


def messages(folder: Folder, text: str) -> dict[str, str]:
    folder.write(text)
    try:
        load_policies(folder.policies, folder.prompts, KnownNames(models=MODELS))
    except PolicyInvalid as error:
        return {problem.field: problem.message for problem in error.problems}
    return {}


def models(names: str) -> str:
    return POLICY.replace("[default]", names)


def test_a_residency_takes_models_that_declare_it_and_what_never_leaves(folder: Folder) -> None:
    assert messages(folder, models("[default, rehearsal, unpriced]") + "residency: UK\n") == {}


def test_a_fallback_that_would_leave_the_residency_is_refused_by_name(folder: Folder) -> None:
    told = messages(folder, models("[default, abroad, anywhere]") + "residency: UK\n")
    assert told == {
        "models[1]": "declares residency US in countersign.yaml, and this policy has residency UK; name a model that"
        " declares UK",
        "models[2]": "declares no residency in countersign.yaml, and this policy has residency UK; name a model that"
        " declares UK",
    }


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ("residency: uk\n", "residency", "must be a place as routes declare it"),
        ("limits: {cost_per_day: 5}\n", "limits.cost_per_day", "12.50 USD"),
        ("limits: {cost_per_day: 5 dollars}\n", "limits.cost_per_day", "12.50 USD"),
        (
            "limits: {cost_per_day: 5 GBP}\n",
            "models[0]",
            "has its price in USD, and `limits.cost_per_day` is in GBP",
        ),
        (
            "limits: {cost_per_day: 5 USD, together: {cost_per_month: 9 GBP}}\n",
            "limits.together.cost_per_month",
            "is in GBP, and another limit is in USD",
        ),
        (
            "limits: {cost_per_day: 5 USD, cost_per_month: 4.99 USD}\n",
            "limits.cost_per_day",
            "is more than `cost_per_",
        ),
        (
            "limits: {tokens_per_day: 5, tokens_per_month: 4}\n",
            "limits.tokens_per_day",
            "more than `tokens_per_month`",
        ),
        (
            "limits: {each_person: {tokens_per_minute: 1}}\n",
            "limits.each_person.tokens_per_minute",
            "no request fits",
        ),
        ("limits: {each_person: {warn_at: 9}}\n", "limits.each_person.warn_at", "there is no such field"),
        ("limits: {warn_at: 101}\n", "limits.warn_at", "must be 100 or less"),
        ("pilot: {until: 2027-03-31}\n", "pilot", "goes with `stage: pilot`; this policy has `stage: scan`"),
    ],
)
def test_what_does_not_go_together_is_told_in_plain_words(
    folder: Folder, more: str, field: str, words: str
) -> None:
    assert words in messages(folder, POLICY + more)[field]


def test_money_is_not_limited_where_nobody_knows_a_price(folder: Folder) -> None:
    told = messages(folder, models("[default, unpriced]") + "limits: {cost_per_month: 100 USD}\n")
    assert list(told) == ["models[1]"]
    assert "has no known price" in told["models[1]"]
    assert messages(folder, models("[default, rehearsal]") + "limits: {cost_per_month: 100 USD}\n") == {}


@pytest.mark.parametrize(
    ("stage", "more", "field"),
    [
        ("pilot", "pilot: {people: [p_ana]}\n", "pilot.until"),
        ("pilot", "pilot: {until: next year}\n", "pilot.until"),
        ("pilot", "pilot: {until: 2026-02-30}\n", "pilot.until"),
        ("pilot", "pilot: {share: 0, until: 2027-03-31}\n", "pilot.share"),
        ("scale", "", "stage"),
        ("scale", SCALE + "}\n", "scale.unsupported_accepted_at_most"),
        ("scale", SCALE + ", unsupported_accepted_at_most: 101}\n", "scale.unsupported_accepted_at_most"),
    ],
)
def test_a_stage_without_what_it_needs_is_refused(folder: Folder, stage: str, more: str, field: str) -> None:
    assert list(messages(folder, POLICY.replace("scan", stage) + more)) == [field]


@pytest.mark.parametrize(
    ("stage", "more"),
    [
        ("scan", "scan: {people: [p_ana]}\n"),
        ("pilot", ""),
        ("pilot", "pilot: {share: 10, people: [p_ana], until: 2027-03-31}\n"),
        ("pilot", "pilot: {until: '2027-03-31'}\n"),
        ("scale", SCALE + ", unsupported_accepted_at_most: 10}\n"),
    ],
)
def test_each_stage_loads_with_what_it_needs(folder: Folder, stage: str, more: str) -> None:
    assert messages(folder, POLICY.replace("scan", stage) + more) == {}


def test_what_was_in_force_is_not_served_once_its_model_declares_the_residency_no_longer(
    folder: Folder,
) -> None:
    policy = folder.policy("residency: UK\n")
    assert can_serve(policy, MODELS)
    assert not can_serve(policy, {"default": ModelTerms(residency="US")})
    assert not can_serve(policy, {"other": ModelTerms(residency="UK")})


def test_fields_that_came_later_change_no_version_while_they_are_not_used(folder: Folder) -> None:
    before = folder.policy()
    assert b"residency" not in before.words
    assert b"together" not in before.words
    assert folder.policy("residency: UK\n").version != before.version
    assert folder.policy("limits: {together: {requests_per_minute: 9}}\n").version != before.version
    assert folder.policy("limits: {requests_per_minute: 60}\n").version == before.version
