"""UK_CIVIL_CLAIM: civil claims: eight characters; online MC, DC or LR (HMCTS bulk centre)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier, patterns


class UkCivilClaim(Identifier):
    """Online ones alone; others beside a word of claims."""

    ENTITY = "UK_CIVIL_CLAIM"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])\d{3} ?(?:MC|DC|LR) ?\d{3}(?![A-Z0-9])": ALONE,
            r"(?<![A-Z0-9])(?:[A-M] ?\d{1,2} ?[A-Z]{2} ?\d{3,4}|\d[A-Z]{2} ?\d{5})(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "claim",
        "county court",
        "county",
        "mcol",
        "judgment",
        "judgment debt",
        "possession claim",
        "court stamped",
        "rent arrears",
        "bailiffs",
    )
