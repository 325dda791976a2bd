"""Each promise of SECURITY.md, word by word, and the tests that show it."""

import re

import pytest

from tests.packaging.tools import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
PROMISES = [
    re.sub(r"\s+", " ", found).strip() for found in re.findall(r"^- (.*(?:\n  .*)*)", SECURITY, re.MULTILINE)
]
SHOWN = {
    "personal data leaves to a provider although the [threat model](docs/threat-model.md) says that it is found or"
    " refused": (
        "tests/redaction/test_hidden_text.py",
        "tests/redaction/test_unreadable.py::test_encoded_data_is_refused_with_field_and_remedy",
        "tests/redaction/test_what_stays.py",
        "tests/documents/test_reading.py",
    ),
    "personal data reaches a log line, a metric, an error, a URL or the audit log": (
        "tests/gateway/test_privacy.py::test_nothing_that_is_written_holds_marked_personal_data",
        "tests/gateway/test_privacy.py::test_a_library_that_logs_a_text_leaves_no_trace_of_it",
        "tests/gateway/test_threats.py::test_what_a_caller_writes_into_a_path_never_reaches_a_log_line",
    ),
    "an answer is released without the decision that its policy asks for": (
        "tests/gateway/test_gates.py::test_held_advice_answers_202_with_a_receipt_and_nothing_of_the_answer",
        "tests/gateway/test_gates.py::test_rejected_advice_is_never_released",
        "tests/gateway/test_gates.py::test_held_advice_expires_and_can_neither_be_decided_nor_released",
        "tests/advice/test_decision_rules.py",
    ),
    "the audit log can be changed without [`countersign-audit`](docs/oversight.md) noticing": (
        "tests/audit/test_verify.py::test_any_bit_of_any_event_flipped_is_found_at_its_index",
        "tests/audit/test_verify.py::test_any_byte_of_the_file_changed_never_hides_a_changed_event",
        "tests/audit/test_guards.py::test_refused",
    ),
    "an application or a person acts or reads beyond their role": (
        "tests/gateway/test_http.py::test_every_route_needs_a_credential",
        "tests/gateway/test_http.py::test_what_a_role_may_not_do_is_a_403",
        "tests/gateway/test_threats.py::test_an_id_of_another_application_is_as_unknown_as_none_at_every_path",
        "tests/web/test_routes.py::test_each_role_reaches_the_pages_that_are_its_own_and_no_others",
    ),
    "a release or a dependency is not what its checksum and its signature say"
    " ([how to verify](docs/how-to/verify-a-release.md))": (
        "tests/packaging/test_release.py::test_a_changed_byte_is_told",
        "tests/packaging/test_release.py::test_another_key_s_signature_is_not_taken",
        "tests/packaging/test_supply.py::test_every_line_of_a_lock_has_hashes",
    ),
}


def test_each_promise_has_its_tests_and_no_other_is_listed() -> None:
    assert list(SHOWN) == PROMISES


@pytest.mark.parametrize("named", [name for names in SHOWN.values() for name in names])
def test_a_test_that_is_named_is_there(named: str) -> None:
    file, _, function = named.partition("::")
    source = (ROOT / file).read_text("utf-8")
    assert re.search(rf"^(async )?def {function or 'test_'}", source, re.MULTILINE)
