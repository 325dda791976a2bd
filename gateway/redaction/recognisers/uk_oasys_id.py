"""UK_OASYS_ID: assessments of OASys: five to ten digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_OASYS_ID = Identifier(
    type="UK_OASYS_ID",
    forms={r"(?<!\d)\d(?:[ -]?\d){4,9}(?!\d)": WEAK},
    labels="oasys(?: assessment)?",
    digits=(5, 10),
    context=(
        "oasys, assessment no, assessment number, assessment id, oasys pk, layer 3 assessment, layer 1 "
        "assessment, assessment"
    ),
    least=5,
    examples=("OASys 99041773",),
)
