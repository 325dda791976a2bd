"""What a caller adds is taken off the request, in any of its spellings, and wrong types are named."""

from typing import Any

import pytest

from gateway.errors import GatewayError
from gateway.identity import Application
from gateway.steps import Call, CaseContext, split_context

BODY: dict[str, Any] = {"model": "held", "messages": []}


@pytest.mark.parametrize(
    "subjects",
    [["Ann Lee", "X123"], '["Ann Lee", "X123"]', ' ["Ann Lee", "", "X123"] '],
    ids=["list", "text", "loose"],
)
def test_subjects_are_a_list_or_the_same_as_text(subjects: Any) -> None:
    _, context = split_context({**BODY, "metadata": {"subjects": subjects}}, {})
    assert context.subjects == ("Ann Lee", "X123")


def test_headers_say_the_same_as_metadata() -> None:
    headers = {
        "x-countersign-case": "2026/42",
        "x-countersign-subjects": '["Ann"]',
        "x-countersign-on-behalf-of": "p_1",
    }
    _, context = split_context(BODY, headers)
    assert context == CaseContext("2026/42", ("Ann",), "p_1")


def test_what_is_ours_does_not_go_on_and_the_rest_does() -> None:
    request, _ = split_context({**BODY, "metadata": {"case": "1", "topic": "letters"}}, {})
    assert request["metadata"] == {"topic": "letters"}
    request, _ = split_context({**BODY, "metadata": {"case": "1"}}, {})
    assert "metadata" not in request


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ([], "metadata"),
        ("case", "metadata"),
        ({"case": 7}, "metadata.case"),
        ({"case": " "}, "metadata.case"),
        ({"case": "x" * 501}, "metadata.case"),
        ({"on_behalf_of": ["p_1"]}, "metadata.on_behalf_of"),
        ({"subjects": "Ann"}, "metadata.subjects"),
        ({"subjects": {"name": "Ann"}}, "metadata.subjects"),
        ({"subjects": [1]}, "metadata.subjects"),
        ({"subjects": "[" * 100_000}, "metadata.subjects"),
        ({"subjects": ["a"] * 1001}, "metadata.subjects"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("metadata") else "",
)
def test_wrong_types_are_named(metadata: Any, param: str) -> None:
    with pytest.raises(GatewayError) as refused:
        split_context({**BODY, "metadata": metadata}, {})
    assert (refused.value.status, refused.value.param) == (400, param)


def test_a_request_has_the_same_fingerprint_in_any_order_and_another_when_it_differs() -> None:
    def fingerprint(body: dict[str, Any], **headers: str) -> bytes:
        return Call(Application("casebook"), body, headers).fingerprint

    first = fingerprint({"model": "a", "n": 1})
    assert first == fingerprint({"n": 1, "model": "a"})
    assert first != fingerprint({"n": 2, "model": "a"})
    assert first != fingerprint({"model": "a", "n": 1}, **{"x-countersign-case": "1"})
