"""UK_COMPANY_NUMBER: company numbers: eight digits, or two letters and six (Companies House prefixes)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkCompanyNumber(Identifier):
    """Only beside a word of companies; with a prefix a weaker one will do."""

    ENTITY = "UK_COMPANY_NUMBER"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<![A-Z0-9])(?:SC|NI|OC|SO|NC|LP|SL|NL|FC|SF|NF|BR|RC|SR|NR|IP|SP|RS|CE|CS|OE|GE|"
            r"R0) ?\d{6}(?![A-Z0-9])": WEAK,
            r"(?<!\d)\d{8}(?!\d)": 0.15,
        }
    )
    CONTEXT = (
        "company",
        "companies",
        "companies house",
        "director",
        "registered",
        "the firm",
        "dissolved",
        "struck off",
    )
