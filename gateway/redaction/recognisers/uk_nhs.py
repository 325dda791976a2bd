"""UK_NHS: NHS numbers, and the Health and Care numbers of Northern Ireland (NHS Data Dictionary, NHS NUMBER)."""

from gateway.redaction.recognisers.check_digits import compact, nhs_mod_11
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier


def check(value: str) -> bool | None:
    """True for a number that passes its check and starts as issued ones do; else None."""
    digits = compact(value)
    return True if digits[:1] in set("34679") and nhs_mod_11(digits) else None


UK_NHS = Identifier(
    type="UK_NHS",
    certain=CHECKED,
    forms={
        r"(?<![\d+])\d{3}[ .-]{0,3}\d{3}[ .-]{0,3}\d{4}(?!\d)": WEAK,
        r"(?<!\d)\d{5}[ -]{1,2}\d{5}(?!\d)": WEAK,
    },
    check=check,
    labels="NHS{n:9}, NHS(?= is), health and care{n}, HCN",
    digits=(7, 10),
    context="nhs, health, patient, gp, hospital",
    least=10,
    examples=("NHS number 999 123 4578",),
)
