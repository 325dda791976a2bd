"""Values in disguise are redacted where they stand, whatever the disguise; what only looks odd stays as it is."""

import base64
import binascii
import bz2
import gzip
import json
import lzma
import zlib

import pytest

from gateway.redaction import Redactor, Unreadable
from gateway.redaction.packed import unpacked
from tests.redaction.conftest import content_of, user

NUMBER = "AB123456C"
NAME = "Oluwaseun Wisniewska"
DEFLATED = zlib.compress(b"the client is AB123456C, as given")


def in_base(text: str, alphabet: str) -> str:
    """`text` as one number in digits of the alphabet."""
    number, digits = int.from_bytes(text.encode(), "big"), ""
    while number:
        number, digit = divmod(number, len(alphabet))
        digits = alphabet[digit] + digits
    return digits


HIDDEN = [
    base64.b64encode(gzip.compress(NUMBER.encode(), mtime=0)).decode(),
    base64.b64encode(DEFLATED).decode(),
    base64.b64encode(bz2.compress(NUMBER.encode())).decode(),
    base64.b64encode(lzma.compress(NUMBER.encode())).decode(),
    gzip.compress(NUMBER.encode(), mtime=0).hex(),
    NUMBER.encode("cp500").hex(),
    NUMBER.encode().hex()[::-1],
    in_base(NUMBER, "0123456789abcdefghijklmnopqrstuvwxyz"),
    in_base(NUMBER, "0123456789"),
    binascii.b2a_uu(NUMBER.encode()).decode().strip(),
    "A B eins zwei drei vier fünf sechs C",
    "A B un dau tri pedwar pump chwech C",
    "A B nje dy tre kater pese gjashte C",
    "A B bir iki uc dort bes alti C",
    "A B ek do teen char paanch chhe C",
    "A B first second third fourth fifth sixth C",
    "A B I II III IV V VI C",
    "A B 0001 0010 0011 0100 0101 0110 C",
    "A B (3-2) (4-2) (1+2) (2+2) (9-4) (3+3) C",
    "A then B then 1 then 2 then 3 then 4 then 5 then 6 then C",
    "AB❶❷❸❹❺❻C",
    json.dumps({str(at): char for at, char in enumerate(NUMBER)}),
    "\n".join(f"{at},{char}" for at, char in enumerate(NUMBER, 1)),
    "\n".join(f"| {at} | {char} |" for at, char in enumerate(NUMBER, 1)),
    "".join(f"<c v='{char}'/>" for char in NUMBER),
    " & ".join(f"ChrW({ord(char)})" for char in NUMBER),
    "".join(f"\\symbol{{{ord(char)}}}" for char in NUMBER),
    "".join(f"%u{ord(char):04X}" for char in NUMBER),
    " ".join(f"0b{ord(char):08b}" for char in NUMBER),
    "SELECT 'AB1' || '23456C'",
    "CONCAT('AB1', '23456C')",
    "'{}{}'.format('AB1', '23456C')",
    "AB1%\n23456C",
    "AB1/* */23456C",
    "A\\textbf{B1}23456C",
    "AB1<span style='display:none'>q</span>23456C",
    "'C654321BA'[::-1]",
    "[A][B][1][2][3][4][5][6][C]",
]
NAMES = [
    "%=FH6@D6F?",
    "S for sun, I for ink, O for orange, B for ball, H for hat, A for apple, N for nest",
    "ess eye oh bee aitch ay en",
    "43 24 34 12 23 11 33",
    "19, 9, 15, 2, 8, 1, 14",
    "dit dit dit, dit dit, dah dah dah, dah dit dit dit, dit dit dit dit, dit dah, dah dit",
    "#SiobhanKearneyAppeal",
    "S^i%o&b$h!a^n",
    "xn--" + "Siobhán".lower().encode("punycode").decode(),
    "/ʃɪvɔːn kɜːni/",
    "\\'{S}i\\'{o}bh\\'{a}n",
]
ODD = [
    "Scores: 12, 15, 9, 22, 14, 8, 3",
    "Q1: A\nQ2: C\nQ3: B\nQ4: D\nQ5: A\nQ6: A",
    "1 2 3 4 5 6 7 8 9 10",
    "| Week | Hours |\n|---|---|\n| 1 | 7 |\n| 2 | 6 |",
    "[#####-----] 50%",
    "order number 1234567890",
    "build 20260214103045",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_an_identifier_in_disguise_is_redacted(hidden: str, patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user(f"The NI number is {hidden} as given.")))
    assert "<UK_NINO_1>" in sent
    assert hidden not in sent


@pytest.mark.parametrize("hidden", NAMES)
def test_a_name_in_disguise_is_redacted(hidden: str, redactor: Redactor) -> None:
    sent = content_of(redactor.redact(user(f"She asked about {hidden} at the desk.")))
    assert hidden not in sent
    assert "_1>" in sent


@pytest.mark.parametrize("odd", ODD)
def test_what_only_looks_odd_stays(odd: str, redactor: Redactor) -> None:
    text = f"He brought this on Monday and asked what it means.\n{odd}\nWe will talk about it."
    assert content_of(redactor.redact(user(text))) == text


@pytest.mark.parametrize("digits", ["7147 645 006", "92299 239294", "894 071 4179", "700123456"])
def test_a_long_number_that_nothing_names_is_a_reference(digits: str, patterns: Redactor) -> None:
    sent = content_of(patterns.redact(user(f"He said {digits} and left.")))
    assert sent == "He said <UK_REFERENCE_1> and left."


@pytest.mark.parametrize(
    "unreadable",
    [
        "".join(chr(0xE000 + ord(char)) for char in NAME),
        "\n".join(f"{ord(char):08b}".replace("0", " ").replace("1", "\t") for char in NAME),
        ". .. ... .... . .. ... .... ..... .",
    ],
)
def test_what_nobody_can_read_is_refused_with_field_and_remedy(unreadable: str, patterns: Redactor) -> None:
    with pytest.raises(Unreadable) as refused:
        patterns.redact(user(f"It says:\n{unreadable}\nSee above."))
    assert refused.value.param == "messages[0].content"
    assert "not sent" in str(refused.value) or "can't be read" in str(refused.value)


def test_compressed_data_is_read_up_to_a_limit() -> None:
    plain = unpacked(zlib.compress(b"a" * 50_000_000))
    assert plain is not None
    assert 0 < len(plain) < 100_000
