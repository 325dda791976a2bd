"""What is hidden is read and redacted where it stands; what can't be read is refused; what only looks odd is not."""

import base64
from collections.abc import Callable

import pytest

from gateway.redaction import Redactor, Unreadable
from tests.redaction.conftest import content_of, user

NINO = "AB123456C"
TOKEN = base64.b64encode(b"the number is AB123456C ok").decode()


@pytest.mark.parametrize(
    "hidden",
    [
        "&#65;B&#49;23456C",
        "%41B%31%32%33456C",
        "\\u0041B123456C",
        "AB12**34**56C",
        "AB<b>12</b>3456C",
        "AB12-\n3456C",
        "AB12\n3456C",
        "АВ123456С",
        "🅐🅑123456🅒",
        TOKEN,
        base64.b64encode(TOKEN.encode()).decode(),
        b"NI number AB123456C".hex(),
        "A B 1 2 3 4 5 6 C",
        "\\\\u0041\\\\u0042123456C",
        "A</b><b>B</b><i>1</i><i>23456C",
        "&#65&#66&#49&#50&#51&#52&#53&#54&#67",
        "A, B, 1, 2, 3, 4, 5, 6, C",
        "\u202eC654321BA\u202c",
        "A\u0336B\u0336123456\u20e3C",
    ],
)
def test_a_hidden_identifier_is_redacted(hidden: str, patterns: Redactor) -> None:
    redacted = patterns.redact(user(f"The NI number is {hidden} as given."))
    sent = content_of(redacted)
    assert "<UK_NINO_1>" in sent
    assert sent.replace("<UK_NINO_1>", redacted.issued[0].value) == f"The NI number is {hidden} as given."


@pytest.mark.parametrize(
    "hidden",
    [
        "J&#111;hn Ok&#97;for",
        "J o h n  O k a f o r",
        "o k a f o r",
        "J<i>o</i>hn Oka**for**",
        "Jоhn Оkаfоr",
        "ᴏᴋᴀꜰᴏʀ",
        "Sm9obiBPa2Fmb3I=",
        "am9obg==",
        "4a6f686e204f6b61666f72",
        "O🙂k🙂a🙂f🙂o🙂r",
        "Иван",
        "王小明",
    ],
)
def test_a_hidden_name_is_redacted(hidden: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(f"We spoke to {hidden} about the rent.")))
    assert hidden not in sent


@pytest.mark.parametrize("encode", [base64.b64encode, base64.encodebytes, lambda data: data.hex().encode()])
def test_a_long_encoded_text_is_read_to_its_end(encode: Callable[[bytes], bytes], redactor: Redactor) -> None:
    around = "The tenant reported the broken heating twice and asked what to do next about it. " * 30
    encoded = encode(f"{around} Oluwaseun Adebayo rang, NI number AB123456C. {around}".encode()).decode()
    redacted = redactor.redact(user(f"See: {encoded}"))
    assert encoded.strip() not in content_of(redacted)
    assert redacted.issued


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Prison number A55O1FH, B wing.", "A55O1FH"),
        ("Nat Ins No: HB O7 I4 92 C (scan poor)", "HB O7 I4 92 C"),
        ("The van was W4I8 LKB, seen by the camera.", "W4I8 LKB"),
        ("NHS number 4O1 O23 2l37 on the label", "4O1 O23 2l37"),
    ],
)
def test_letters_that_a_scanner_read_for_digits_are_digits(text: str, value: str, patterns: Redactor) -> None:
    assert [one.value for one in patterns.redact(user(text)).issued] == [value]


def test_what_hides_nothing_is_read_in_its_whole_text_only(redactor: Redactor) -> None:
    text = "Late again. You can ring the wing, C Wing, before 5. The cost was &pound;5 a head."
    assert content_of(redactor.redact(user(text))) == text


@pytest.mark.parametrize(
    "text",
    [
        "Он живёт в Москве и работает на заводе с братом.",
        "⠚⠕⠓⠝",
        "⠍⠍482913⠉",
        "note \U000e004a\U000e006f\U000e0068\U000e006e",
        "a" + "\u200b\u200c" * 8 + "b",
    ],
    ids=["Cyrillic", "Braille", "Braille beside digits", "tags", "zero-width"],
)
def test_what_nobody_reads_is_refused_with_its_field(text: str, patterns: Redactor) -> None:
    with pytest.raises(Unreadable) as refused:
        patterns.redact(user(text))
    assert refused.value.param == "messages[0].content"
    assert text[:4] not in refused.value.message


def test_a_policy_may_allow_a_script_by_name(patterns: Redactor) -> None:
    text = "Он живёт в Москве и работает на заводе с братом."
    assert content_of(patterns.redact(user(text), scripts=["Cyrillic"])) == text
    with pytest.raises(Unreadable):
        patterns.redact(user(text), scripts=["Greek", "Nonsense", "[("])


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "Flags 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇬🇧, hearts ❤️ and a family 👨‍👩‍👧.",
        "Mae'r cyfarfod ddydd Mawrth yn y llyfrgell, ac mae croeso i bawb.",
        "Mae croeso i bawb yn y llyfrgell.",
        "He said « je ne comprends pas » and left.",
        "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "The angle α is 30°, 10 µg of it, and Σ is a sum.",
        "- - - - -\n. . . . .\n=====",
        "Scores: 12, 15, 9, 22, 14, 8, 3",
        "1 2 3 4 5 6 7 8 9 10",
        "| Week | Hours |\n|---|---|\n| 1 | 7 |\n| 2 | 6 |",
        "[#####-----] 50%",
        "No idea ¯\\_(ツ)_/¯ (ノ°▽°)ノ",
        "Cable H07RN-F is rated for it.",
        "The recipe needs wine, bun, tree, door, hive, gate, shoe.",
    ],
)
def test_ordinary_text_that_looks_odd_is_sent_as_it_is(text: str, redactor: Redactor) -> None:
    assert content_of(redactor.redact(user(text))) == text


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x07", "\x1b", "\x1e", "\x1f", "\x7f"])
def test_a_control_character_parts_words_as_a_space_does(sign: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(f"Name{sign}Priya Raman{sign}Postcode{sign}LS6 2HT{sign}open")))
    assert sent == f"Name{sign}<PERSON_1>{sign}Postcode{sign}<UK_POSTCODE_1>{sign}open"


@pytest.mark.parametrize("number", ["447700900123", "4407700900123", "7700900123"])
def test_a_mobile_number_as_apps_store_it_is_redacted_under_any_name(number: str, redactor: Redactor) -> None:
    assert number not in content_of(redactor.redact(user(f'{{"x": {number}, "contact": "{number}"}}')))
