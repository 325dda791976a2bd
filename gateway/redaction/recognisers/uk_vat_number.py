"""UK_VAT_NUMBER: VAT registrations: nine digits, the last two a check, mostly after GB (hmrc/reference-checker)."""

from gateway.redaction.recognisers.check_digits import compact, vat_mod_97
from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

_DIGITS = r"\d{3}[ -]?\d{4}[ -]?\d{2}(?:[ -]?\d{3})?(?!\d)"


def check(value: str) -> bool | None:
    """True where the check passes after the country; digits alone pass too often to say anything."""
    text = compact(value)
    return True if text[:2] in ("GB", "XI") and vat_mod_97(text[2:11]) else None


UK_VAT_NUMBER = Identifier(
    type="UK_VAT_NUMBER",
    forms={rf"(?<![A-Z0-9])(?:GB|XI) ?{_DIGITS}": ALONE, rf"(?:(?<=vat)|(?<![A-Z0-9])){_DIGITS}": WEAK},
    check=check,
    labels=r"VAT(?: reg(?:istration)?\b\.?)?{n:}, vat reg(?:istration)?, VRN",
    digits=(6, 9),
    context="vat, hmrc, deregistered, invoice",
    least=9,
    examples=("VAT number GB 999 0041 88",),
)
