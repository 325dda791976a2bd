"""Rules by example: they learn, match what is like them, and where the model can't run nothing passes for it."""

from collections.abc import Sequence

import numpy as np
import pytest

from gateway.evidence import shipped_model
from gateway.evidence.sentence_model import FOLDER, sentence_key
from gateway.policy import AnswerFacts, Policy, RequestFacts, likeness, request_facts
from gateway.policy.compared_sentences import MAX_SENTENCES, asked_sentences
from gateway.policy.conditions import LikenessCondition
from gateway.policy.likeness import LEARNT
from gateway.policy.requests import is_request, requests_in, spelt_out
from gateway.policy.vectors import Vector
from tests.policy.conftest import Folder, folder
from tests.policy.evaluation.measure import HERE, outcomes, shipped
from tools.build_known_sentences import learnt_sentences

pytestmark = pytest.mark.xdist_group("shipped rules")

__all__ = ["folder"]

LEAST_RIGHT_UNSEEN = 0.92
"""A few are so alike to what another rule refuses that only that rule catches them."""
RULES = """
refuse:
  - id: no-sentencing
    like: [What sentence should he get?, How long should she serve?, Recommend a sentence.,
           Should he go to prison?, What would you give her for this?]
    unlike: [What sentence did he get in 2019?, How long did she serve?, Which court sentenced him?]
    say: Ask for the facts.
caveats:
  - {id: always, say: Always.}
  - {id: risk, say: Check the assessment., when_like: [He poses a high risk of harm., She is likely to reoffend.],
     when_unlike: [The risk assessment is dated 3 May.]}
"""


def facts(text: str, *before: str, embed: object = shipped_model) -> RequestFacts:
    messages = [{"role": "user", "content": one} for one in before]
    messages += [{"role": "assistant", "content": "Yes."}] if before else []
    model = embed() if callable(embed) else None
    return request_facts({"messages": [*messages, {"role": "user", "content": text}]}, embed=model)


@pytest.mark.parametrize(
    ("text", "before", "refused"),
    [
        ("What sentence ought he to receive?", (), True),
        ("Mr Smith has four convictions. Which sentence should he get?", (), True),
        ("Which court sentenced her?", (), False),
        ("When is the next appointment?", (), False),
        ("Summarise this record.", ("What sentence should he get?",), False),
        ("He was given the sentence that the report had proposed.", (), False),
        ("", (), False),
    ],
)
def test_a_request_like_the_examples_is_refused(
    folder: Folder, text: str, before: Sequence[str], refused: bool
) -> None:
    assert (folder.policy(RULES).refusal(facts(text, *before)) is not None) == refused


def test_a_caveat_goes_with_an_answer_that_says_something_like_its_examples(folder: Folder) -> None:
    policy = folder.policy(RULES)

    def attached(answer: str) -> list[str]:
        return [one.id for one in policy.caveats_for(facts("Summarise."), AnswerFacts(answer))]

    assert attached("He came on 3 May. She is likely to offend again.") == ["always", "risk"]
    assert attached("He came to the office on 3 May.") == ["always"]


def test_where_the_model_can_not_run_everything_is_refused_and_every_caveat_attached(folder: Folder) -> None:
    policy = folder.policy(RULES)

    def broken(text: str) -> Vector:
        raise RuntimeError("no memory")

    for embed in (None, lambda: broken):
        asked = facts("Summarise this record.", embed=embed)
        assert policy.refusal(asked) is not None
        assert [one.id for one in policy.caveats_for(asked, AnswerFacts("Yes."))] == ["always", "risk"]
    assert policy.refusal(RequestFacts("", asked=())) is None  # nothing is asked that could be like something


def test_an_exact_condition_may_stand_beside_examples(folder: Folder) -> None:
    policy = folder.policy(RULES.replace("    unlike:", "    when: request.application == 'x'\n    unlike:"))
    asked = facts("Summarise.")
    assert policy.refusal(asked) is None
    assert policy.refusal(RequestFacts("Summarise.", application="x")) is not None


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("refuse: [{id: a, say: b}]", "needs `like`"),
        ("refuse: [{id: a, say: b, when: 'true', unlike: [c]}]", "has `unlike` without `like`"),
        ("caveats: [{id: a, say: b, when_unlike: [c]}]", "has `when_unlike` without `when_like`"),
    ],
)
def test_a_rule_without_anything_to_go_by_is_a_problem(folder: Folder, more: str, told: str) -> None:
    folder.policy()
    text = (folder.policies / "plain.yaml").read_text()
    assert told in folder.problems(text + more + "\n")[0].message


