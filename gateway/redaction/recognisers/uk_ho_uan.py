"""UK_HO_UAN: unique application numbers of the Home Office: sixteen digits, mostly from 1212 or 3434
(UKHomeOffice/fbis-ccf).
"""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_HO_UAN = Identifier(
    type="UK_HO_UAN",
    forms={
        r"(?<!\d)(?:1212|3434)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?/ ?\d{2})?(?!\d)": ALONE,
        r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?/ ?\d{2})?(?!\d)": WEAK,
    },
    labels="UAN, unique application{n}, application{n}",
    digits=(8, 16),
    context="application number, home office, unique application",
    least=16,
    examples=("UAN 3434-9904-1773-3120",),
)
