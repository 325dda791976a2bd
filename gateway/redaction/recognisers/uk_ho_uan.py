"""UK_HO_UAN: unique application numbers of the Home Office: sixteen digits, mostly from 1212 or 3434
(UKHomeOffice/fbis-ccf).
"""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkHoUan(Identifier):
    """Trusted alone with its usual beginning."""

    ENTITY = "UK_HO_UAN"
    LEAST = 16
    FORMS = patterns(
        {
            r"(?<!\d)(?:1212|3434)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?/ ?\d{2})?(?!\d)": ALONE,
            r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?/ ?\d{2})?(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "uan",
        "application number",
        "home office",
        "unique application",
    )
