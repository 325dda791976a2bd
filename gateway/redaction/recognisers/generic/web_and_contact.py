"""Ways to reach somebody, or to act as them: web, computers, accounts, phones, posts."""

import ipaddress
import re
from typing import Final
from urllib.parse import unquote_plus

from gateway.redaction.lexicon import is_common, name_use
from gateway.redaction.recognisers.identifier import ALONE, WEAK, Identifier
from gateway.redaction.recognisers.numbers.words import ONES
from gateway.redaction.recognisers.numbers.written import is_public
from gateway.redaction.text.normalised import WORD

_LABEL = r"[a-z0-9][a-z0-9-]{0,62}"
_REST = r"[^\s<>\"'\])}]"
_PUBLIC: Final = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*"
    r"(?:(?:gov|nhs|police|parliament|judiciary)\.uk|gov\.(?:wales|scot)|llyw\.cymru|citizensadvice\.org\.uk)"
    r"(?!.*\d{5})(?:/[\w./#-]*)?",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r"[\w.-]+(?:/[\w.-]+)+(?::(?:latest|v?\d+\.[\w.-]+)|@sha256:[\da-f]+)")

_PLATFORM: Final = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|tik ?tok|twitter|telegram|facebook|fb|discord|xbox|psn|playstation|steam|"
    r"whatsapp|kik|signal|reddit|twitch|youtube|gamer ?tag|username|user ?name|user|handle|login|profile|account)"
)
_PLATFORMS: Final = re.compile(rf"{_PLATFORM}s?")
_OF_ADDRESSES: Final = re.compile(
    r"https?|ftp|www|com|org|net|co|ac|uk|eu|ie|info|example|html?|.|\d\d|(?:19|20)\d\d"
)
"""Parts of web addresses that are no words, and years."""


def _check_url(value: str) -> bool | None:
    """False for a page of a public body without a long number or a query, a container's image, and a page of which
    every word is an ordinary one and hardly ever a name, unless people have profiles there.
    """
    if _PUBLIC.fullmatch(value) or _IMAGE.fullmatch(value):
        return False
    words = WORD.findall(unquote_plus(value).lower())
    ordinary = all(
        _OF_ADDRESSES.fullmatch(word) or (is_common(word) and name_use(word) == "never") for word in words
    )
    return False if ordinary and not any(_PLATFORMS.fullmatch(word) for word in words) else None


URL = Identifier(
    what="addresses of the web with more than ordinary words in them: a path, a query or a profile can name a person",
    forms={
        rf"(?<!\w)(?:https?|ftp)://{_REST}{{1,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@.-])www\d?\.{_REST}{{3,2000}}(?<![.,;:!?])": 0.6,
        rf"(?<![\w@./-])(?:{_LABEL}\.){{1,4}}[a-z]{{2,24}}/{_REST}{{1,2000}}(?<![.,;:!?])": 0.5,
    },
    check=_check_url,
    prefilter=r"://|www|\.[a-z]{2,24}/",
    examples=("https://people.example.org/quilp",),
)
_DOT: Final = re.compile(r" ?(?:\[\.\]|\(\.\)|\.|\[dot\]|\(dot\)|dot) ?", re.IGNORECASE)


def _check_ip_address(value: str) -> bool | None:
    """None for an address, False for what only looks like one (a version, a time, `::`)."""
    text = _DOT.sub(".", value)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return False if address.is_loopback or (address.is_unspecified and ":" in text) else None


MAC_ADDRESS = Identifier(
    what="hardware addresses of network devices (IEEE 802): six pairs of hexadecimal digits, or three groups of four",
    forms={
        r"(?<![0-9A-F:-])[0-9A-F]{2}([:-])(?:[0-9A-F]{2}\1){4}[0-9A-F]{2}(?![0-9A-F:-])": ALONE,
        r"(?<![\w.])(?=[0-9.]*[A-F])(?:[0-9A-F]{4}\.){2}[0-9A-F]{4}(?![\w.])": ALONE,
    },
    prefilter=r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}[:-]|\.[0-9a-f]{4}\.)[0-9a-f]{2}",
    certain=ALONE,
    examples=("00:1A:2B:3C:4D:5E",),
)

