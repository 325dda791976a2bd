"""DATE_TIME: dates in numbers or words and times of day; found for conditions, not redacted by default."""

from gateway.redaction.recognisers.identifier import ALONE, Identifier

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)

DATE_TIME = Identifier(
    type="DATE_TIME",
    forms={
        r"(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:\d{4}|\d{2})"
        r"(?![\d/-])": ALONE,
        r"(?<![\d-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)": ALONE,
        rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}\b(?:,?[ -]\d{{4}}\b)?": ALONE,
        rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|\b{_MONTH} \d{{4}}\b": ALONE,
        r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])": ALONE,
    },
    least=1,
    on=False,
    examples=("3 April 2026",),
)
