"""UK_SHARE_CODE: share codes of an eVisa: nine letters and digits from W, R or S, mostly in threes (GOV.UK,
view and prove).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_SHARE_CODE = Identifier(
    type="UK_SHARE_CODE",
    forms={
        r"(?<![A-Z0-9])(?=(?:[A-Z][ -]?){1,8}\d)[WRS][A-Z0-9]{2}[ -]?[A-Z0-9]{3}[ -]?[A-Z0-9]{3}(?![A-Z0-9])": WEAK
    },
    labels=(
        "share[ -]?code, sharecode, right to work[ -]?code, right to work share code, visa[ -]?code, "
        "evisa[ -]?code"
    ),
    digits=(1, 3),
    context=(
        "share code, share, evisa, right to work, right to rent, status viewed, status, use, date of birth"
    ),
    least=1,
    examples=("share code W4B 9X7 K2Q",),
)
