"""UK_BANK_ACCOUNT: sort codes and account numbers (Vocalink's check table is licensed data, and not used)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

_ACCOUNT = r"(?<!\d)(?:\d{8}|\d{4}[ -]\d{4})(?!\d)"

UK_BANK_ACCOUNT = Identifier(
    type="UK_BANK_ACCOUNT",
    forms={
        rf"(?<![\d.-])\d{{2}}([ .-])\d{{2}}\1\d{{2}}(?= ?(?:[,;/]|and) ?{_ACCOUNT}| {_ACCOUNT})": ALONE,
        rf"(?<=(?<![\d.-])(?:\d{{2}}[.-]\d{{2}}[.-]\d{{2}}|\d{{2}} \d{{2}} \d{{2}}) ?(?:[,;/]|"
        rf"and)? ?){_ACCOUNT}": ALONE,
        r"(?<![\d.-])\d{2}([ -]?)\d{2}\1\d{2}(?![\d-])": WEAK,
        _ACCOUNT: WEAK,
    },
    labels=(
        "sort code(?: and acc(?:oun)?t(?: number)?)?, sortcode, bank acc(?:oun)?t{n}, bank "
        r"acc(?:oun)?t\b, account{n}, acct{n}, acc{n}, a/c, bank details"
    ),
    digits=(5, 14),
    context="sort, account, acc, a/c, s/c, bank",
    least=6,
    examples=("sort code 12-34-56",),
)