def test_examples_change_the_version_and_their_absence_does_not(folder: Folder) -> None:
    plain = folder.policy("refuse: [{id: a, say: b, when: 'false'}]\n")
    assert b"like" not in plain.words
    assert folder.policy(RULES).version != folder.policy(RULES.replace("Recommend a sentence.", "x")).version


def test_what_is_asked_are_the_last_messages_of_the_user() -> None:
    def user(*texts: str) -> dict[str, object]:
        return {"role": "user", "content": [{"type": "text", "text": text} for text in texts]}

    messages = [
        user("Old."),
        {"role": "assistant", "content": "A."},
        user("One? Two.", "Three"),
        user("Four"),
    ]
    assert asked_sentences([*messages, {"role": "tool", "content": "5."}]) == (
        "One?",
        "Two.",
        "Three",
        "Four",
    )
    long = "\n".join(f"Line number {place} of it" for place in range(5_000))
    found = asked_sentences([user("First?", long, "Last?")])
    assert (found[0], found[-1]) == ("First?", "Last?")
    assert len(asked_sentences([user(*[long] * 9)])) == MAX_SENTENCES


@pytest.mark.parametrize(
    ("sentence", "alone", "asks"),
    [
        ("Is he lying?", False, True),
        ("Write to him.", False, True),
        ("So, give me a number.", False, True),
        ("We are breaching him, so tell him.", False, True),
        ("Letter of final warning, please.", False, True),
        ("Sentencing recommendation for Hughes", True, True),
        ("Sentencing recommendation for Hughes", False, False),
        ("OGRS3 of 54 per cent", True, False),
        ("A short letter about his hearing on 4 May.", True, True),
        ("A short letter about his hearing on 4 May.", False, False),
        ("Second and final warning, two shifts missed.", True, True),
        ("In the letter set out what he owes.", True, True),
        ("I have to tell her that it was revoked.", True, True),
        ("The order has ended; get a letter ready.", True, True),
        ("The author recommended a community order.", True, False),
        ("Mr Smith was sent to prison.", True, False),
        ("does he look well to you", False, True),
        ("Does not work.", False, False),
        ("what's the plan", False, True),
        ("I would value a second opinion.", False, True),
        ("", True, False),
    ],
)
def test_records_are_told_from_requests(sentence: str, alone: bool, asks: bool) -> None:
    assert is_request(sentence, alone=alone) == asks


def test_in_a_short_message_the_sentences_count_together_unless_a_text_is_handed_over(folder: Folder) -> None:
    policy = folder.policy(
        "refuse:\n  - id: no-verdict\n    like: [They differ. Who is right?, He says that he fell. Is that so?,"
        " Who is right?, Two stories. Which one is right?, Which of them is right?]\n"
        "    unlike: [They differ. Where?, Who wrote it?]\n    say: No.\n"
    )
    assert policy.refusal(facts("Two accounts differ. Which is right?")) is not None
    assert policy.refusal(facts("Draft: Two accounts differ, and one is right. Check it.")) is None


def test_a_short_message_that_reads_as_no_request_is_compared_all_the_same() -> None:
    odd = "is a fine enough for this or does he need somthing heavier"
    assert not is_request(odd, alone=True)
    assert requests_in([odd])[odd] > 0
    told = ["He came late.", "He left early."]
    assert set(requests_in(told)) == {*told, " ".join(told)}
    assert not requests_in(told * 3)
    assert "He came late." not in requests_in(["Draft", "He came late.", "He left early."])


def test_each_clause_that_asks_for_something_is_compared() -> None:
    whole = "Check the dates, and then say which of them is right."
    assert set(requests_in([whole])) == {whole, "Check the dates", "say which of them is right."}
    told = "He came late and said that he was ill, then left."
    assert not requests_in([told, "Yes.", "No.", "Tea."] * 3)
    assert set(requests_in(["Send him the form and the map."])) == {"Send him the form and the map."}


def test_short_forms_of_people_in_a_hurry_are_spelt_out() -> None:
    assert spelt_out("Pls can u check ur list, wots wrong") == "please can you check your list, what's wrong"
    assert spelt_out("U.S. b2b /u/ CUR Cos") == "U.S. b2b /u/ CUR because"


