"""UK_ULN: unique learner numbers: ten digits, the last a check (HESA student record, field ULN)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_ULN = Identifier(
    type="UK_ULN",
    forms={r"(?<!\d)[1-9]\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)": WEAK},
    labels="ULN, unique learner{n}, learner{n}",
    digits=(6, 10),
    context="learner, certificate, enrolment, college",
    least=10,
    examples=("ULN 9990004128",),
)
