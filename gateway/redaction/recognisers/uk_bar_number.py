"""UK_BAR_NUMBER: barristers: four to six digits."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkBarNumber(Identifier):
    """Only beside a word of the Bar."""

    ENTITY = "UK_BAR_NUMBER"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<!\d)(?:\d{4,6}|\d{2,3} \d{2,3})(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "bsb",
        "bar number",
        "bar no",
        "marked bar",
        "bar id",
        "bar standards",
        "counsel's bar",
        "barrister",
    )
