"""UK_PAYE_REF: employers' PAYE references: tax office, slash, the employer's own (hmrc/domain, EmpRef)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier, patterns


class UkPayeRef(Identifier):
    """Only beside a word of payroll."""

    ENTITY = "UK_PAYE_REF"
    LEAST = 6
    FORMS = patterns(
        {
            r"(?<!\d)\d{3} ?/ ?[A-Z]{0,2}\d{1,7}[A-Z]{0,2}(?![A-Z0-9])": WEAK,
        }
    )
    CONTEXT = (
        "paye",
        "employer",
        "payroll",
        "payslip",
        "p45",
        "p60",
        "earnings",
    )
