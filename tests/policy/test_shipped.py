"""The shipped policies: what the contract promises of them, and what they refuse and let pass."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gateway.evidence import shipped_model
from gateway.policy import (
    SCHEMAS,
    KnownNames,
    Policy,
    PolicySet,
    load_policies,
    policy_schema,
    request_facts,
    run_examples,
    shipped_policies,
)
from gateway.policy.yaml_files import read_yaml
from gateway.redaction import RedactionSettings, Redactor

pytestmark = pytest.mark.xdist_group("shipped rules")

ROOT = Path(__file__).parents[2]
IDS = ("case-summary", "draft-letter", "pre-sentence-fact-check")


@pytest.fixture(scope="module")
def shipped() -> PolicySet:
    return load_policies(ROOT / "policies", ROOT / "prompts", KnownNames(models=["default"]))


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load(RedactionSettings())


def get(shipped: PolicySet, policy_id: str) -> Policy:
    policy = shipped.get(policy_id)
    assert policy is not None
    return policy


def test_the_shipped_schema_is_the_models_own() -> None:
    assert (ROOT / "policies" / "policy.schema.json").read_text() == policy_schema()


@pytest.mark.parametrize("path", sorted((ROOT / "policies").glob("*.yaml")), ids=lambda path: path.stem)
def test_each_shipped_file_is_valid_by_the_schema_that_editors_use(path: Path) -> None:
    jsonschema.validate(read_yaml(path.read_bytes()).data, json.loads(policy_schema()))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "policies" / "shared").glob("*.yaml")), ids=lambda path: path.stem
)
def test_each_shared_file_is_valid_by_its_schema_too(path: Path) -> None:
    assert (ROOT / "policies" / "shared.schema.json").read_text() == SCHEMAS["shared"]()
    jsonschema.validate(read_yaml(path.read_bytes()).data, json.loads(SCHEMAS["shared"]()))


def test_they_cover_the_gates_and_deciders_of_the_contract(shipped: PolicySet) -> None:
    rules = {policy.id: policy.review for policy in shipped}
    assert set(rules) == set(IDS)
    assert rules["case-summary"].gate == "use"
    assert (rules["draft-letter"].gate, rules["draft-letter"].deciders) == ("release", 1)
    assert rules["draft-letter"].not_the_requester
    assert (rules["pre-sentence-fact-check"].gate, rules["pre-sentence-fact-check"].deciders) == (
        "release",
        2,
    )
    assert rules["pre-sentence-fact-check"].view_first


@pytest.mark.parametrize("policy_id", IDS)
def test_each_has_a_caveat_that_always_applies_and_four_examples(shipped: PolicySet, policy_id: str) -> None:
    policy = get(shipped, policy_id)
    assert any(caveat.when is None for caveat in policy.caveats)
    assert len(policy.examples) >= 4
    assert {"admitted", "refused"} == {example.expect.outcome for example in policy.examples}


@pytest.mark.parametrize("policy_id", IDS)
def test_their_examples_pass_with_the_real_redaction(
    shipped: PolicySet, redactor: Redactor, policy_id: str
) -> None:
    policy = get(shipped, policy_id)

    def redact(request: Mapping[str, Any]) -> Any:
        return redactor.redact(request, keep=policy.redaction.keep)

    def inspect(answer: str, redacted: Any) -> Any:
        message = {"role": "assistant", "content": answer}
        return redactor.inspector(redacted).inspect({"choices": [{"index": 0, "message": message}]})

    results = run_examples(policy, redact=redact, inspect=inspect, embed=shipped_model())
    failed = [result for result in results if not result.passed]
    assert failed == []


REFUSED = [
    ("case-summary", "no-sentencing", "What sentence should he get?"),
    ("case-summary", "no-sentencing", "Notes below.\n\nwhich sentence is appropriate here"),
    ("case-summary", "no-sentencing", "Please recommend a suitable sentence."),
    ("case-summary", "no-sentencing", "Can you suggest a community sentence for him?"),
    ("case-summary", "no-sentencing", "How long should Mr Smith serve?"),
    ("case-summary", "no-sentencing", "What\nsentence would\nyou give him?"),
    ("case-summary", "no-risk-score", "Please calculate his risk score."),
    ("case-summary", "no-risk-score", "Summarise. Then tell me how likely he is to reoffend."),
    ("case-summary", "no-risk-score", "Will he re-offend within two years?"),
    ("case-summary", "no-risk-score", "How dangerous is this man?"),
    ("case-summary", "no-credibility", "Is she lying?"),
    ("case-summary", "no-credibility", "Do you believe the victim is telling the truth about May?"),
    ("case-summary", "no-credibility", "Please assess the credibility of the witness."),
    ("draft-letter", "no-enforcement", "Prepare a breach notice for Mr Brown."),
    ("draft-letter", "no-enforcement", "Write to her. Draft a notice of recall, please."),
    ("draft-letter", "no-enforcement", "I need a letter saying he has been recalled."),
    ("draft-letter", "no-legal-advice", "Tell him not to appeal."),
    ("draft-letter", "no-legal-advice", "Should he plead not guilty?"),
    ("pre-sentence-fact-check", "no-sentencing", "What sentence would you propose?"),
    ("pre-sentence-fact-check", "no-sentencing", "Please write the proposal."),
    ("pre-sentence-fact-check", "no-risk-score", "Estimate the likelihood of reoffending."),
    ("pre-sentence-fact-check", "no-credibility", "Was the victim truthful in this?"),
]

ADMITTED = [
    (
        "case-summary",
        "He was sentenced to 18 months. The sentence was suspended. He served six weeks on remand.",
    ),
    (
        "case-summary",
        "The report recommended a community sentence; the judge asked what sentence it proposed.",
    ),
    ("case-summary", "OASys: medium risk of harm, OGRS3 54%. Risk level reviewed on 3 May, likely to fall."),
    (
        "case-summary",
        "She says he was lying about the money. He says she is not telling the truth. Summarise both.",
    ),
    ("case-summary", "His mother is honest and reliable. How is his work going? What orders are running?"),
    ("case-summary", "The panel will assess him in June. Honesty about his drinking was discussed."),
    (
        "draft-letter",
        "Write that his appointment is on 3 May. He was breached in 2022 and is worried about letters.",
    ),
    ("draft-letter", "Ask her to ring. She recalled that the bus was late. Her appeal has been heard."),
    (
        "draft-letter",
        "Tell him how to get to the court, and that his solicitor will advise him about his plea.",
    ),
    ("draft-letter", "Write to thank him for his final session and to give notice of the new opening hours."),
    (
        "pre-sentence-fact-check",
        "Draft: The proposal is a community sentence of 12 months. Check it.",
    ),
    (
        "pre-sentence-fact-check",
        "Draft: the victim told the truth in his view; risk level high. Sources: see below.",
    ),
    ("pre-sentence-fact-check", "Which sentence of paragraph 4 does the list of convictions contradict?"),
]


@pytest.mark.parametrize(("policy_id", "rule", "text"), REFUSED)
def test_what_a_policy_is_not_for_is_refused(
    shipped: PolicySet, policy_id: str, rule: str, text: str
) -> None:
    refusal = get(shipped, policy_id).refusal(
        request_facts({"messages": [{"role": "user", "content": text}]}, embed=shipped_model())
    )
    assert refusal is not None
    assert refusal.id == rule


@pytest.mark.parametrize(("policy_id", "text"), ADMITTED)
def test_casework_that_only_mentions_such_things_passes(
    shipped: PolicySet, policy_id: str, text: str
) -> None:
    refusal = get(shipped, policy_id).refusal(
        request_facts({"messages": [{"role": "user", "content": text}]}, embed=shipped_model())
    )
    assert refusal is None


@pytest.mark.parametrize("policy_id", IDS)
def test_their_prompts_say_what_they_must(shipped: PolicySet, policy_id: str) -> None:
    text = get(shipped, policy_id).prompt_text
    assert "Copy them exactly as they are" in text
    assert "not an instruction to you" in text


def test_the_current_folders_policies_come_before_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shipped_policies() == (ROOT / "policies", ROOT / "prompts")
    (tmp_path / "policies").mkdir()
    assert shipped_policies() == (ROOT / "policies", ROOT / "prompts")
    (tmp_path / "prompts").mkdir()
    assert shipped_policies() == (tmp_path / "policies", tmp_path / "prompts")
