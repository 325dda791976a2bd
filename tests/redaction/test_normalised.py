"""The reading of a text, and the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.redaction import Redactor
from gateway.redaction.text.normalised import NormalisedText
from tests.redaction.conftest import content_of, user


@pytest.mark.parametrize(
    ("hidden", "how"),
    [
        ("AB\u200b123456\u200bC", "zero-width spaces"),
        ("A\u200dB12\u206034\ufeff56C", "joiners"),
        ("AB12\u00ad3456C", "a soft hyphen"),
        ("\u202aAB123456C\u202c", "bidi marks around"),
        ("AB12\u202e3456C", "a bidi mark within"),
        ("ＡＢ１２３４５６Ｃ", "full-width letters and digits"),
        ("𝐀𝐁𝟏𝟐𝟑𝟒𝟓𝟔𝐂", "mathematical letters and digits"),
        ("AB\u00a012\u200934\u300056\u2003C", "odd spaces"),
        ("AB١٢٣٤٥٦C", "Arabic-Indic digits"),
        ("AB१२३४५६C", "Devanagari digits"),
        ("A\u0336B\u03361\u03362\u03363456C", "marks struck through"),
        ("AB‑12‑34‑56‑C", "no-break hyphens"),
        ("AB\x00123456C", "control characters"),
        ("AB\ufe0f123456C", "variation selectors"),
    ],
    ids=lambda value: value if value.isascii() and " " in value else "",
)
def test_a_value_is_found_and_replaced_whole_although_it_is_hidden_by(
    hidden: str, how: str, patterns: Redactor
) -> None:
    redacted = patterns.redact(user(f"NI number {hidden}, confirmed."))
    sent = content_of(redacted)
    assert "<UK_NINO_1>" in sent
    assert NormalisedText(redacted.issued[0].value).text.replace(" ", "").replace("-", "") == "AB123456C"
    assert sent.replace("<UK_NINO_1>", redacted.issued[0].value) == f"NI number {hidden}, confirmed."


@given(st.text(max_size=80))
def test_every_range_of_a_reading_has_a_range_of_the_original(text: str) -> None:
    reading = NormalisedText(text)
    last = 0
    for at in range(len(reading.text)):
        start, end = reading.place(at, at + 1)
        assert last <= start < end <= len(text) or (start, end) == reading.place(at - 1, at)
        last = start


@given(st.text(alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_plain_text_is_read_as_it_stands(text: str) -> None:
    assert NormalisedText(text).text == text


@given(st.text(max_size=60))
def test_a_reading_has_no_invisible_characters(text: str) -> None:
    assert not set(NormalisedText(text).text) & set("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\x00\x01")


def test_a_letter_keeps_its_accent() -> None:
    assert NormalisedText("Jose\u0301 Núñez").text == "José Núñez"
