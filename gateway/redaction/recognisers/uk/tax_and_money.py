"""Tax, benefits, companies, banks and cards."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import iban_mod_97, luhn, passes
from gateway.redaction.recognisers.identifier import ALONE, CHECKED, WEAK, Identifier
from gateway.redaction.recognisers.numbers.written import is_public, stays

CREDIT_CARD = Identifier(
    what="payment cards (ISO/IEC 7812): 13 to 19 digits with a Luhn digit",
    certain=CHECKED,
    forms={
        r"(?<!\d)[2-6]\d{3}(?:(?:[ ·-]?\d{4}){2}[ ·-]?\d{1,7}|[ ·-]\d{6}[ ·-]\d{5})(?!\d)": WEAK,
    },
    # The Home Office's application numbers begin so, and one in ten of them passes the check.
    check=passes(lambda digits: luhn(digits) and not digits.startswith(("1212", "3434"))),
    labels=(
        "debit card, credit card, bank card, card{n}, long number on the card, visa{n:}, visa card, "
        "mastercard, amex"
    ),
    context="card, visa, debit, credit, maestro",
    examples=("debit card 4000 0012 3456 7899",),
)
_LENGTHS: Final = (
    "AD24 AE23 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GI23 GR27 HR21 HU28 IE22 IL23 IS26 "
    "IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PK24 PL28 PT25 RO24 SA24 SE24 SI19 SK24 SM27 TR26 UA29"
)
"""Country code with the length in characters, from the SWIFT IBAN registry; GB has a form of its own."""
_FOREIGN: Final = "|".join(
    rf"{code}\d{{2}}(?:[ \n-]?[A-Z0-9]){{{int(length) - 4}}}"
    for code, length in re.findall(r"([A-Z]{2})(\d{2})", _LENGTHS)
)
IBAN_CODE = Identifier(
    what="ISO 13616 account numbers of the countries whose lengths the registry gives",
    certain=CHECKED,
    forms={
        r"(?<![A-Z0-9])GB ?\d{2}[ -]?[A-Z]{4}(?:[ \n-]?\d){14}(?!\d)": 0.6,
        rf"(?<![A-Z0-9])(?:{_FOREIGN})(?![A-Z0-9])": WEAK,
    },
    check=passes(iban_mod_97),
    prefilter=r"(?<![a-z\d])[a-z]{2} ?\d{2}[ \n-]?[a-z\d]{4}",
    window=60,
    labels="IBAN",
    digits=22,
    examples=("IBAN GB35ABCD12345698765432",),
)
_ACCOUNT = r"(?<!\d)(?:\d{8}|\d{4}[ -]\d{4})(?!\d)"
UK_BANK_ACCOUNT = Identifier(
    what="sort codes and account numbers (Vocalink's check table is licensed data, and not used)",
    forms={
        rf"(?<![\d.-])\d{{2}}([ .-])\d{{2}}\1\d{{2}}(?= ?(?:[,;/]|and|a/?c) ?{_ACCOUNT}| {_ACCOUNT})": ALONE,
        rf"(?<=(?<![\d.-])(?:\d{{2}}[.-]\d{{2}}[.-]\d{{2}}|\d{{2}} \d{{2}} \d{{2}}) ?(?:[,;/]|"
        rf"and|a/?c)? ?){_ACCOUNT}": ALONE,
        r"(?<![\d.-])\d{2}([ -]?)\d{2}\1\d{2}(?![\d-])": WEAK,
        r"(?:\bsort(?:[ -]?code)?|\bs/c)[ :=]{0,3}\K\d\d(?P<sign>[ .-]?)\d\d(?P=sign)\d\d(?!\d)": ALONE,
        _ACCOUNT: WEAK,
    },
    labels=r"sort code(?: and acc(?:oun)?t)?, bank acc(?:oun)?t\b, account{n}, acct{n}, acc{n}, a/c, bank details",
    digits=14,
    context="sort, sortcode, account, accno, acc, a/c, s/c, bank",
    examples=("sort code 12-34-56",),
)

UK_BENEFIT_REF = Identifier(
    what="references of benefit claims: the benefit's letters, five to twelve digits",
    forms={
        r"(?<![A-Z0-9.])(?:(?:UC|PIP|ESA|JSA|HB|DLA|CTR|CTS|AA|BB)[ /-]?)?\d(?:[ /-]?\d){4,11}(?![A-Z0-9])": WEAK
    },
    labels=(
        "benefits?(?: claim)?{n}, universal credit(?: claim)?, uc(?: claim)?{n:}, pip(?: claim)?{n:}, "
        "esa(?: claim)?{n:}, jsa(?: claim)?{n:}, hb(?: claim)?{n:}, dwp{n}"
    ),
    # A date, a sum or a helpline stands beside the name of a benefit as often.
    check=lambda value: False if stays(value, 0, len(value)) or is_public(value) else None,
    digits=10,
    context="benefit, uc, pip, esa, jsa, dwp, hb, universal credit, overpayment",
    examples=("benefit ref HB9904177",),
)
UK_CMS_REF = Identifier(
    what="child maintenance: twelve digits",
    forms={r"(?<!\d)\d{4}[ -]{0,3}\d{4}[ -]{0,3}\d{4}(?!\d)": WEAK},
    labels="CMS{n:}, CSA{n:}, child maintenance(?: service)?{n:}, child support{n:}",
    digits=12,
    context="cms, csa, maintenance",
    examples=("CMS number 121990041773",),
)
UK_COMPANY_NUMBER = Identifier(
    what="company numbers: eight digits, or two letters and six (Companies House prefixes)",
    forms={
        r"(?<![A-Z0-9])(?:SC|NI|OC|SO|NC|LP|SL|NL|FC|SF|NF|BR|RC|SR|NR|IP|SP|RS|CE|CS|OE|GE|"
        r"R0) ?\d{6}(?![A-Z0-9])": WEAK
    },
    labels="company(?: house| registration)?{n}, companies(?: house| registration)?{n}",
    digits=8,
    examples=("company number 90041773",),
)
UK_COUNCIL_TAX_REF = Identifier(
    what="council tax accounts: seven to twelve digits, sometimes a letter, as each council has them",
    forms={r"(?<![A-Z0-9])\d(?:[ -]?\d){6,11}(?:[ -]?[A-Z])?(?![A-Z0-9])": WEAK},
    labels="council ?tax(?: acc(?:oun)?t)?{n:}, c ?tax(?: acc(?:oun)?t)?{n:}, ctax(?: acc(?:oun)?t)?{n:}",
    digits=9,
    context="council tax, ctax, c tax, council",
    examples=("council tax ref 5099041773",),
)
_PREFIX = r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_END = r"(?![A-Z0-9])"
UK_NINO = Identifier(
    what="National Insurance numbers (HMRC, NIM39110): two letters, six digits, a letter A to D",
    certain=0.5,
    forms={
        # One separator throughout, or the six digits in one piece: not "on 10.11.12 a man".
        _PREFIX + r"(?P<gap>[ .-]{0,2})\d{2}(?P=gap)\d{2}(?P=gap)\d{2}(?P=gap)[A-DFM]" + _END: 0.6,
        # Any grouping by spaces and hyphens in capitals, which prose is not.
        rf"(?-i:{_PREFIX}(?:[ -]{{0,3}}\d{{2}}){{3}}[ -]{{0,3}}[A-DFM]{_END})": 0.5,
        rf"(?-i:{_PREFIX} ?"
        rf"(?:\d{{3}}[ -]\d{{3}}|\d{{2}}[ -]\d{{4}}|\d{{4}}[ -]\d{{2}})[ -]?[A-D]{_END})": 0.5,
        _PREFIX + r"(?:[ .-]{0,3}\d{2}){3}[ .-]{0,3}[A-DFM]?" + _END: 0.2,
    },
    prefilter=r"(?<![a-z\d])[a-z]{2}[ .-]{0,3}(?:\d[ .-]{0,3}){6}",
    window=24,
    labels=r"national insurance, nat\.? ?ins(?:urance)?\b\.?, NINO, NI{n:}, n i(?= is)",
    digits=6,
    examples=("national insurance number MM 41 20 77 C",),
)
UK_PAYE_REF = Identifier(
    what="employers' PAYE references: tax office, slash, the employer's own (hmrc/domain, EmpRef)",
    forms={r"(?<!\d)\d{3} ?/ ?[A-Z]{0,2} ?\d{1,7}[A-Z]{0,2}(?![A-Z0-9])": WEAK},
    labels=r"PAYE, employer(?:'?s)? ref\w*",
    digits=8,
    examples=("PAYE 951/ZZ9911",),
)
UK_UTR = Identifier(
    what="HMRC's unique taxpayer references: ten digits, the first a check (hmrc/reference-checker)",
    forms={r"(?<![A-Z0-9+])K?\d{5}[ -]{0,3}\d{5}(?:\d{3})?K?(?![A-Z0-9])": WEAK},
    labels=r"UTR, unique tax(?:payer)?(?:'?s)? ref\w*, tax ref\w*, taxpayer ref\w*",
    digits=10,
    context="taxpayer, tax, self assessment, hmrc, penalty",
    examples=("UTR 91044 77120",),
)
UK_VAT_NUMBER = Identifier(
    what="VAT registrations: nine digits, mostly after GB (hmrc/reference-checker)",
    forms={r"(?<![A-Z0-9])(?:GB|XI) ?\d{3}[ -]?\d{4}[ -]?\d{2}(?:[ -]?\d{3})?(?!\d)": ALONE},
    labels=r"VAT(?: reg(?:istration)?\b\.?)?{n:}, vat reg(?:istration)?, VRN",
    digits=9,
    examples=("VAT number GB 999 0041 88",),
)
