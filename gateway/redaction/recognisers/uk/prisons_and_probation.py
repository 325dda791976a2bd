"""Prisons and probation."""

from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier

UK_BOOKING_NUMBER = Identifier(
    what="bookings of NOMIS: five digits and a letter, or the other way round",
    forms={r"(?<![A-Z0-9])(?:\d{5}[ -]?[A-Z]|[A-Z][ -]?\d{5})(?![A-Z0-9])": WEAK},
    labels="booking{n:}",
    digits=5,
    context="booking",
    examples=("booking number 90417Z",),
)
UK_CRN = Identifier(
    what="probation case reference numbers of nDelius: a letter and six digits (NomisIdOrCrnRegex)",
    forms={r"(?<![A-Z0-9])(?:(?-i:[A-Z]-?\d{6})|X[ -]?\d{3}[ -]?\d{3})(?![A-Z0-9])": ALONE},
    labels="CRN, probation{n}, ndelius(?: crn)?, delius(?: crn)?, case reference{n}",
    digits=6,
    examples=("CRN X904177",),
)
UK_OASYS_ID = Identifier(
    what="assessments of OASys: five to ten digits",
    labels="oasys(?: assessment)?",
    digits=10,
    examples=("OASys 99041773",),
)
UK_PRISON_NUMBER = Identifier(
    what="prison (NOMS) numbers: letter, four digits, two letters (prison-api, NomsIdSequence)",
    forms={
        r"(?<![A-Z0-9])(?-i:[A-Z]-?\d{4}-?[A-Z]{2}|a(?!19|20)\d{4}[a-z]{2}|[A-HJ-Z] (?!19|20)\d{4} [A-Z]{2})"
        r"(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])[A-Z](?! (?:19|20)\d{2} )[ -]?\d{4}[ -]?[A-Z]{2}(?![A-Z0-9])": WEAK,
    },
    labels="noms, nomis, pris(?:on)?{n:}, prisoner{n:}, inmate{n}",
    least=3,
    digits=4,
    context="prison, noms, nomis, prisoner, adjudication, houseblock, wing, cell",
    examples=("NOMS T4821KQ",),
)
UK_PRISON_NUMBER_LEGACY = Identifier(
    what="prison numbers before 2009: two letters, four to six digits",
    forms={r"(?<![A-Z0-9])[A-Z]{2}[ -]?(?!(?:19|20)\d{2}(?!\d))\d{4,6}(?![A-Z0-9])": WEAK},
    labels="lids, old prison{n}, legacy prison{n}",
    least=3,
    digits=6,
    context="prison, hmps, old no, old number, discharge book",
    examples=("LIDS number ZQ9041",),
)
