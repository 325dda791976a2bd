"""UK_HO_REFERENCE: Home Office references: a letter and seven digits; CID numbers of nine (hmcts/ia-case-api)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkHoReference(Identifier):
    """Beside a word of the Home Office."""

    ENTITY = "UK_HO_REFERENCE"
    LEAST = 7
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?-i:[A-Z]\d{7})(?: ?/ ?\d{1,2})?(?!\d)(?![A-Z])": WEAK,
            r"(?<![A-Z0-9])[A-Z][ -]?\d{7}(?: ?/ ?\d{1,2})?(?!\d)": WEAK,
            r"(?<![A-Z0-9/])\d{3} ?\d{3} ?\d{2,3}(?!\d)": 0.1,
        }
    )
    CONTEXT = (
        "home office",
        "ho ref",
        "ho reference",
        "horef",
        "cid",
        "case id",
        "person id",
        "immigration",
        "detention notice",
        "removal",
        "visa",
        "ho",
        "deportation",
        "asylum",
    )
