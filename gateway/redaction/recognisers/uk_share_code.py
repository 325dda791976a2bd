"""UK_SHARE_CODE: share codes of an eVisa: nine letters and digits from W, R or S, mostly in threes (GOV.UK,
view and prove).
"""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkShareCode(Identifier):
    """Only beside a word of what they prove."""

    ENTITY = "UK_SHARE_CODE"
    LEAST = 1
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?=(?:[A-Z][ -]?){1,8}\d)[WRS][A-Z0-9]{2}[ -]?[A-Z0-9]{3}[ -]?[A-Z0-9]{3}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "share code",
        "share",
        "evisa",
        "right to work",
        "right to rent",
        "status viewed",
        "status",
        "use",
        "date of birth",
    )
