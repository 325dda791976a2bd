"""UK_BANK_ACCOUNT: sort codes and account numbers (Vocalink's check table is licensed data, and not used)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns

_ACCOUNT = r"(?<!\d)(?:\d{8}|\d{4} \d{4})(?!\d)"


class UkBankAccount(Identifier):
    """Each half beside a context word, or both side by side."""

    ENTITY = "UK_BANK_ACCOUNT"
    LEAST = 6
    FORMS = patterns(
        {
            rf"(?<![\d.-])\d{{2}}([ -])\d{{2}}\1\d{{2}}(?= ?(?:[,;/]|and) ?{_ACCOUNT}| {_ACCOUNT})": ALONE,
            rf"(?<=(?<![\d.-])(?:\d{{2}}-\d{{2}}-\d{{2}}|\d{{2}} \d{{2}} \d{{2}}) ?(?:[,;/]|"
            rf"and)? ?){_ACCOUNT}": ALONE,
            r"(?<![\d.-])\d{2}([ -]?)\d{2}\1\d{2}(?![\d-])": WEAK,
            _ACCOUNT: WEAK,
        }
    )
    CONTEXT = ("sort", "account", "acc", "a/c", "s/c", "bank")
