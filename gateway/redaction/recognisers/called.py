"""What identifiers are called: the words that people write or say beside them, for any spelling of the value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Called:
    """A label at `start:end` of a text, the type that it names, and how many digits its values have.

    `fewest` is the least that is taken for a value; a value that has `usual` digits ends where the next space is.
    """

    start: int
    end: int
    entity: str
    fewest: int
    usual: int


_NUMBER: Final = (
    r"(?:[ _-]?(?:numbers?|nos?\b\.?|num\b|nr\b|ref(?:erence)?s?\b\.?|i\.?d\b\.?"
    r"|identifier|code|pin|reg(?:istration)?\b\.?)){1,2}"
)
"""A word for number, without which a label that is also an everyday word says nothing."""
_ROWS: Final = (
    (
        "UK_NINO",
        6,
        6,
        r"national insurance|nat\.? ?ins\b\.?|nino|n[ ./]?i[ .]?(?={n})|n[./]?i\.?(?= ?[:=#])"
        r"|n i(?= (?:is|number))",
    ),
    ("UK_NHS", 7, 10, r"n[ .]?h[ .]?s(?={n}| ?[:=#|-])|health and care(?={n})|hcn|nhs(?= is| \d)"),
    ("UK_CHI", 7, 10, r"chi(?={n}| ?[:=#|-]| \d)|community health index"),
    ("UK_UTR", 7, 10, r"u[ .]?t[ .]?r|unique tax(?:payer)?(?:'?s)? ref\w*|tax(?:payer)? ref\w*"),
    ("UK_PAYE_REF", 5, 8, r"paye|p a y e|employer ref\w*"),
    ("UK_PASSPORT", 6, 9, r"passport"),
    ("UK_DRIVING_LICENCE", 5, 8, r"driv(?:ing|er'?s?) (?:licen[cs]e|number|no\b\.?)|dvla"),
    (
        "UK_VEHICLE_REGISTRATION",
        1,
        4,
        r"(?:vehicle|car|van) (?:reg(?:istration|\b\.?)|index)|index(?={n}| ?[:=#|]| [a-z]{1,3}\d)"
        r"|reg(?:istration)? plates?|number plates?|vrm|vrn|reg(?:istration)?(?={n})"
        r"|(?<=that's the )(?:reg\b\.?|registration)|(?<=the )reg\b(?= is)",
    ),
    ("UK_POSTCODE", 2, 3, r"post ?codes?"),
    ("UK_UPRN", 6, 12, r"uprn|u p r n|property ref\w*"),
    (
        "PHONE_NUMBER",
        6,
        11,
        r"tel(?:ephone)?\b\.?|phone|mob(?:ile)?\b\.?|landline|whats ?app|fax|(?:call|ring|text"
        r"|reach) (?:me|him|her|them|us) (?:back )?on"
        r"|my number(?= is)",
    ),
    (
        "UK_BANK_ACCOUNT",
        5,
        14,
        r"sort ?code(?: and acc(?:oun)?t(?: number)?)?|(?:bank )?acc(?:oun)?t(?={n})|a/c"
        r"|bank (?:account|details)",
    ),
    ("IP_ADDRESS", 6, 12, r"ip(?={n}| address| ?[:=#|])|logged in from"),
    ("IBAN_CODE", 8, 22, r"iban|i b a n"),
    (
        "CREDIT_CARD",
        8,
        16,
        r"(?:debit|credit|bank) card|card(?={n})|long number on the card|visa(?={n}| card| ?[:=#|])"
        r"|mastercard|amex",
    ),
    (
        "UK_COUNCIL_TAX_REF",
        5,
        9,
        r"c(?:ouncil)? ?tax (?:ref\w*\.?|acc(?:oun)?t(?: number| no\.?)?|number|no\.?)|council tax(?= ?[:=#|])",
    ),
    (
        "UK_BENEFIT_REF",
        5,
        10,
        r"(?:housing )?benefit(?:s| claim)?(?={n})|universal credit(?: claim)?|uc(?: claim)?(?={n}"
        r"| ?[:=#|])|(?:pip|esa|jsa|hb)(?: claim)?(?={n}| ?[:=#|])|dwp(?={n})|benefit ref\w*",
    ),
    ("UK_CMS_REF", 6, 12, r"(?:cms|csa|child maintenance(?: service)?|child support)(?={n}| ?[:=#|])"),
    ("UK_COMPANY_NUMBER", 5, 8, r"compan(?:y|ies)(?: house| registration)?(?={n})"),
    ("UK_VAT_NUMBER", 6, 9, r"vat(?: reg(?:istration)?\b\.?)?(?={n}| ?[:=#|])|vat reg(?:istration)?|vrn"),
    ("UK_ULN", 6, 10, r"uln|u l n|(?:unique )?learner(?={n})"),
    ("UK_BRP", 5, 7, r"brp|b r p|brc|(?:biometric )?residence permit"),
    ("UK_SHARE_CODE", 1, 3, r"share ?code"),
    ("UK_HO_REFERENCE", 5, 8, r"(?:home office|h\.?o\.?|port|cid|asylum support)(?={n})|horef"),
    ("UK_HO_UAN", 8, 16, r"uan|u a n|unique application(?={n})|application(?={n})"),
    ("UK_GWF", 6, 9, r"gwf|g w f|(?:visa|entry clearance)(?={n})"),
    ("UK_UKVI_CUSTOMER", 5, 8, r"ukvi(?: customer)?"),
    ("UK_PORT_REFERENCE", 5, 8, r"port(?={n})"),
    ("UK_PNC", 5, 11, r"pnc ?id|pnc|p[ .]n[ .]c\b\.?|police national computer"),
    ("UK_CRO", 5, 8, r"cro\b|c[ .]r[ .]o\b\.?|criminal records? office"),
    ("UK_ASN", 8, 19, r"asn|a s n|arrest[ /]?(?:and )?summons"),
    ("UK_CJS_URN", 6, 11, r"(?:pti[ -]?)?urn|u r n|unique reference number"),
    ("UK_PNC_COURT_CASE_REF", 6, 12, r"ccrn|c c r n|court case ref\w*"),
    (
        "UK_CRIME_REF",
        4,
        12,
        r"(?:crime|incident|occurrence|cad|police log|log)(?={n})|(?:crime|incident|occurrence) ref\w*"
        r"|(?:crime|incident)(?= ?[:#=])|cad",
    ),
    (
        "UK_COLLAR_NUMBER",
        2,
        4,
        r"(?:collar|shoulder)(?={n})|police constable(?: number)?|(?:pc|ps|dc|ds|pcso|sgt)(?= ?(?:is|="
        r"|:|#|-|\(|\[|‘|'|\w* ?number| \d|;| \.{2}))|(?<=\()(?:pc|ps|dc|ds)(?=\))|(?<=the )(?:pc|ps|dc"
        r"|ds)(?=\)|\.(?:\s|$))|(?:pc|ps|dc|ds)(?= \()|pc(?= ?\Z)",
    ),
    ("UK_WARRANT_NUMBER", 4, 9, r"warrant(?: card)?(?={n}| ?[:=#|])|warrant card"),
    ("UK_VISOR_ID", 5, 9, r"visor|v i s o r|mappa nominal|nominal(?={n})"),
    ("UK_CROWN_COURT_CASE", 5, 8, r"(?:crown court|indictment)(?={n})|crown court case|indictment"),
    ("UK_MAGISTRATES_CASE", 6, 10, r"libra(?: case)?|magistrates'? case(?={n})"),
    ("UK_CCD_CASE", 8, 16, r"ccd(?: case)?|(?:hmcts|myhmcts)(?: case)?(?={n}| ?[:=#|])|hmcts case"),
    ("UK_CIVIL_CLAIM", 4, 8, r"(?:county court )?claim(?={n})|county court claim|mcol(?: claim)?"),
    ("UK_FAMILY_CASE", 5, 7, r"(?:family|care|divorce)(?: court)? case"),
    ("UK_HIGH_COURT_CASE", 5, 10, r"high court (?:claim|case)|appeal(?={n})|claim(?= ?[:=#|])"),
    (
        "UK_TRIBUNAL_CASE",
        5,
        10,
        r"(?:employment )?tribunal(?: case| appeal)?(?={n}| ?[:=#|])|tribunal case|appeal(?={n}| ?[:=#|])",
    ),
    ("UK_MAAT_ID", 5, 7, r"maat|m a a t|rep(?:resentation)? order(?={n})"),
    (
        "UK_PRISON_NUMBER",
        3,
        4,
        r"noms(?: ?id)?|nomis(?: ?id)?|(?:prison|prisoner|inmate)(?={n})|(?:prison|prisoner) ?[:=#]",
    ),
    ("UK_PRISON_NUMBER_LEGACY", 3, 6, r"lids|old prison(?={n})|legacy prison(?={n})"),
    ("UK_BOOKING_NUMBER", 4, 5, r"booking(?={n}| ?[:=#|])"),
    ("UK_CRN", 5, 6, r"crn|c[ .]r[ .]n\b\.?|n?delius(?: crn)?(?={n}| ?[:=#|]|\b)|case reference(?={n})"),
    ("UK_OASYS_ID", 5, 10, r"oasys(?: assessment)?(?={n}| ?[:=#|]|\b)"),
    ("UK_GMC_NUMBER", 5, 7, r"gmc|g m c"),
    ("UK_NMC_PIN", 4, 6, r"nmc|n m c|nurse(?={n})|midwife(?={n})"),
    ("UK_SRA_ID", 4, 6, r"sra|s r a"),
    ("UK_BAR_NUMBER", 4, 5, r"bsb|bar(?={n})|b s b"),
    ("UK_HCPC_NUMBER", 4, 6, r"hcpc|h c p c|swe(?={n}| ?[:=#|])|social work england"),
    ("DATE_OF_BIRTH", 4, 8, r"d\.? ?o\.? ?b\b\.?|date of birth|birth ?(?:date|day)|born"),
    (
        "UK_REFERENCE",
        4,
        16,
        r"(?:case|claim|court|appeal|reference|ref|account|customer|client|employee|payroll|staff"
        r"|student|pupil|membership|patient|hospital|file|licence|license|imei|yot|lifer|parole"
        r"|medical record|mrn|badge|tenancy|rent)(?={w})|mrn(?= ?[:=#|])|imei|(?:case|claim|appeal"
        r"|reference|ref)(?=\)| \(| ?[:=#|])",
    ),
)
_NUMBER_WORD: Final = r"[ _-]?(?:numbers?|nos?\b\.?|num\b|nr\b|refs?\b\.?|reference|i\.?d\b\.?)"
_TAIL: Final = re.compile(_NUMBER)
_LABELS: Final = tuple(
    (
        entity,
        fewest,
        usual,
        re.compile(
            r"(?<![^\W_])(?:" + form.replace("{n}", _NUMBER).replace("{w}", _NUMBER_WORD) + r")(?![^\W\d_])"
        ),
    )
    for entity, fewest, usual, form in _ROWS
)
ENTITIES: Final = tuple(dict.fromkeys(entity for entity, *_ in _ROWS))


def labels_in(lower: str) -> Iterator[Called]:
    """Every label in a text in small letters, each with the word for number behind it; several may overlap."""
    for entity, fewest, usual, form in _LABELS:
        for match in form.finditer(lower):
            tail = _TAIL.match(lower, match.end())
            yield Called(match.start(), tail.end() if tail else match.end(), entity, fewest, usual)
