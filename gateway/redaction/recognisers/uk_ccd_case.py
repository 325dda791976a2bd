"""UK_CCD_CASE: HMCTS's sixteen-digit case numbers: a time in ms, with a Luhn digit (ccd-data-store-api, UIDService)."""

from gateway.redaction.recognisers.check_digits import compact, luhn
from gateway.redaction.recognisers.identifier import WEAK, Identifier


def check(value: str) -> bool | None:
    """True where the Luhn digit passes."""
    return True if luhn(compact(value)) else None


UK_CCD_CASE = Identifier(
    type="UK_CCD_CASE",
    forms={r"(?<!\d)1[5-8]\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)": WEAK},
    check=check,
    labels="CCD(?: case)?, HMCTS(?: case)?{n:}, myhmcts(?: case)?{n:}, HMCTS case",
    digits=(8, 16),
    context="ccd, case, hmcts, reference",
    least=16,
    examples=("CCD 1899-9000-0041-2778",),
)
