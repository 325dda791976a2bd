"""UK_ULN: unique learner numbers: ten digits, the last a check (HESA student record, field ULN)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkUln(Identifier):
    """Only beside a word of learning."""

    ENTITY = "UK_ULN"
    LEAST = 10
    FORMS = patterns({r"(?<!\d)[1-9]\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)": WEAK})
    CONTEXT = ("uln", "learner", "certificate", "enrolment", "college")
