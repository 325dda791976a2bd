"""UK_CRIME_REF: crime, incident and log numbers, as each force has them."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CRIME_REF = Identifier(
    type="UK_CRIME_REF",
    forms={
        r"(?<![A-Z0-9/])(?!(?:19|20)\d{2}/\d{2}(?!\d))(?:CRI ?/ ?)?"
        r"(?:\d{2}[A-Z]{0,2} ?[/ -] ?)\d{4,7} ?[/ -] ?\d{2}(?![A-Z0-9/])": 0.25,
        r"(?<![A-Z0-9/])(?!(?:19|20)\d{2}/\d{2}(?!\d))\d{5,7} ?[/-] ?\d{2}(?![A-Z0-9/])": WEAK,
        r"(?<![A-Z0-9])CRI ?/ ?\d{2}[A-Z]{2} ?/ ?\d{4,8} ?/ ?\d{2}(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])CRI[ -]?\d{6,10}(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])CAD[ -]?\d{1,6}(?:/\d{1,2}[A-Z]{3}\d{2})?(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])(?:\d{11}|\d{1,5} of \d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|"
        r"Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}(?: \d{4})?)(?![A-Z0-9])": WEAK,
    },
    labels=(
        r"crime{n:}, incident{n:}, occurrence{n}, police log{n}, log{n}, crime ref\w*, incident ref\w*, "
        r"occurrence ref\w*, cad"
    ),
    digits=(4, 12),
    context=(
        "crime, crime ref, crime number, incident, log, occurrence, force sent, insurance, report made, "
        "police, niche, reported"
    ),
    least=4,
    examples=("crime number 01/9904177/25",),
)
