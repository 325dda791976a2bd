"""What a policy decides, and what its version names."""

import pytest

from gateway.policy import AnswerFacts, RequestFacts, request_facts
from tests.policy.conftest import POLICY, PROMPT, Folder

RULES = """
refuse:
  - {id: first, when: 'request.text.matches("(?i)what sentence")', say: No sentences.}
  - {id: second, when: '"UK_NHS" in request.entities && request.application != "clinic"', say: No health.}
  - {id: breaks, when: 'request.messages_count > 3 && request.entities[9] == "x"', say: It broke.}
caveats:
  - {id: always, say: Always.}
  - {id: dates, say: Dates., when: '"DATE_TIME" in answer.entities'}
  - {id: added, say: Added., when: 'size(answer.added) > 0 && !(answer.added[0] in request.entities)'}
  - {id: breaks, say: Broke., when: 'size(answer.text) > 20 && answer.entities[9] == "x"'}
"""


@pytest.mark.parametrize(
    ("facts", "refused_by"),
    [
        (RequestFacts("Summarise."), None),
        (RequestFacts("What sentence is right?"), "first"),
        (RequestFacts("What sentence?", ("UK_NHS",)), "first"),
        (RequestFacts("Summarise.", ("UK_NHS",)), "second"),
        (RequestFacts("Summarise.", ("UK_NHS",), "clinic"), None),
        (RequestFacts("Ｗｈａｔ sen\u200btence?"), "first"),
        (RequestFacts("what \t  sentence"), "first"),
        (RequestFacts("Summarise.", messages_count=4), "breaks"),
    ],
)
def test_the_first_rule_that_holds_refuses_and_one_that_fails_holds(
    folder: Folder, facts: RequestFacts, refused_by: str | None
) -> None:
    refusal = folder.policy(RULES).refusal(facts)
    assert (refusal and refusal.id) == refused_by


@pytest.mark.parametrize(
    ("answer", "attached"),
    [
        (AnswerFacts("Yes."), ["always"]),
        (AnswerFacts("On 3 May.", ["DATE_TIME"]), ["always", "dates"]),
        (AnswerFacts("Ann.", ["PERSON", "DATE_TIME"], ["PERSON"]), ["always", "dates", "added"]),
        (AnswerFacts("A text of more than twenty."), ["always", "breaks"]),
    ],
)
def test_caveats_come_in_the_files_order_and_one_that_fails_is_attached(
    folder: Folder, answer: AnswerFacts, attached: list[str]
) -> None:
    caveats = folder.policy(RULES).caveats_for(RequestFacts("x"), answer)
    assert [caveat.id for caveat in caveats] == attached
    assert caveats[0].say == "Always."


def test_the_prompt_comes_first_and_the_callers_own_system_message_stays(folder: Folder) -> None:
    request = {"model": "plain", "messages": [{"role": "system", "content": "Mine."}], "temperature": 0}
    composed = folder.policy().compose(request)
    assert composed["messages"] == [
        {"role": "system", "content": "Be plain."},
        {"role": "system", "content": "Mine."},
    ]
    assert composed["temperature"] == 0
    assert len(request["messages"]) == 1


def test_only_listed_applications_may_use_it_unless_all_may(folder: Folder) -> None:
    assert folder.policy().allows("casebook")
    assert not folder.policy().allows("other")
    folder.write(POLICY.replace("[casebook]", '["*"]'))
    assert folder.load().get("plain").allows("other")  # type: ignore[union-attr]  # it was loaded


def test_a_version_is_64_hex_digits_and_survives_what_changes_nothing(folder: Folder) -> None:
    version = folder.policy().version
    assert len(version) == 64
    assert int(version, 16)
    assert folder.policy("# a comment\nreview: {decide_within: 120h, deciders: 1}\n").version == version


@pytest.mark.parametrize(
    "more", ["review: {deciders: 2}", "caveats: [{id: a, say: b}]", "caveats_inline: true"]
)
def test_another_wording_is_another_version(folder: Folder, more: str) -> None:
    assert folder.policy().version != folder.policy(more).version


def test_another_prompt_is_another_version(folder: Folder) -> None:
    before = folder.policy().version
    folder.write_prompt(PROMPT.replace("Be plain.", "Be very plain."))
    assert folder.policy().version != before


def test_a_policy_can_not_be_changed(folder: Folder) -> None:
    policy = folder.policy()
    with pytest.raises(ValueError, match="frozen"):
        policy.title = "Other"  # type: ignore[misc]  # that is the point
    with pytest.raises(ValueError, match="frozen"):
        policy.review.deciders = 2  # type: ignore[misc]  # that is the point


def test_what_is_in_force_is_listed_in_the_order_of_ids(folder: Folder) -> None:
    folder.write(POLICY.replace("id: plain", "id: a-first"), "a-first.yaml")
    policies = folder.load()
    assert policies.ids == ("a-first", "plain")
    assert [policy.id for policy in policies] == ["a-first", "plain"]
    assert policies.get("nothing") is None


def test_the_facts_of_a_request_hold_all_its_text() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"name": "Ann"}'}}
    messages = [
        {
            "role": "user",
            "content": [{"type": "text", "text": "One"}, {"type": "image_url", "image_url": {}}],
        },
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "content": "Two"},
        "nonsense",
    ]
    facts = request_facts({"messages": messages}, ("PERSON",), "casebook")
    assert facts == RequestFacts('One\n{"name": "Ann"}\nTwo', ("PERSON",), "casebook", 4)
