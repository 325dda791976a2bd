"""UK_MAGISTRATES_CASE: magistrates' cases (Libra): ten digits."""

from gateway.redaction.recognisers.identifier import Identifier

UK_MAGISTRATES_CASE = Identifier(
    type="UK_MAGISTRATES_CASE",
    forms={r"(?<!\d)16\d{2} ?\d{4} ?\d{2}(?!\d)": 0.25, r"(?<!\d)\d{2} ?\d{4} ?\d{4}(?!\d)": 0.15},
    labels="libra(?: case)?, magistrates'? case{n}, magistrate case{n}",
    digits=(6, 10),
    context="libra, magistrates, court list, magistrates court, legal adviser, case number, case no, court",
    least=10,
    examples=("libra number 1699041773",),
)
