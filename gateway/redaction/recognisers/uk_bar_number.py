"""UK_BAR_NUMBER: barristers: four to six digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_BAR_NUMBER = Identifier(
    type="UK_BAR_NUMBER",
    forms={r"(?<!\d)(?:\d{4,6}|\d{2,3} \d{2,3})(?!\d)": WEAK},
    labels="BSB, bar{n}",
    digits=(4, 5),
    context="bar number, bar no, marked bar, bar id, bar standards, counsel's bar, barrister",
    least=4,
    examples=("BSB 99041",),
)
