"""The Home Office: entry, leave, passports."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_BRP = Identifier(
    what="residence permits: R or Z, a letter, a digit or X, six digits (UKHomeOffice/brp_enquiry_forms)",
    forms={
        r"(?<![A-Z0-9])[RZ][A-Z][ -]?X[ -]?\d{2}[ -]?\d{4}(?!\d)": ALONE,
        r"(?<![A-Z0-9])[RZ][A-Z][ -]?\d[ -]?\d{2}[ -]?\d{4}(?!\d)": WEAK,
    },
    labels="BRP, BRC, biometric residence permit, residence permit",
    digits=7,
    examples=("BRP RZ9041773",),
)
UK_GWF = Identifier(
    what="entry clearance: GWF and nine digits (hmcts/ia-case-api, HomeOfficeReferenceHandler)",
    forms={r"(?<![A-Z0-9])G[ .-]?W[ .-]?F[ .-]{0,2}\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)": 0.6},
    labels="GWF, visa{n}, entry clearance{n}",
    digits=9,
    examples=("GWF099041773",),
)
UK_HO_REFERENCE = Identifier(
    what="Home Office references: a letter and seven digits; CID numbers of nine (hmcts/ia-case-api)",
    labels=r"home office{n}, ho{n}, h\.o\.?{n}, port{n}, CID{n}, asylum support{n}, horef, ho(?=/[a-z]?\d)",
    digits=8,
    examples=("home office number Q9041773",),
)
UK_HO_UAN = Identifier(
    what="unique application numbers: sixteen digits, mostly from 1212 or 3434 (UKHomeOffice/fbis-ccf)",
    forms={r"(?<!\d)(?:1212|3434)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?: ?/ ?\d{2})?(?!\d)": ALONE},
    labels="UAN, unique application{n}, application{n}",
    examples=("UAN 3434-9904-1773-3120",),
)
UK_PASSPORT = Identifier(
    what="nine digits on British passports, two letters and seven digits on some (ICAO 9303)",
    forms={
        r"(?<![A-Z0-9])(?:\d{9}|\d{3}[ -]\d{3}[ -]\d{3}|\d{4} \d{5}|[A-Z]{2}[ -]?\d{7})(?![A-Z0-9])": WEAK
    },
    labels="passport",
    digits=9,
    context="hmpo, travel document, surrender, identity",
    examples=("passport number 900417733",),
)
UK_PORT_REFERENCE = Identifier(
    what="port references: the port's letters, a slash, five to eight digits",
    forms={r"(?<![A-Z0-9])[A-Z]{2,3}\d? ?/ ?\d{5,8}(?: ?/ ?\d{1,2})?(?!\d)": WEAK},
    labels="port{n}",
    digits=8,
    examples=("port number LHR/9904177",),
)
UK_SHARE_CODE = Identifier(
    what="share codes of an eVisa: nine letters and digits from W, R or S (GOV.UK, view and prove)",
    forms={
        r"(?<![A-Z0-9])(?=(?:[A-Z][ -]?){1,8}\d)[WRS][A-Z0-9]{2}[ -]?[A-Z0-9]{3}[ -]?[A-Z0-9]{3}(?![A-Z0-9])": WEAK
    },
    labels="share code, right to work code, right to work share code, evisa code, visa code",
    least=1,
    digits=3,
    context="evisa, right to work, right to rent, status",
    examples=("share code W4B 9X7 K2Q",),
)
UK_UKVI_CUSTOMER = Identifier(
    what="UKVI customer numbers: KX and eight digits or so",
    forms={r"(?<![A-Z0-9])KX[ -]?\d{2,4}[ -]?\d{4,6}(?!\d)": ALONE},
    labels="UKVI(?: customer)?",
    digits=8,
    examples=("UKVI KX99041773",),
)
