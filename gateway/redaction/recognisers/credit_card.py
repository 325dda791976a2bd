"""CREDIT_CARD: payment cards (ISO/IEC 7812): 13 to 19 digits with a Luhn digit."""

from gateway.redaction.recognisers.check_digits import compact, luhn
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier


def check(value: str) -> bool | None:
    """True where the Luhn digit passes; else None, which needs a context word."""
    digits = compact(value)
    # The Home Office's application numbers begin so, and one in ten of them passes the check.
    return True if luhn(digits) and not digits.startswith(("1212", "3434")) else None


CREDIT_CARD = Identifier(
    type="CREDIT_CARD",
    certain=CHECKED,
    forms={r"(?<!\d)[2-6](?:[ -]?\d){12,18}(?!\d)": WEAK},
    check=check,
    labels=(
        "debit card, credit card, bank card, card{n}, long number on the card, visa{n:}, visa card, "
        "mastercard, amex"
    ),
    digits=(8, 16),
    context="card, visa, debit, credit, maestro",
    least=13,
    examples=("debit card 4000 0012 3456 7899",),
)
