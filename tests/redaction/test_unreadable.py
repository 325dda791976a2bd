"""A long run that can hold a text and that nothing reads is refused; ids, hashes, keys and addresses are not."""

import base64
import hashlib
import random
from collections.abc import Callable

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
        ",".join(f"{row},AB{row},{row * 3.1:.1f},Yes" for row in range(20)),
        '{"id":12,"items":[' + ",".join(['{"a":1.5,"b":"x","c":null}'] * 6) + "]}",
        "M10.5,20.25L30.75,40.5C50.1,60.2,70.3,80.4,90.5,100.6L110.7,120.8Z" * 2,
        "\n".join(hashlib.sha256(bytes([row])).hexdigest() for row in range(4)),
        "https://www.example.org/a/b?utm_source=newsletter&id=8f3a2c&token=QmFzZTY0IHRva2Vu&next=https%3A%2F%2Fexample.org%2F"
        "cases%2F1234%2Fnotes&lang=en-GB",
        "C:/Users/public/Documents/Cases/2026/Probation/Reports/Pre-Sentence/Drafts/Version-3/final-final-this-time-2026-03-04.docx",
        "|---|:---:|" * 30,
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + base64.urlsafe_b64encode(DATA).decode().strip("="),
        "getCaseSummaryByIdAndStatusAndOfficerAndDateRangeWithAllAssessmentsAndContactsAndDocumentsIncludingDeletedOnesForAudits",
        "ssh-rsa " + base64.b64encode(DATA).decode(),
        base64.b64encode(b"Minutes of the meeting, in which nobody was named and nothing was decided. " * 3).decode(),
    ],
    ids=["SHA-512", "UUIDs", "CSV", "JSON", "drawing", "hashes", "URL", "path", "table", "JWT", "CamelCase", "SSH key",
         "base64 of a text"],
)  # fmt: skip
def test_a_long_run_of_a_usual_form_passes(run: str) -> None:
    assert list(unreadable_runs(f"See {run}, please." if " " not in run else run)) == []


@pytest.mark.parametrize("encode", [base64.b64encode, base64.b85encode, base64.b32encode])
def test_encoded_data_in_lines_is_refused(encode: Callable[[bytes], bytes], patterns: Redactor) -> None:
    run = encode(DATA).decode()
    lines = "\n".join(run[at : at + 64] for at in range(0, len(run), 64))
    with pytest.raises(Unreadable):
        patterns.redact(user(f"See:\n{lines}\nfor more."))


@pytest.mark.parametrize("width", [64, 75, 76])
@pytest.mark.parametrize(("before", "behind"), [("", ""), ("attachment1\n", ""), ("", "\nscanned_letter")])
def test_what_decodes_in_lines_is_read(width: int, before: str, behind: str, patterns: Redactor) -> None:
    text = "The NI number is AB123456C, and the rest of this message says nothing. " * 300
    run = base64.b64encode(text.encode()).decode()
    lines = "\n".join(run[at : at + width] for at in range(0, len(run), width))
    assert patterns.redact(user(before + lines + behind)).issued


def test_what_decodes_to_a_text_is_read_and_redacted(patterns: Redactor) -> None:
    run = base64.b64encode(
        b"The NI number is AB123456C, and the rest of this message says nothing. " * 3
    ).decode()
    assert "<UK_NINO_1>" in content_of(patterns.redact(user(f"See {run} there")))
