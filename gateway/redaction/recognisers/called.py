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
    # Type, the words that a label of it begins with (or are, if that is an
    # everyday word), fewest and usual digits, the labels.
    (
        "UK_NINO",
        "national nat nino n ni",
        6,
        6,
        r"national insurance|nat\.? ?ins(?:urance)?\b\.?|nino|n[ ./]?i[ .]?(?={n})|n[./]?i\.?(?= ?[:=#])"
        r"|n i(?= (?:is|number))",
    ),
    (
        "UK_NHS",
        "n nhs health hcn",
        7,
        10,
        r"n[ .]?h[ .]?s(?={n}| ?[:=#|-])|health and care(?={n})|hcn|nhs(?= is| \d)",
    ),
    ("UK_CHI", "chi community", 7, 10, r"chi(?={n}| ?[:=#|-]| \d)|community health index"),
    (
        "UK_UTR",
        "u utr unique tax taxpayer",
        7,
        10,
        r"u[ .]?t[ .]?r|unique tax(?:payer)?(?:'?s)? ref\w*|tax(?:payer)? ref\w*",
    ),
    ("UK_PAYE_REF", "paye p employer", 5, 8, r"paye|p a y e|employer ref\w*"),
    ("UK_PASSPORT", "passport", 6, 9, r"passport"),
    (
        "UK_DRIVING_LICENCE",
        "driving driver drivers dvla",
        5,
        8,
        r"driv(?:ing|er'?s?) (?:licen[cs]e|number|no\b\.?)|dvla",
    ),
    (
        "UK_VEHICLE_REGISTRATION",
        "vehicle car van index reg registration number vrm vrn",
        1,
        4,
        r"(?:vehicle|car|van) (?:reg(?:istration|\b\.?)|index)|index(?={n}| ?[:=#|]| [a-z]{1,3}\d)"
        r"|reg(?:istration)? plates?|number plates?|vrm|vrn|reg(?:istration)?(?={n})"
        r"|(?<=that's the )(?:reg\b\.?|registration)|(?<=the )reg\b(?= is)",
    ),
    ("UK_POSTCODE", "postcode postcodes post postal", 2, 3, r"post(?:al)?[ -]?codes?"),
    ("UK_UPRN", "uprn u property", 6, 12, r"uprn|u p r n|property ref\w*"),
    (
        "PHONE_NUMBER",
        "tel telephone phone mob mobile landline whats whatsapp fax call ring text reach my_number",
        6,
        11,
        r"tel(?:ephone)?\b\.?|phone|mob(?:ile)?\b\.?|landline|whats ?app|fax|(?:call|ring|text"
        r"|reach) (?:me|him|her|them|us) (?:back )?on"
        r"|my number(?= is)",
    ),
    (
        "UK_BANK_ACCOUNT",
        "sort sortcode bank acct account acc a/c",
        5,
        14,
        r"sort ?code(?: and acc(?:oun)?t(?: number)?)?|(?:bank )?acc(?:oun)?t(?={n})|a/c"
        r"|bank (?:account|details)",
    ),
    ("IP_ADDRESS", "ip logged", 6, 12, r"ip(?={n}| address| ?[:=#|]| \d)|logged in from"),
    ("IBAN_CODE", "iban i_b_a_n", 8, 22, r"iban|i b a n"),
    (
        "CREDIT_CARD",
        "debit credit bank card long visa mastercard amex",
        8,
        16,
        r"(?:debit|credit|bank) card|card(?={n})|long number on the card|visa(?={n}| card| ?[:=#|])"
        r"|mastercard|amex",
    ),
    (
        "UK_COUNCIL_TAX_REF",
        "council c ctax",
        5,
        9,
        r"c(?:ouncil)? ?tax (?:ref\w*\.?|acc(?:oun)?t(?: number| no\.?)?|number|no\.?)|council tax(?= ?[:=#|])",
    ),
    (
        "UK_BENEFIT_REF",
        "housing benefit benefits universal uc pip esa jsa hb dwp",
        5,
        10,
        r"(?:housing )?benefit(?:s| claim)?(?={n})|universal credit(?: claim)?|uc(?: claim)?(?={n}"
        r"| ?[:=#|])|(?:pip|esa|jsa|hb)(?: claim)?(?={n}| ?[:=#|])|dwp(?={n})|benefit ref\w*",
    ),
    (
        "UK_CMS_REF",
        "cms csa child",
        6,
        12,
        r"(?:cms|csa|child maintenance(?: service)?|child support)(?={n}| ?[:=#|])",
    ),
    ("UK_COMPANY_NUMBER", "company companies", 5, 8, r"compan(?:y|ies)(?: house| registration)?(?={n})"),
    (
        "UK_VAT_NUMBER",
        "vat vrn",
        6,
        9,
        r"vat(?: reg(?:istration)?\b\.?)?(?={n}| ?[:=#|])|vat reg(?:istration)?|vrn",
    ),
    ("UK_ULN", "uln u unique learner", 6, 10, r"uln|u l n|(?:unique )?learner(?={n})"),
    ("UK_BRP", "brp b brc biometric residence", 5, 7, r"brp|b r p|brc|(?:biometric )?residence permit"),
    ("UK_SHARE_CODE", "share sharecode right visa evisa", 1, 3, r"(?:share|right to work|e?visa)[ -]?code"),
    (
        "UK_HO_REFERENCE",
        "home h ho port cid asylum horef",
        5,
        8,
        r"(?:home office|h\.?o\.?|port|cid|asylum support)(?={n})|horef",
    ),
    (
        "UK_HO_UAN",
        "uan u unique application",
        8,
        16,
        r"uan|u a n|unique application(?={n})|application(?={n})",
    ),
    ("UK_GWF", "gwf g visa entry", 6, 9, r"gwf|g w f|(?:visa|entry clearance)(?={n})"),
    ("UK_UKVI_CUSTOMER", "ukvi", 5, 8, r"ukvi(?: customer)?"),
    ("UK_PORT_REFERENCE", "port", 5, 8, r"port(?={n})"),
    ("UK_PNC", "pnc pncid p police", 5, 11, r"pnc ?id|pnc|p[ .]n[ .]c\b\.?|police national computer"),
    ("UK_CRO", "cro c criminal", 5, 8, r"cro\b|c[ .]r[ .]o\b\.?|criminal records? office"),
    ("UK_ASN", "asn a_s_n arrest", 8, 19, r"asn|a s n|arrest[ /]?(?:and )?summons"),
    ("UK_CJS_URN", "pti ptiurn urn u unique", 6, 11, r"(?:pti[ -]?)?urn|u r n|unique reference number"),
    ("UK_PNC_COURT_CASE_REF", "ccrn c court", 6, 12, r"ccrn|c c r n|court case ref\w*"),
    (
        "UK_CRIME_REF",
        "crime incident occurrence cad police log",
        4,
        12,
        r"(?:crime|incident|occurrence|cad|police log|log)(?={n})|(?:crime|incident|occurrence) ref\w*"
        r"|(?:crime|incident)(?= ?[:#=])|cad",
    ),
    (
        "UK_COLLAR_NUMBER",
        "collar shoulder officer officers police pc ps dc ds pcso sgt p",
        2,
        4,
        r"p c(?= (?:is|would|it's|number|one|two|three|four|five|six|seven|eight|nine|double|\d))"
        r"|(?:collar|shoulder|officer(?:'?s)?)(?={n})|police constable(?: number)?|(?:pc|ps|dc|ds|pcso|sgt)(?= ?(?:is|="
        r"|:|#|-|\(|\[|‘|'|\w* ?number| \d|;| \.{2}))|(?<=\()(?:pc|ps|dc|ds)(?=\))|(?<=the )(?:pc|ps|dc"
        r"|ds)(?=\)|\.(?:\s|$))|(?:pc|ps|dc|ds)(?= \()|pc(?= ?\Z)",
    ),
    ("UK_WARRANT_NUMBER", "warrant", 4, 9, r"warrant(?: card)?(?={n}| ?[:=#|])|warrant card"),
    ("UK_VISOR_ID", "visor v mappa nominal", 5, 9, r"visor|v i s o r|mappa nominal|nominal(?={n})"),
    (
        "UK_CROWN_COURT_CASE",
        "crown indictment",
        5,
        8,
        r"(?:crown court|indictment)(?={n})|crown court case|indictment",
    ),
    (
        "UK_MAGISTRATES_CASE",
        "libra magistrates magistrate",
        6,
        10,
        r"libra(?: case)?|magistrates'? case(?={n})",
    ),
    (
        "UK_CCD_CASE",
        "ccd hmcts myhmcts",
        8,
        16,
        r"ccd(?: case)?|(?:hmcts|myhmcts)(?: case)?(?={n}| ?[:=#|])|hmcts case",
    ),
    (
        "UK_CIVIL_CLAIM",
        "county claim mcol",
        4,
        8,
        r"(?:county court )?claim(?={n})|county court claim|mcol(?: claim)?",
    ),
    ("UK_FAMILY_CASE", "family care divorce", 5, 7, r"(?:family|care|divorce)(?: court)? case"),
    (
        "UK_HIGH_COURT_CASE",
        "high appeal claim",
        5,
        10,
        r"high court (?:claim|case)|appeal(?={n})|claim(?= ?[:=#|])",
    ),
    (
        "UK_TRIBUNAL_CASE",
        "employment tribunal appeal",
        5,
        10,
        r"(?:employment )?tribunal(?: case| appeal)?(?={n}| ?[:=#|])|tribunal case|appeal(?={n}| ?[:=#|])",
    ),
    ("UK_MAAT_ID", "maat m rep representation", 5, 7, r"maat|m a a t|rep(?:resentation)? order(?={n})"),
    (
        "UK_PRISON_NUMBER",
        "noms nomsid nomis nomisid prison prisoner inmate",
        3,
        4,
        r"noms(?: ?id)?|nomis(?: ?id)?|(?:prison|prisoner|inmate)(?={n})|(?:prison|prisoner) ?[:=#]",
    ),
    ("UK_PRISON_NUMBER_LEGACY", "lids old legacy", 3, 6, r"lids|old prison(?={n})|legacy prison(?={n})"),
    ("UK_BOOKING_NUMBER", "booking", 4, 5, r"booking(?={n}| ?[:=#|])"),
    (
        "UK_CRN",
        "crn c ndelius delius case",
        5,
        6,
        r"crn|c[ .]r[ .]n\b\.?|n?delius(?: crn)?(?={n}| ?[:=#|]|\b)|case reference(?={n})",
    ),
    ("UK_OASYS_ID", "oasys", 5, 10, r"oasys(?: assessment)?(?={n}| ?[:=#|]|\b)"),
    ("UK_GMC_NUMBER", "gmc g", 5, 7, r"gmc|g m c"),
    ("UK_NMC_PIN", "nmc n nurse midwife", 4, 6, r"nmc|n m c|nurse(?={n})|midwife(?={n})"),
    ("UK_SRA_ID", "sra s", 4, 6, r"sra|s r a"),
    ("UK_BAR_NUMBER", "bsb bar b", 4, 5, r"bsb|bar(?={n})|b s b"),
    ("UK_HCPC_NUMBER", "hcpc h swe social", 4, 6, r"hcpc|h c p c|swe(?={n}| ?[:=#|])|social work england"),
    (
        "DATE_OF_BIRTH",
        "d dob b date birth birthdate birthday born",
        4,
        8,
        r"d[./]? ?o[./]? ?b\b\.?|b\.(?=:? ?\d)|date of birth|birth ?(?:date|day)|born",
    ),
    (
        "UK_REFERENCE",
        "case claim court appeal reference ref account customer client employee payroll staff student pupil "
        "membership patient hospital file licence license imei yot lifer parole medical mrn badge tenancy rent",
        4,
        16,
        r"(?:case|claim|court|appeal|reference|ref|account|customer|client|employee|payroll|staff"
        r"|student|pupil|membership|patient|hospital|file|licence|license|imei|yot|lifer|parole"
        r"|medical record|mrn|badge|tenancy|rent)(?={w})|mrn(?= ?[:=#|])|imei|(?:case|claim|appeal"
        r"|reference|ref)(?=\)| \(| ?[:=#|])",
    ),
)
_NUMBER_WORD: Final = r"[ _-]?(?:numbers?|nos?\b\.?|num\b|nr\b|refs?\b\.?|reference|i\.?d\b\.?)"
REFERENCE: Final = "UK_REFERENCE"
"""What a value is called that only a word for number names."""
_FEWEST: Final = 4
_USUAL: Final = 16
_ANY_NUMBER: Final = re.compile(
    r"(?<![^\W_])(?:numbers?|nos?\b\.?(?:\(s\))?(?= ?[:=#]|\W{1,30}(?:[a-z]{1,4}\W){0,3}[a-z]{0,5}\d|\W{0,3}$"
    r"| (?:quoted|noted|given|is|was|on file|held|shown|recorded|now)(?![^\W_]))|num\b|refs?\b\.?"
    r"|references?|i\.?d\b\.?|pin)(?![^\W\d_])"
    # Behind other words without a space: "passportnumber:".
    r"|(?<=[a-z])(?:numbers?|no|num|nr|refs?|reference|acct?|account|code|pin|reg|card|id(?=[=#:_>]))"
    r"(?=[=#:_.>/\"'-]{1,3}[a-z]{0,5}\d)"
)
_BARE: Final = re.compile(
    r"(?<![^\W_])(?:accounts?|acct?|bank|appeal|asylum|bar|benefits?|booking|brp|card|chi|claim|collar|custody"
    r"|child (?:maintenance|support)|compan(?:y|ies)|council tax|court case|crime|customer|delius|dl|dwp|employee"
    r"|employer|esa|family (?:court|case)|file|gwf|hb|hmcts|home office|horef|hospital"
    r"|housing benefit|immigration|incident|index|indictment|learner"
    r"|licen[cs]e|mcol|membership|mobile|nhs|ni|occurrence|paye|pan|passport|patient|permit|phone|pip|prison(?:er)?"
    r"|registration|reg|rep order|sort ?code|tel|tribunal|uc|ukvi|urn|vat|vehicle|visa|warrant)"
    r"(?![^\W_])(?!\.[a-z])"
)
"""Words that say what a number is if one with five digits or letters stands beside them."""
_BARE_FEWEST: Final = 5
_DOTTED: Final = re.compile(r"(?<![^\W_])(?<!\.)[a-z](?:\.[a-z]){1,5}\.?(?![^\W_])")
_HEAD: Final = re.compile(r"[a-z]+")
_TAIL: Final = re.compile(_NUMBER)
_LABELS: Final = tuple(
    (
        frozenset(head for head in heads.split() if head.isalpha()),
        tuple(head.replace("_", " ") for head in heads.split() if not head.isalpha()),
        entity,
        fewest,
        usual,
        re.compile(
            r"(?<![^\W_])(?:" + form.replace("{n}", _NUMBER).replace("{w}", _NUMBER_WORD) + r")(?![^\W\d_])"
        ),
    )
    for entity, heads, fewest, usual, form in _ROWS
)
HEADS: Final = frozenset(word for heads, *_ in _LABELS for word in heads if len(word) > 1)
"""Words that a label begins with."""
ENTITIES: Final = tuple(dict.fromkeys(entity for entity, *_ in _ROWS))


def labels_in(lower: str) -> Iterator[Called]:
    """Every label in a text in small letters, each with the word for number behind it; several may overlap."""
    words = frozenset(_HEAD.findall(lower))
    for heads, phrases, entity, fewest, usual, form in _LABELS:
        if heads.isdisjoint(words) and not any(phrase in lower for phrase in phrases):
            continue
        for match in form.finditer(lower):
            tail = _TAIL.match(lower, match.end())
            yield Called(match.start(), tail.end() if tail else match.end(), entity, fewest, usual)


def number_words_in(lower: str) -> Iterator[Called]:
    """Every word for number in a text in small letters, whatever stands before it."""
    for match in _ANY_NUMBER.finditer(lower):
        yield Called(match.start(), match.end(), REFERENCE, _FEWEST, _USUAL)
    for match in _BARE.finditer(lower):
        yield Called(match.start(), match.end(), REFERENCE, _BARE_FEWEST, _USUAL)


def undotted(lower: str) -> str:
    """The text, place for place, with "n.h.s." written as "nhs" at its end."""
    if "." not in lower:
        return lower
    return _DOTTED.sub(lambda match: match[0].replace(".", "").rjust(len(match[0])), lower)
