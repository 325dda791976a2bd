"""What identifiers look like, what they are called, and the sentences that they stand in, by half."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TextKind:
    """A type: what its values look like (9 is any digit, the rest stands as it is), its labels written and said.

    In a row each is one text, with `|` between several. A check digit is not computed.
    """

    type: str
    forms: tuple[str, ...]
    labels: tuple[str, ...]
    said: tuple[str, ...] = ()


KINDS: Final = tuple(
    TextKind(kind, tuple(forms.split("|")), tuple(labels.split("|")), tuple(said.split("|")))
    for kind, forms, labels, said in (
        ("UK_NINO", "MM999999C|WW 99 99 99 A", "NI number|NINO|National Insurance no", "national insurance number|n i number"),
        ("UK_NHS", "999 9999 999|9999999999", "NHS number|NHS no.|NHS", "n h s number|nhs number"),
        ("UK_CHI", "0703619999|120458 9999", "CHI number|CHI", "c h i number|community health index"),
        ("UK_UTR", "9999999999|99999 99999", "UTR|Unique Taxpayer Reference|tax reference", "u t r|tax reference"),
        ("UK_PAYE_REF", "123/AB999|471/Z9999", "PAYE reference|Employer PAYE ref", "p a y e reference|paye reference"),
        ("UK_PASSPORT", "999999999|AA9999999", "Passport number|Passport no|passport", "passport number"),
        ("UK_DRIVING_LICENCE", "QUILP802149TF9ZZ|VEXHA 611057 J99AB", "Driving licence number|Driver number|licence no", "driving licence number|driver number"),
        ("UK_VEHICLE_REGISTRATION", "AB28CDE|YK79 XYA", "Vehicle reg|VRM|Registration number", "registration number|number plate"),
        ("UK_POSTCODE", "LS99 3QT|M9 4AB|SW1A9ZZ", "Postcode|Post code", "postcode|post code"),
        ("UK_UPRN", "10009999999|100999999999", "UPRN|Property reference", "u p r n|uprn"),
        ("PHONE_NUMBER", "07700 900999|0113 496 0999|+44 7700 900999", "Mobile|Tel|Phone number", "mobile number|phone number|call me on"),
        ("UK_BANK_ACCOUNT", "99-99-99 99999999|99999999", "Account number|Sort code and account|bank account no", "account number|bank account number"),
        ("IBAN_CODE", "GB99MIDL99999999999999|GB99 MIDL 9999 9999 9999 99", "IBAN|IBAN number", "iban|i b a n"),
        ("CREDIT_CARD", "4999 9999 9999 9999|5299999999999999", "Card number|Debit card|Visa card no", "card number|long number on the card"),
        ("UK_COUNCIL_TAX_REF", "509999999|59999999X", "Council tax account|Council tax ref|Ctax reference", "council tax reference|council tax number"),
        ("UK_BENEFIT_REF", "UC9999999|HB999999", "Benefit claim ref|Housing benefit reference|UC claim number", "benefit reference|housing benefit number"),
        ("UK_CMS_REF", "121999999999|1219 9999 9999", "CMS reference|Child maintenance ref", "c m s reference|child maintenance reference"),
        ("UK_COMPANY_NUMBER", "09999999|SC999999", "Company number|Company no.|Companies House number", "company number"),
        ("UK_VAT_NUMBER", "GB999999999|999 9999 99", "VAT number|VAT reg no", "v a t number|vat number"),
        ("UK_ULN", "1999999999|299 999 9999", "ULN|Unique learner number", "u l n|learner number"),
        ("UK_BRP", "ZUX999999|RA9999999", "BRP|BRP number|Residence permit no", "b r p number|residence permit number"),
        ("UK_SHARE_CODE", "W9A 9BC 9DE|R4T9KL9MN", "Share code|Right to work share code", "share code"),
        ("UK_HO_REFERENCE", "C9999999|M9999999/2", "Home Office reference|HO ref|Home Office ref no", "home office reference|home office number"),
        ("UK_HO_UAN", "1212-9999-9999-9999|3434 9999 9999 9999", "UAN|Unique application number", "u a n|unique application number"),
        ("UK_GWF", "GWF999999999|GWF 999 999 999", "GWF|GWF number|Visa application GWF", "g w f number"),
        ("UK_UKVI_CUSTOMER", "KX99999999|KX-9999-9999", "UKVI customer number|UKVI customer", "u k v i customer number|ukvi number"),
        ("UK_PORT_REFERENCE", "LHR/99999|TN4/999999", "Port reference|Port ref", "port reference"),
        ("UK_PNC", "2019/9999999Y|19/94999H", "PNC|PNC ID|PNC number", "p n c|pnc number"),
        ("UK_CRO", "912999/19C|SF05/919999L", "CRO|CRO number", "c r o number|c r o"),
        ("UK_ASN", "3101ZD0100000499999N|31/01ZD/01/499999N", "ASN|Arrest summons number", "a s n|arrest summons number"),
        ("UK_CJS_URN", "01AB9999931|42CD1999931", "URN|PTI-URN|CPS URN", "u r n|urn"),
        ("UK_PNC_COURT_CASE_REF", "31/2999/99999K|31/0999/999T", "CCRN|Court case ref", "c c r n|court case reference"),
        ("UK_CRIME_REF", "42/99999/25|01/9999999/25|13240999999", "Crime ref|Crime number|Crime reference", "crime reference|crime number"),
        ("UK_COLLAR_NUMBER", "9999|9999", "Collar number|PC|Shoulder number", "collar number|shoulder number"),
        ("UK_WARRANT_NUMBER", "W99999|299999", "Warrant number|Warrant card|Warrant no.", "warrant number|warrant card"),
        ("UK_VISOR_ID", "22/9999999|19/9999999", "ViSOR|ViSOR ref|ViSOR nominal", "visor number|nominal number"),
        ("UK_CROWN_COURT_CASE", "T20259999|S2025 9999", "Crown Court case|Indictment number|Crown Court ref", "crown court case number|indictment number"),
        ("UK_MAGISTRATES_CASE", "1699999999|16 9999 9999", "Libra case|Libra number|Magistrates' case number", "libra number|libra case"),
        ("UK_CCD_CASE", "1899-9999-9999-9999|1899999999999999", "CCD case|HMCTS case number|CCD reference", "h m c t s case number|ccd number"),
        ("UK_CIVIL_CLAIM", "L99YX999|999MC999|9AB99999", "Claim number|County court claim|Claim no", "claim number"),
        ("UK_FAMILY_CASE", "LS25C59999|ZC 25 P 59999", "Family case|Family court case number", "family court case number|family case number"),
        ("UK_HIGH_COURT_CASE", "KB-2031-009999|CO/9999/2031", "High Court claim|Appeal ref|High Court case", "high court claim number"),
        ("UK_TRIBUNAL_CASE", "PA/59999/2031|6009999/2031|SC999/31/09999", "Appeal number|Tribunal case no|Tribunal ref", "tribunal number|appeal number"),
        ("UK_MAAT_ID", "6199999|7999999", "MAAT ID|MAAT|MAAT reference", "maat number|m a a t number"),
        ("UK_PRISON_NUMBER", "T9999KQ|X9999YZ", "NOMS|Prison number|NOMIS ID", "prison number|noms number"),
        ("UK_PRISON_NUMBER_LEGACY", "TV9999|KX99999", "Old prison number|LIDS number|Legacy prison no", "old prison number"),
        ("UK_BOOKING_NUMBER", "39999A|K99999", "Booking number|Booking no", "booking number"),
        ("UK_CRN", "X999999|D999999", "CRN|Delius CRN|nDelius", "c r n|crn"),
        ("UK_OASYS_ID", "9999999|19999999", "OASys ID|OASys assessment no|OASys number", "oasys number"),
        ("UK_GMC_NUMBER", "6999999|7999999", "GMC|GMC number|GMC ref", "g m c number|gmc number"),
        ("UK_NMC_PIN", "31B9999E|30K9999S", "NMC PIN|NMC|Nurse PIN", "n m c pin|nmc pin"),
        ("UK_SRA_ID", "699999|59999", "SRA ID|SRA number|SRA", "s r a number|sra number"),
        ("UK_BAR_NUMBER", "59999|69999", "Bar number|BSB number|Bar no", "bar number|b s b number"),
        ("UK_HCPC_NUMBER", "SW99999|PYL999999", "HCPC|HCPC number|Social Work England no", "h c p c number|hcpc number"),
        ("DATE_OF_BIRTH", "03/04/1986|17.11.1992|4 May 1988|1979-12-30", "DOB|Date of birth|Born|D.O.B.", "date of birth|born"),
        ("EMAIL_ADDRESS", "jo.k999@example.org|quilp9@mail.example.com", "Email|E-mail address", "email address"),
        ("IP_ADDRESS", "192.0.2.99|198.51.100.99", "IP address|IP", "i p address"),
        ("UK_REFERENCE", "QX/99999/9K|RJ4-99999", "Payroll number|Tenancy ref|Student number", "payroll number|student number"),
    )
)  # fmt: skip

PLAIN_FRAMES: Final = {
    "tuned": (
        "{l}: {v}",
        "His {l} is {v} as confirmed today.",
        "{l} {v}. He attended on time.",
        "Seen by duty. {l} - {v}, next review on 3 June 2026.",
        "| Name | Jo |\n|---|---|\n| {l} | {v} |",
        "Date,Worker,{l}\n3 May,AB,{v}\n4 May,CD,n/a\n5 May,EF,n/a",
        "Dear team, I write about the above. Please quote {l} {v} in any reply.",
        "He rang to say his {l} had changed and is now {v}.",
        "Letter on file ({l}: {v}) says he is due back.",
        "{v} is the {l} on the warrant of control.",
    ),
    "held": (
        "{l} = {v}",
        "We have the {l} down as {v} on the file.",
        "Spoke to intake, who gave {l} {v} and closed the call.",
        "Record opened 4 May 2026\n{l}: {v}\nStatus: open",
        "- {l}: {v}\n- Risk: medium",
        "Name\t{l}\tSeen\nJo\t{v}\tyes\nBo\tnone\tno",
        "Checks done today, {l} {v}, all in order.",
        "Could you update the {l} on the system please, it should read {v} from now on.",
        "<td>{l}</td><td>{v}</td>",
        "Re: your letter\n{l} {v}\nDear Sir or Madam",
    ),
    "last": (
        "<p><b>{l}:</b> {v}</p>",
        "Hi, my {l} is {v}, can you check please? Thanks",
        "{l} {v}, seen 10.30, next 17/06/2026",
        "1. {l}: {v}\n2. Supervision: weekly",
        "Client phoned. Confirmed {l} as {v}. Advised to ring back on Monday.",
        '"{l}": "{v}",',
        "Re: {l} {v} - request for information",
        "(a) {l} {v} (b) tier B2",
        "He could not give a {l} but his partner found it, {v}, in a drawer.",
    ),
}
AWKWARD_FRAMES: Final = {
    "tuned": (
        "{l}:\n{r}",
        "{l} ({r})",
        "{r} ({l})",
        "{l} >> {b} <<",
        "{l} no. is, we believe, {r}",
        "{L}:{r}",
        "that is {r}, which is the {l}",
        "{l} [as scanned] {m}",
    ),
    "held": (
        "{l} -> {r}",
        "**{l}** | {r} |",
        "{r} is her {l}.",
        "{l} was recorded as\n{b}",
        "{l}..... {r}",
        "{l}# {m}",
        "Number {r} - {l}",
        "{l} (from the letter of 3 March): {r}",
    ),
    "last": (
        "{l} — {r}",
        "his {l} being {r} per the letter",
        "{l}\n\n{b}",
        "{l}: [{r}]",
        "{l}, which he read off the card as {r}",
        "{r} = {l}",
        "{l} ({m})",
        "{l} / {r} / checked",
        "As to the {l}: {b}",
    ),
}
SPOKEN_FRAMES: Final = {
    "tuned": (
        "so the {l} is {s} i think",
        "right {s} that's the {l}",
        "OFFICER: and the {l}?\nHIM: {s}",
        "yeah my {l} it's {s} okay",
        "{l} um {s}",
        "Can I take your {l}? Sure, it's {S}.",
        "He read out the {l}, {S}, and I wrote it down.",
        "it's on the letter hang on {l} {s} does that help",
        "WORKER: so that's {s}\nCLIENT: yes that's my {l}",
        "what was it again the {l} i had it here somewhere {s}",
    ),
    "held": (
        "can you take down the {l} it's {s} got that",
        "{s} that's my {l} yeah",
        "A: what's the {l}\nB: er {s}",
        "the {l} as he gave it was {s} thanks",
        "{l} {s} and he hung up",
        "And the {l} is? {S}. Thank you.",
        "I've got a {l} here, {S}, is that the right one?",
        "so for the {l} i've put {s} tell me if that's wrong",
        "00:12 A: {l} please\n00:15 B: {s}\n00:19 A: ta",
        "yeah {s} and that's his {l} i checked",
    ),
    "last": (
        "{l} is {s} yeah that's it",
        "i'll give you the {l} right so {s}",
        "so {s} was the {l} he said",
        "{l} please. Yes. {S}. Great.",
        "q. what is your {l}\na. {s}\nq. thank you",
        "have you got the {l} to hand erm yeah hold on {s}",
        "um so the {l} on here says {s} but i'm not sure",
        "you want my {l}? it's, uh, {s}",
        "and then {l} {s} postcode to follow",
    ),
}
