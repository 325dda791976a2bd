"""UK_MAGISTRATES_CASE: magistrates' cases (Libra): ten digits."""

from gateway.redaction.recognisers.identifier import Identifier, patterns


class UkMagistratesCase(Identifier):
    """Beside a word of the court."""

    ENTITY = "UK_MAGISTRATES_CASE"
    LEAST = 10
    FORMS = patterns(
        {
            r"(?<!\d)16\d{2} ?\d{4} ?\d{2}(?!\d)": 0.25,
            r"(?<!\d)\d{2} ?\d{4} ?\d{4}(?!\d)": 0.15,
        }
    )
    CONTEXT = (
        "libra",
        "magistrates",
        "court list",
        "magistrates court",
        "legal adviser",
        "case number",
        "case no",
        "court",
    )
