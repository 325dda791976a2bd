"""PHONE_NUMBER: UK numbers as they are written (Ofcom's numbering plan), and international ones (E.164)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns

_GAP = r"[ ()./-]{0,3}"


class PhoneNumber(Identifier):
    """Ten or eleven digits from 0, or a country code; Presidio's drops Ofcom's drama numbers, among others."""

    ENTITY = "PHONE_NUMBER"
    LEAST = 9
    FORMS = patterns(
        {
            rf"(?<![\d+A-Z/-])(?!\d{{1,2}}/\d{{1,2}}/)\(?0(?:{_GAP}[1-9])(?:{_GAP}\d){{8,9}}(?!\d)": 0.6,
            rf"(?<![\dA-Z])(?:\+|00){_GAP}44{_GAP}(?:\(?0\)?)?(?:{_GAP}\d){{9,10}}(?!\d)": 0.6,
            rf"(?<![\dA-Z])\+{_GAP}[1-9]\d{{0,2}}(?:{_GAP}\d){{7,12}}(?!\d)": 0.6,
            r"(?<![\d+])7\d{3} ?\d{6}(?!\d)": WEAK,
        }
    )
    CONTEXT = ("phone", "tel", "telephone", "mobile", "mob", "call", "text", "rang", "ring")