IP_ADDRESS = Identifier(
    what=('RFC 791 and RFC 4291 addresses, also defanged ("192.0.2[.]44") and with a port left outside'),
    forms={
        r"(?<![\d.]|\b(?:version|release|driver|firmware|build) )"
        r"(?:\d{1,3} ?(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)|(?<= )dot) ?){3}\d{1,3}(?!\d|\.\d)": 0.6,
        r"(?<!\d:)(?<!::)(?<!\w)(?=[0-9A-F:]{0,39}:)(?:[0-9A-F]{0,4}:){2,7}(?:[0-9A-F]{1,4}|(?<=::))(?![\w:])": 0.6,
    },
    check=_check_ip_address,
    labels="IP{n:9}, ip address, logged in from",
    digits=12,
    examples=("192.0.2.44",),
)
_GAP = r"[ ()./-]{0,3}"
_EXTENSION = r"\bext(?:n|ension)?\b\.?:? ?(?:no\.? ?|number )?\K"
_NO_ROW = r"(?!(?:[0-9A-F]{2} {1,2}){5}[0-9A-F]{2}\b)(?:(?<!\b(?:\d[0-9A-F]|[A-F]\d) {1,2})|(?!\d\d \d\d ))"
"""Not in a row of pairs that is longer than a number: bytes, or what was drawn in a lottery."""
_OF_IT = r"(?:(?: ?[,(])? ?(?:ext(?:n|ension)?\b\.?:?|x) ?\d{2,6}(?!\d))?"

PHONE_NUMBER = Identifier(
    what="UK numbers as they are written (Ofcom's numbering plan), and international ones (E.164)",
    certain=0.6,
    forms={
        rf"(?<![\d+A-Z/-])(?!\d{{1,2}}[./]\d{{1,2}}[./]|\d{{4}} / |\d\d\.\d\d |0123456789){_NO_ROW}"
        rf"(?:\((?=0[\d ]{{2,6}}\)))?0(?:[ ()./]{{0,3}}[1-9])(?:{_GAP}\d){{8,9}}(?!\d){_OF_IT}": 0.6,
        rf"(?<![\dA-Z])(?:\+|00){_GAP}44{_GAP}(?:\(?0\)?)?(?:{_GAP}\d){{9,10}}(?!\d){_OF_IT}": 0.6,
        rf"(?<![\dA-Z])\+{_GAP}[1-9]\d{{0,2}}(?:{_GAP}\d){{7,12}}(?!\d)": 0.6,
        # As apps store them: the country's number without its sign, and the mobile's without its nought.
        r"(?<![\d.,+A-Z/_-])(?:440?(?:7\d{9}|[12]\d{8,9})|7[1-57-9]\d{8})(?![\d.,]\d|\d|[A-Z_])": 0.6,
        rf"{_EXTENSION}\d{{3,6}}(?! ?(?:days|weeks|months|years)|[\d:/])": 0.6,
    },
    # Not a freephone number or a public body's: beside a label it is one all the same.
    check=lambda value: False if is_public(value) else None,
    labels=(
        r"tel\b\.?, telephone, phone, mob\b\.?, mobile, landline, ddi, direct dial, direct line, whats ?app, "
        "fax, call (?:me|him|her|them|us) (?:back )?on, ring (?:me|him|her|them|us) (?:back )?on, text "
        "(?:me|him|her|them|us) (?:back )?on, reach (?:me|him|her|them|us) on, my number(?= is)"
    ),
    digits=11,
    context="tel, mob, call, text, rang, ring",
    examples=("07700 900417",),
)
_OUTWARD = r"(?:GIR|[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPS-UW]|[A-HK-Y]\d[ABEHMNPRV-Y]))"
_AREA = (
    r"(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    r"|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|Z[EZ])"
)
"""The postcode areas there are, and ZZ, which stands for none: codes of things are written in one piece too."""
_ORDINAL = r"(?!\d(?:ST|ND|RD|TH)(?![A-Z]))"
_INWARD = _ORDINAL + r"\d ?[ABD-HJLNP-UW-Z]{2}"
UK_POSTCODE = Identifier(
    what="BS 7666 postcodes, and BFPO numbers",
    forms={
        rf"(?<![A-Z0-9]){_OUTWARD}(?: {{1,3}}|-){_INWARD}(?![A-Z0-9])": ALONE,
        rf"(?<![A-Z0-9])(?!(?<=#)[0-9A-F]{{6}}\b)(?-i:(?={_AREA}\d){_OUTWARD}{_INWARD})(?![A-Z0-9])": ALONE,
        rf"(?<![A-Z0-9])(?-i:(?={_AREA.lower()}\d)[a-z]{{1,2}}\d{{3}}[abd-hjlnp-uw-z]{{2}})(?![A-Z0-9])": ALONE,
        rf"(?<![A-Z0-9]){_OUTWARD}[ -]{{0,3}}\d ?[ABD-HJLNP-UW-Z] ?[ABD-HJLNP-UW-Z](?![A-Z0-9])": WEAK,
        r"(?<![A-Z0-9])BFPO ?\d{1,4}(?![A-Z0-9])": ALONE,
    },
    labels="post codes?, p/?code, postal codes?",
    least=2,
    digits=3,
    context="post code, address, lives, living, staying, road, street, moved to",
    prefilter=r"\d ?[abd-hjlnp-uw-z] ?[abd-hjlnp-uw-z](?![a-z0-9])|bfpo",
    window=16,
    examples=("postcode LS49 3QT",),
)
_SAID: Final = rf"(?:oh|zero|{ONES}|double|treble|\d{{1,4}})"
_LINK: Final = r"(?:[ :=→-]{1,3}(?:name|user|username|account|handle|tag|id|is|as|called|under|by))?"


