"""Patients, learners, and who is registered to practise."""

from gateway.redaction.recognisers.check_digits import nhs_mod_11, passes
from gateway.redaction.recognisers.identifier import CHECKED, WEAK, Identifier

UK_BAR_NUMBER = Identifier(
    what="barristers: four to six digits",
    labels="BSB, bar{n}",
    digits=5,
    examples=("BSB 99041",),
)
UK_CHI = Identifier(
    what="Scotland's Community Health Index: the date of birth, then four digits (phsmethods, chi_check)",
    certain=CHECKED,
    forms={r"(?<![\d+])(?:0[1-9]|[12]\d|3[01])[ /]?(?:0[1-9]|1[0-2])[ /]?\d{2}[ -]{0,3}\d{4}(?!\d)": WEAK},
    check=passes(nhs_mod_11),
    labels="CHI{n:9}, community health index",
    digits=10,
    context="chi, scotland",
    examples=("CHI number 3102991246",),
)
UK_GMC_NUMBER = Identifier(
    what="doctors' GMC references: seven digits, sometimes after a C (NHS Data Dictionary)",
    labels="GMC",
    digits=7,
    examples=("GMC 9904177",),
)
UK_HCPC_NUMBER = Identifier(
    what="registered professionals: letters, then five or six digits (NHS England FHIR guides)",
    labels="HCPC, SWE{n:}, social work england",
    digits=6,
    examples=("HCPC PYL99041",),
)
UK_NHS = Identifier(
    what="NHS numbers, and Northern Ireland's Health and Care numbers (NHS Data Dictionary, NHS NUMBER)",
    certain=CHECKED,
    forms={
        r"(?<![\d+])\d{3}(?:[ .-]{0,3}|[ -]?\n|/)\d{3}(?:[ .-]{0,3}|[ -]?\n|/)\d{4}(?!\d)": WEAK,
        r"(?<![\w+])\d{2}(?P<by>[ ./-])\d{2}(?:(?P=by)\d{2}){3}(?!\d|(?P=by)\d)": WEAK,
        r"(?<!\d)(?<!\d{5} )\d{5}[ -]{1,2}\d{5}(?!\d| \d{5})": WEAK,
    },
    # As those that are issued begin.
    check=passes(lambda digits: digits[0] in "34679" and nhs_mod_11(digits)),
    labels="NHS{n:9}, NHS(?= is), health and care{n}, HCN",
    digits=10,
    context="nhs, health, patient, gp, hospital",
    examples=("NHS number 999 123 4578",),
)
UK_NMC_PIN = Identifier(
    what="nurses' and midwives' PINs: year, month letter, four digits, letter (NHS England FHIR guides)",
    forms={r"(?<![A-Z0-9])\d{2}[ -]?[A-L][ -]?\d{4}[ -]?[A-Z](?![A-Z0-9])": WEAK},
    labels="NMC, nurse{n}, midwife{n}",
    digits=6,
    examples=("NMC 31C9041E",),
)
UK_SRA_ID = Identifier(
    what="solicitors and firms: four to seven digits (SRA register)",
    labels="SRA",
    digits=6,
    examples=("SRA 990417",),
)
UK_ULN = Identifier(
    what="unique learner numbers: ten digits, the last a check (HESA student record, field ULN)",
    labels="ULN, unique learner{n}, learner{n}",
    digits=10,
    examples=("ULN 9990004128",),
)
