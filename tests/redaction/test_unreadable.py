"""A long run that can hold a text and that nothing reads is refused; ids, hashes, keys and addresses are not."""

import base64
import hashlib
import random

import pytest

from gateway.redaction import Redactor, Unreadable
from gateway.redaction.request.unreadable import unreadable_runs
from tests.redaction.conftest import content_of, user

DATA = random.Random(7).randbytes(300)


@pytest.mark.parametrize(
    "run",
    [
        base64.b64encode(DATA).decode(),
        base64.urlsafe_b64encode(DATA).decode(),
        base64.b85encode(DATA).decode(),
        base64.b32encode(DATA).decode(),
    ],
    ids=["base64", "URL's base64", "base85", "base32"],
)
def test_encoded_data_is_refused_with_field_and_remedy(run: str, patterns: Redactor) -> None:
    with pytest.raises(Unreadable) as refused:
        patterns.redact(user(f"See {run} for more."))
    assert refused.value.param == "messages[0].content"
    assert "Send what it holds as text" in refused.value.message


@pytest.mark.parametrize(
    "run",
    [
        hashlib.sha512(DATA).hexdigest(),
        ",".join(["6f1e7c1a-9c1b-4f6d-8a3e-2f1d0c9b8a7e"] * 6),
        "https://www.example.org/a/b?utm_source=newsletter&id=8f3a2c&token=QmFzZTY0IHRva2Vu&next=https%3A%2F%2Fexample.org%2F"
        "cases%2F1234%2Fnotes&lang=en-GB",
        "C:/Users/public/Documents/Cases/2026/Probation/Reports/Pre-Sentence/Drafts/Version-3/final-final-this-time-2026-03-04.docx",
        "|---|:---:|" * 30,
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + base64.urlsafe_b64encode(DATA).decode().strip("="),
        "getCaseSummaryByIdAndStatusAndOfficerAndDateRangeWithAllAssessmentsAndContactsAndDocumentsIncludingDeletedOnesForAudits",
        "ssh-rsa " + base64.b64encode(DATA).decode(),
        base64.b64encode(b"Minutes of the meeting, in which nobody was named and nothing was decided. " * 3).decode(),
    ],
    ids=["SHA-512", "UUIDs", "URL", "path", "table", "JWT", "CamelCase", "SSH key", "base64 of a text"],
)  # fmt: skip
def test_a_long_run_of_a_usual_form_passes(run: str) -> None:
    assert list(unreadable_runs(f"See {run}, please." if " " not in run else run)) == []


def test_what_decodes_to_a_text_is_read_and_redacted(patterns: Redactor) -> None:
    run = base64.b64encode(
        b"The NI number is AB123456C, and the rest of this message says nothing. " * 3
    ).decode()
    assert "<UK_NINO_1>" in content_of(patterns.redact(user(f"See {run} there")))