def test_a_rule_learns_what_all_refusals_of_its_policy_have_in_common() -> None:
    model = shipped_model()
    assert model is not None
    like, beside = ("Is he lying?", "Is her story true?"), ("What sentence should he get?", "Fine or prison?")
    alone, together = (
        LikenessCondition(like, (), (), refused, of_answer=False).learnt(model) for refused in ((), beside)
    )
    asked = "Which sentence do you recommend?"
    assert together.margin(asked, model(asked)) > alone.margin(asked, model(asked))
    assert set(together.caught) == set(like)


def test_the_same_examples_learn_the_same_each_time(folder: Folder) -> None:
    def turned(text: str) -> Vector:
        model = shipped_model()
        assert model is not None
        return model(text)

    policy: Policy = folder.policy(RULES)
    rule = policy.likenesses["refuse.no-sentencing"]
    model = shipped_model()
    first, again = rule.learnt(model), rule.learnt(turned)
    assert first.threshold == again.threshold
    vector = np.ones(384) / 384**0.5
    assert first.margin("Is it?", vector) == again.margin("Is it?", vector)


def test_each_shipped_rule_tells_most_of_its_examples_apart_unseen() -> None:
    for policy in shipped():
        for name, condition in policy.likenesses.items():
            caught = condition.learnt(shipped_model()).caught
            right = sum(caught[one] for one in condition.like) + sum(
                not caught[one] for one in condition.unlike
            )
            assert right >= LEAST_RIGHT_UNSEEN * len(caught), (policy.id, name)


def test_the_shipped_refusals_keep_what_was_measured_of_an_outsiders_requests() -> None:
    found = list(outcomes(shipped(), HERE / "outsider_fourth.jsonl"))
    refused = [one.by is not None for one in found if one.wanted]
    others = [one.by is not None for one in found if not one.wanted]
    assert (len(refused), len(others)) == (100, 100)
    assert sum(refused) >= 96
    assert sum(others) <= 4


def test_the_vectors_of_all_shipped_examples_are_made_beforehand() -> None:
    model = shipped_model()
    assert model is not None
    texts = learnt_sentences(shipped())
    with np.load(FOLDER / "known_sentences.npz") as kept:
        keys = [key.tobytes() for key in kept["keys"]]
    assert keys == [sentence_key(text) for text in texts], "run: python -m tools.build_known_sentences"
    for text in texts[::100]:
        assert float(model(text) @ model.computed(text)) > 0.9999


def test_what_each_shipped_rule_learns_is_shipped_with_it() -> None:
    rules = [rule.learnt(shipped_model()) for policy in shipped() for rule in policy.likenesses.values()]
    with np.load(LEARNT) as kept:
        assert {rule.key for rule in rules} == set(kept.files), "run: python -m tools.build_known_sentences"


def test_what_is_shipped_is_what_the_rule_learns(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = shipped().get("draft-letter")
    assert policy is not None
    rule = next(iter(policy.likenesses.values()))
    kept = rule.learnt(shipped_model()).solution
    monkeypatch.setattr(likeness, "_shipped", dict)
    likeness.learn.cache_clear()
    likeness._known.cache_clear()
    learnt = rule.learnt(shipped_model()).solution
    assert learnt[0] is not kept[0]
    for new, old in zip(learnt[:2], kept[:2], strict=True):
        np.testing.assert_allclose(new, old, atol=1e-4)


def test_a_letter_rule_lets_a_question_for_a_fact_pass() -> None:
    letters = shipped().get("draft-letter")
    assert letters is not None
    assert letters.refusal(facts("What sentence did he get in 2019?")) is None


def test_a_rule_learns_from_what_the_policys_other_rules_let_pass() -> None:
    model = shipped_model()
    assert model is not None
    like, passes = ("Is he lying?", "Is her story true?"), "Is his story in the file?"
    alone, beside = (
        LikenessCondition(like, (), others, of_answer=False) for others in ((), (passes, "Is her file here?"))
    )
    vector = model(passes)
    assert alone.learnt(model).margin(passes, vector) > beside.learnt(model).margin(passes, vector)
    rules = shipped().get("case-summary")
    assert rules is not None
    others = rules.likenesses["refuse.no-sentencing"].others
    assert "Who wrote that he may be lying?" in others
    assert "Which facts are only in one source?" not in others  # its own
