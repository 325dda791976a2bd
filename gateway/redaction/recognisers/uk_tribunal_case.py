"""UK_TRIBUNAL_CASE: appeals and claims in tribunals, chamber by chamber (hmcts/ia-case-api, hmcts/sscs-common)."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_TRIBUNAL_CASE = Identifier(
    type="UK_TRIBUNAL_CASE",
    forms={
        r"(?<![A-Z0-9])(?:PA|HU|EA|EU|DC|RP|AG|DA|LE|LD|LP|LH|LR|IA)[ /-]?\d{5}[ /-]\d{4}(?!\d)": ALONE,
        r"(?<![A-Z0-9])UI[ -]\d{4}[ -]\d{6}(?!\d)|(?<![A-Z0-9])SC ?\d{3}[ /-]\d{2}[ /-]\d{5}"
        r"(?!\d)": ALONE,
        r"(?<!\d)\d{7} ?/ ?20\d{2}(?!\d)": ALONE,
        r"(?<![A-Z0-9])(?:TC|SEND|RPT|GRC|LC|CIC|JR|AST|UA)[ /-](?:\d{3,6}[ /-]20\d{2}|"
        r"20\d{2}[ /-]\d{3,6})(?!\d)": ALONE,
        r"(?<![A-Z0-9])[A-Z]{2} ?/ ?\d{5}(?![/\d])": WEAK,
    },
    labels=(
        "employment tribunal(?: case| appeal)?{n:}, tribunal(?: case| appeal)?{n:}, tribunal case, appeal{n:}"
    ),
    digits=(5, 10),
    context="appeal, tribunal, bail, fttiac, employment, sscs, bail summary",
    least=5,
    examples=("employment tribunal number PA/90417/2031",),
)
