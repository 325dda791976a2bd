"""PHONE_NUMBER: UK numbers as they are written (Ofcom's numbering plan), and international ones (E.164)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier
from gateway.redaction.recognisers.written_value import is_public

_GAP = r"[ ()./-]{0,3}"

_EXTENSION = r"\bext(?:n|ension)?\b\.?:? ?(?:no\.? ?|number )?\K"
_OF_IT = r"(?:(?: ?[,(])? ?(?:ext(?:n|ension)?\b\.?:?|x) ?\d{2,6}(?!\d))?"


def check(value: str) -> bool | None:
    """False for a freephone number or a public body's: beside a label it is one all the same."""
    return False if is_public(value) else None


PHONE_NUMBER = Identifier(
    type="PHONE_NUMBER",
    certain=0.6,
    forms={
        rf"(?<![\d+A-Z/-])(?!\d{{1,2}}[./]\d{{1,2}}[./]|\d{{4}} / |\d\d\.\d\d )"
        rf"\(?0(?:{_GAP}[1-9])(?:{_GAP}\d){{8,9}}(?!\d){_OF_IT}": 0.6,
        rf"(?<![\dA-Z])(?:\+|00){_GAP}44{_GAP}(?:\(?0\)?)?(?:{_GAP}\d){{9,10}}(?!\d){_OF_IT}": 0.6,
        rf"(?<![\dA-Z])\+{_GAP}[1-9]\d{{0,2}}(?:{_GAP}\d){{7,12}}(?!\d)": 0.6,
        r"(?<![\d+])7\d{3} ?\d{6}(?!\d)": WEAK,
        rf"{_EXTENSION}\d{{3,6}}(?! ?(?:days|weeks|months|years)|[\d:/])": 0.6,
    },
    check=check,
    labels=(
        r"tel\b\.?, telephone, phone, mob\b\.?, mobile, landline, ddi, direct dial, direct line, whats ?app, "
        "whatsapp, fax, call (?:me|him|her|them|us) (?:back )?on, ring (?:me|him|her|them|us) (?:back )?on, text "
        "(?:me|him|her|them|us) (?:back )?on, reach (?:me|him|her|them|us) on, my number(?= is)"
    ),
    digits=(6, 11),
    context="tel, mob, call, text, rang, ring",
    least=3,
    examples=("07700 900417",),
)
