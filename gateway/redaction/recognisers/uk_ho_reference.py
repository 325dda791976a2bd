"""UK_HO_REFERENCE: Home Office references: a letter and seven digits; CID numbers of nine (hmcts/ia-case-api)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_HO_REFERENCE = Identifier(
    type="UK_HO_REFERENCE",
    forms={
        r"(?<![A-Z0-9])(?-i:[A-Z]\d{7})(?: ?/ ?\d{1,2})?(?!\d)(?![A-Z])": WEAK,
        r"(?<![A-Z0-9])[A-Z][ -]?\d{7}(?: ?/ ?\d{1,2})?(?!\d)": WEAK,
        r"(?<![A-Z0-9/])\d{3} ?\d{3} ?\d{2,3}(?!\d)": 0.1,
    },
    labels=r"home office{n}, ho{n}, h\.o\.?{n}, port{n}, CID{n}, asylum support{n}, horef",
    digits=(5, 8),
    context=(
        "home office, ho ref, ho reference, cid, case id, person id, immigration, detention notice, "
        "removal, visa, ho, deportation, asylum"
    ),
    least=7,
    examples=("home office number Q9041773",),
)
