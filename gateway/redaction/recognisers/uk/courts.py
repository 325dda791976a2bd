"""Cases of courts and tribunals."""

from gateway.redaction.recognisers.check_digits import luhn, passes
from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_CCD_CASE = Identifier(
    what="HMCTS's case numbers: a time in ms and a Luhn digit, 16 digits (ccd-data-store-api, UIDService)",
    forms={r"(?<!\d)1[5-8]\d{2}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)": WEAK},
    check=passes(luhn),
    labels="CCD(?: case)?, HMCTS(?: case)?{n:}, myhmcts(?: case)?{n:}, HMCTS case",
    examples=("CCD 1899-9000-0041-2778",),
)
UK_CIVIL_CLAIM = Identifier(
    what="civil claims: eight characters; online MC, DC or LR (HMCTS bulk centre)",
    forms={r"(?<![A-Z0-9])\d{3} ?(?:MC|DC|LR) ?\d{3}(?![A-Z0-9])": ALONE},
    labels="county court claim, claim{n}, mcol(?: claim)?",
    digits=8,
    examples=("county court claim number L55ZZ417",),
)
UK_CJS_URN = Identifier(
    what="unique reference numbers of a prosecution: force, unit, five digits, year (bichard7-next-core)",
    forms={
        r"(?<![A-Z0-9/])(?:TFL|TVL|POL|DVLA) ?\d{6,10}[A-Z]?(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9/])(?-i:\d{2}[A-Z]{2}\d{5}\d{2})(?![A-Z0-9/])": ALONE,
    },
    labels="pti urn, URN, unique reference number",
    digits=11,
    examples=("URN 01ZD9904131",),
)
UK_CROWN_COURT_CASE = Identifier(
    what="type letter, year, four digits (Claim-for-Crown-Court-Defence, base_validator)",
    forms={
        r"(?<![A-Z0-9])[ABSTU](?:199\d|20\d{2})\d{4}(?![A-Z0-9])": 0.6,
        r"(?<![A-Z0-9])(?-i:[BSTU][ -]?(?:199\d|20\d{2})[ /-]?\d{4})(?![A-Z0-9])": ALONE,
    },
    labels="crown court{n}, crown court case, indictment",
    digits=8,
    examples=("crown court number T20319041",),
)
UK_FAMILY_CASE = Identifier(
    what="family cases: court letters, year, type letter, five digits (hmcts/rpx-xui-webapp)",
    forms={r"(?<![A-Z0-9])[A-Z]{2} ?\d{2} ?[CPDFZJ] ?\d{5}(?![A-Z0-9])": ALONE},
    labels="family(?: court)? case, care(?: court)? case, divorce(?: court)? case",
    digits=7,
    examples=("family case number QZ31C90417",),
)
UK_HIGH_COURT_CASE = Identifier(
    what="claims in the High Court and appeals: KB-2026-001234, CO/1234/2025 (hmcts/cath-service)",
    forms={
        r"(?<![A-Z0-9])(?:CA|KB|QB|BL|CL|HC|PT|IP|FL|CR|HP|LM|HT|AC)[ -]\d{4}[ -]"
        r"(?:[A-Z]{3}[ -])?\d{6}(?!\d)": ALONE,
        r"(?<![A-Z0-9])(?:CO|PC)[ /-]\d{1,6}[ /-]\d{4}(?!\d)": ALONE,
    },
    labels="high court claim, high court case, appeal{n}, claim{:}",
    digits=10,
    examples=("high court claim number AC-2031-LON-990417",),
)
UK_MAAT_ID = Identifier(
    what="criminal legal aid: seven digits from 2 to 9 (Claim-for-Crown-Court-Defence)",
    forms={r"(?<!\d)[2-9]\d{6}(?!\d)": WEAK},
    labels="MAAT, rep order{n}, representation order{n}",
    digits=7,
    examples=("MAAT 9904177",),
)
UK_MAGISTRATES_CASE = Identifier(
    what="magistrates' cases (Libra): ten digits",
    labels="libra(?: case)?, magistrates'? case{n}, magistrate case{n}",
    digits=10,
    examples=("libra number 1699041773",),
)
UK_PNC_COURT_CASE_REF = Identifier(
    what="court cases on the PNC: year, court, sequence, check letter (bichard7-next-core)",
    labels=r"CCRN, court case ref\w*",
    digits=12,
    examples=("CCRN 31/2732/000417J",),
)
UK_TRIBUNAL_CASE = Identifier(
    what="appeals and claims in tribunals, chamber by chamber (hmcts/ia-case-api, hmcts/sscs-common)",
    forms={
        r"(?<![A-Z0-9])(?:PA|HU|EA|EU|DC|RP|AG|DA|LE|LD|LP|LH|LR|IA)[ /.-]?\d{5}"
        r"(?:[ /.-]{1,3}\d{4}| of (?:20)?\d{2})(?!\d)": ALONE,
        r"(?<![A-Z0-9])UI[ /-]{1,3}\d{4}[ /-]{1,3}\d{6}(?!\d)|(?<![A-Z0-9])SC ?\d{3}[ /-]\d{2}[ /-]\d{5}(?!\d)": ALONE,
        r"(?<!\d)\d{7} ?/ ?20\d{2}(?!\d)": ALONE,
        r"(?<![A-Z0-9])(?:TC|SEND|RPT|GRC|LC|CIC|JR|AST|UA)[ /-](?:\d{3,6}[ /-]20\d{2}|"
        r"20\d{2}[ /-]\d{3,6})(?!\d)": ALONE,
    },
    labels="tribunal(?: case| appeal)?{n:}, tribunal case, appeal{n:}",
    digits=10,
    examples=("employment tribunal number PA/90417/2031",),
)
UK_WARRANT_NUMBER = Identifier(
    what="warrants and warrant cards: letters and five to ten digits, as each court and force has them",
    forms={r"(?<![A-Z0-9/])[A-Z]{0,3}[ /-]?\d(?:[ /-]?\d){4,9}[A-Z]?(?![A-Z0-9/])": WEAK},
    labels="warrant(?: card)?{n:}, warrant card",
    digits=9,
    context="warrant",
    examples=("warrant number W990417",),
)
