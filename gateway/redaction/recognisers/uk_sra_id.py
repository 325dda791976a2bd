"""UK_SRA_ID: solicitors and firms: four to seven digits (SRA register)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkSraId(Identifier):
    """Only beside a word of the regulator."""

    ENTITY = "UK_SRA_ID"
    LEAST = 4
    FORMS = patterns(
        {
            r"(?<!\d)(?:\d{4,7}|\d{3} \d{3})(?!\d)": WEAK,
        }
    )
    CONTEXT = (
        "sra",
        "solicitor regulated",
        "solicitors regulation",
        "regulated",
    )
