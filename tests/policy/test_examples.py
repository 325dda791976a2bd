"""Examples: what they can expect, and how they say that it is not so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.policy import ExampleResult, run_examples
from tests.policy.conftest import Folder

RULES = """
refuse: [{id: no, when: 'request.text.contains("sentence")', say: No.}, {id: other, when: 'false', say: No.}]
caveats:
  - {id: always, say: Always.}
  - {id: added, say: Added., when: '"PERSON" in answer.added'}
examples:
"""


@dataclass(frozen=True)
class Replaced:
    """A redaction that knows one name."""

    request: Mapping[str, Any]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Inspected:
    entities: tuple[str, ...] = ()
    added: tuple[str, ...] = field(default=())


def redact(request: Mapping[str, Any]) -> Replaced:
    text = request["messages"][0]["content"]
    sent = {"messages": [{"role": "user", "content": text.replace("Ann", "<PERSON_1>")}]}
    return Replaced(sent, {"PERSON": text.count("Ann")})


def inspect(answer: str, _: object) -> Inspected:
    return Inspected(("PERSON",), ("PERSON",)) if "Bob" in answer else Inspected()


def run(folder: Folder, text: str, expect: str, more: str = "") -> ExampleResult:
    request = f"{{messages: [{{role: user, content: '{text}'}}]}}"
    policy = folder.policy(f"{RULES}  - {{name: it, request: {request}, {more} expect: {expect}}}\n")
    (result,) = run_examples(policy, redact=redact, inspect=inspect)
    return result


@pytest.mark.parametrize(
    ("text", "expect", "more"),
    [
        ("Ann came.", "{redacted: [PERSON], leaves: [came], never_leaves: [Ann], caveats: [always]}", ""),
        ("He came.", "{outcome: admitted, not_redacted: [PERSON]}", ""),
        ("A sentence.", "{outcome: refused}", ""),
        ("A sentence.", "{outcome: refused, refused_by: no}", ""),
        ("Ann came.", "{caveats: [always, added]}", "answer: Bob went.,"),
    ],
)
def test_an_example_that_comes_as_expected_passes(folder: Folder, text: str, expect: str, more: str) -> None:
    assert run(folder, text, expect, more).passed


@pytest.mark.parametrize(
    ("text", "expect", "failure"),
    [
        ("He came.", "{redacted: [PERSON]}", "PERSON is not redacted; redacted are: none"),
        (
            "Leeds.",
            "{redacted: [LOCATION]}",
            "LOCATION is not redacted; redacted are: none; a policy has to ask for it:"
            " `redaction: {redact: [LOCATION]}`",
        ),
        (
            "Ann came.",
            "{not_redacted: [PERSON]}",
            "PERSON is redacted, but should not be; redacted are: PERSON",
        ),
        ("Ann came.", "{leaves: [Ann]}", "does not leave, but should: Ann"),
        ("Ann came.", "{never_leaves: [came]}", "leaves, but must not: came"),
        ("Ann came.", "{outcome: refused}", "expected to be refused, but it is admitted"),
        ("A sentence.", "{}", "expected to be admitted, but no refuses it"),
        (
            "A sentence.",
            "{outcome: refused, refused_by: other}",
            "expected to be refused by other, but no refuses it",
        ),
        ("Ann came.", "{caveats: []}", "expected the caveats none, but has always"),
    ],
)
def test_an_example_that_does_not_says_what_is_so(
    folder: Folder, text: str, expect: str, failure: str
) -> None:
    assert run(folder, text, expect).failures == (failure,)


def test_a_request_that_can_not_be_redacted_fails_its_example_only(folder: Folder) -> None:
    examples = "  - {name: a, request: {}, expect: {}}\n  - {name: b, request: {messages: [{content: x}]}, expect: {}}"
    results = run_examples(folder.policy(RULES + examples), redact=redact, inspect=inspect)
    assert [(result.name, result.failures) for result in results] == [
        ("a", ("the request can't be redacted; write it as for /v1/chat/completions",)),
        ("b", ()),
    ]
