"""UK_PAYE_REF: employers' PAYE references: tax office, slash, the employer's own (hmrc/domain, EmpRef)."""

from gateway.redaction.recognisers.identifier import WEAK, Identifier

UK_PAYE_REF = Identifier(
    type="UK_PAYE_REF",
    forms={r"(?<!\d)\d{3} ?/ ?[A-Z]{0,2}\d{1,7}[A-Z]{0,2}(?![A-Z0-9])": WEAK},
    labels=r"PAYE, employer(?:'?s)? ref\w*, employers ref\w*",
    digits=(5, 8),
    context="employer, payroll, payslip, p45, p60, earnings",
    least=6,
    examples=("PAYE 951/ZZ9911",),
)
