"""UK_UTR: HMRC's unique taxpayer reference: ten digits, the first of which is the check (hmrc/reference-checker)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkUtr(Identifier):
    """Ten digits beside a word of tax; one in eleven numbers passes the check, so it is never enough alone."""

    ENTITY = "UK_UTR"
    LEAST = 10
    FORMS = patterns({r"(?<![A-Z0-9+])K?\d{5}[ -]{0,3}\d{5}(?:\d{3})?K?(?![A-Z0-9])": WEAK})
    CONTEXT = ("utr", "taxpayer", "tax", "self assessment", "hmrc", "penalty")
