"""UK_CHI: Scotland's Community Health Index number: the date of birth, then four digits (phsmethods, chi_check)."""

from gateway.redaction.recognisers.check_digits import compact, nhs_mod_11
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier


def check(value: str) -> bool | None:
    """True where the check digit passes."""
    return True if nhs_mod_11(compact(value)) else None


UK_CHI = Identifier(
    type="UK_CHI",
    certain=CHECKED,
    forms={r"(?<![\d+])(?:0[1-9]|[12]\d|3[01])[ /]?(?:0[1-9]|1[0-2])[ /]?\d{2}[ -]{0,3}\d{4}(?!\d)": WEAK},
    check=check,
    labels="CHI{n:9}, community health index",
    digits=(7, 10),
    context="chi, scotland, scottish, patient",
    least=10,
    examples=("CHI number 3102991246",),
)
