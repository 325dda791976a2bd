"""UK_FAMILY_CASE: family cases: court letters, year, type letter, five digits (hmcts/rpx-xui-webapp)."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier, patterns


class UkFamilyCase(Identifier):
    """Trusted alone."""

    ENTITY = "UK_FAMILY_CASE"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])[A-Z]{2} ?\d{2} ?[CPDFZJ] ?\d{5}(?![A-Z0-9])": ALONE,
        }
    )
    CONTEXT = (
        "family",
        "care",
        "divorce",
        "contact",
        "order",
        "decree",
        "case",
    )