def _check_social_handle(value: str) -> bool | None:
    """False for a plain word behind the sign, which is a place or a decorator."""
    if not value.startswith("@"):
        return None
    word = value[1:].lower()
    return False if word.isalpha() and is_common(word) else None


SOCIAL_HANDLE = Identifier(
    what='what somebody is called on a platform: "@mzLena.x", "snapchat sk8r_jules"',
    forms={
        rf"(?<!\w)(?:\w{{2,20}} ){{0,2}}\w{{1,20}} underscore \w{{1,20}}(?: {_SAID}){{0,8}}(?!\w)": 0.6,
        r"(?<![\w@./+-])@[\p{L}_][\w.]{2,29}(?<=\w)(?![\w@]|\.\w|\()": 0.6,
        rf"(?<!\w){_PLATFORM}{_LINK}(?:[ :=→-]{{1,3}}|: ?)(?:@ ?)?\K(?=[\w.]*(?:\d|_|\p{{L}}\.\p{{L}}))"
        r"(?=[\w.]*\p{L})[\p{L}\d_][\w.]{2,29}(?<=\w)(?![\w@])": 0.6,
    },
    check=_check_social_handle,
    prefilter=r"@|insta|snap|tik ?tok|twitter|telegram|facebook|discord|xbox|psn|playstation|steam|whatsapp|kik|signal|"
    r"reddit|twitch|youtube|gamer|user|handle|login|profile|account|\b(?:ig|fb|sc)\b",
    examples=("@mzLena.x",),
)
_PRIVATE_KEY = r"(?:[A-Z]+ )?PRIVATE KEY-----"
_AFTER = r"(?<![A-Za-z0-9_-])"

CREDENTIAL = Identifier(
    what="keys and tokens of computer services (AWS, GitHub, GitLab, Slack, OpenAI, Google, Stripe, this gateway's"
    " own), JSON web tokens (RFC 7519) and private keys (RFC 7468)",
    forms={
        rf"{_AFTER}(?:AKIA|ASIA)[A-Z0-9]{{16}}(?![A-Za-z0-9])": ALONE,
        rf"{_AFTER}(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|hf_|sk-|sk_live_|rk_live_|whsec_|cs_(?:app|person)_"
        r"|AIza|SG\.|xox[abeprs]-|xapp-)[A-Za-z0-9_.-]{16,255}": ALONE,
        rf"{_AFTER}eyJ[A-Za-z0-9_-]{{8,4000}}\.eyJ[A-Za-z0-9_-]{{8,8000}}\.[A-Za-z0-9_-]{{0,2000}}": ALONE,
        rf"-----BEGIN {_PRIVATE_KEY}[A-Za-z0-9+/=\s]{{16,20000}}-----END {_PRIVATE_KEY}": ALONE,
    },
    prefilter=r"akia|asia|gh[pousr]_|github_pat|glpat|npm_|pypi-|hf_|sk[-_]|rk_live|whsec|cs_|aiza|sg\.|xox|xapp|eyj"
    r"|private key",
    certain=ALONE,
    examples=("ghp_EXAMPLENOTAREALGITHUBTOKEN0000000000",),
)
