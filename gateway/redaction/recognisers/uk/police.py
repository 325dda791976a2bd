"""Police and criminal records."""

import re
from typing import Final

from gateway.redaction.recognisers.check_digits import compact, letter_mod_23, lettered
from gateway.redaction.recognisers.identifier import ALONE, CHECKED, WEAK, Identifier
from gateway.redaction.recognisers.numbers.words import MONTH

_PARTS: Final = re.compile(r"(\d{2})([A-Z0-9]{2})[A-Z0-9]{2}([A-Z0-9]{2})(\d{1,11})([A-Z])")
_PAIR: Final = r"[ /]?[A-Z0-9]{2}"


def _check_asn(value: str) -> bool | None:
    """True where the check letter passes over year, force and system (their digits) and the sequence."""
    match = _PARTS.fullmatch(compact(value))
    if match is None:
        return None
    year, force, system, sequence, letter = match.groups()
    digits = "".join(part for part in (force, system) if part.isdigit())
    return True if letter_mod_23(digits + year + sequence.zfill(11)) == letter else None


UK_ASN = Identifier(
    what="arrest summons numbers: year, force, unit, system, sequence, letter (bichard7-next-core, Asn.ts)",
    forms={rf"(?<![A-Z0-9/])\d{{2}}{_PAIR}{_PAIR}{_PAIR}[ /]?\d{{1,11}} ?[A-HJ-NP-RT-Z](?![A-Z0-9/])": WEAK},
    check=_check_asn,
    labels="ASN, a/s{n}, arrest[ /]?(?:and )?summons",
    digits=19,
    examples=("ASN 3101ZD0100000448754N",),
)
_NUMBERED = r"(?= ?(?:is|[=:#|(\[\)‘'>*-]|\w* ?number| \d|;|\.{2}))"
"""What stands behind a rank and before its holder's number, not his name."""
UK_COLLAR_NUMBER = Identifier(
    what="collar and shoulder numbers of police officers, without the rank",
    forms={
        r"(?:(?<=\b(?:[PD][CSI]|PCSO|SGT|DCI|DCS|CPS|SC|Officer|Constable|Sergeant) )|"
        r"(?<=\b(?:[PD][CSI]|PCSO)))(?!\d{1,2}[/.:]\d)\d{2,6}(?: ?(?-i:[A-Z]{1,2})"
        r"(?![A-Z]))?(?![A-Z0-9])": 0.6,
        r"(?:(?<=collar (?:no\.?|number|num):? )|(?<=shoulder (?:no\.?|number|num):? )|"
        r"(?<=collar )|(?<=shoulder )|(?<=warrant card ))\d{2,6}(?:[A-Z]{1,2})?(?![A-Z0-9])": 0.6,
    },
    labels=(
        r"p c(?= (?:is|would|it's|number|one|two|three|four|five|six|seven|eight|nine|double|\d)), "
        "pc(?= $), collar{n}, shoulder{n}, officer(?:'?s)?{n}, police constable, "
        + ", ".join(rank + _NUMBERED for rank in ("pc", "ps", "dc", "ds", "pcso", "sgt"))
    ),
    least=2,
    digits=4,
    examples=("PC 94177",),
)
UK_CRIME_REF = Identifier(
    what="crime, incident and log numbers, as each force has them",
    forms={
        r"(?<![A-Z0-9/])(?!(?:19|20)\d{2}/\d{2}(?!\d))(?:CRI ?/ ?)?"
        r"(?:\d{2}[A-Z]{0,2} ?[/ -] ?)\d{4,7} ?[/ -] ?\d{2}(?![A-Z0-9/])": 0.25,
        r"(?<![A-Z0-9])CRI[ -]?\d{6,10}(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])CAD[ -]?\d{1,6}(?:/\d{1,2}[A-Z]{3}\d{2})?(?![A-Z0-9])": ALONE,
        r"(?<![A-Z0-9])(?:\d{11}|\d{1,5} of (?:the )?\d{1,2}"
        rf"(?:(?:st|nd|rd|th)?(?: {MONTH}(?: \d{{4}})?)|st|nd|rd|th|/\d{{1,2}}(?:/\d{{2,4}})?))(?![A-Z0-9])": WEAK,
    },
    labels="crime{n:}, incident{n:}, occurrence{n}, log{n9}, cad",
    digits=12,
    context="crime, incident, log, occurrence",
    examples=("crime number 01/9904177/25",),
)
_ORDINARY: Final = lettered(r"(?P<serial>\d{1,6}) ?[/-] ?(?P<year>\d{2}) ?(?P<letter>[A-Z])", 6)
_SF: Final = lettered(r"SF ?(?P<year>\d{2}) ?[/-] ?(?P<serial>\d{1,6}) ?(?P<letter>[A-Z])", 0)
_LETTER: Final = r"[A-HJ-NP-RT-Z](?![A-Z0-9/])"
UK_CRO = Identifier(
    what="Criminal Records Office numbers: serial, year, check letter; or SF, year, serial (CROIdentifier)",
    certain=CHECKED,
    forms={
        rf"(?<![\d/])\d{{1,6}} ?[/-] ?\d{{2}} ?{_LETTER}": WEAK,
        rf"(?<![\dA-Z/])SF ?\d{{2}} ?[/-] ?\d{{1,6}} ?{_LETTER}": WEAK,
    },
    check=lambda value: _ORDINARY(value) or _SF(value),
    labels="CRO, criminal records? office",
    digits=8,
    examples=("CRO 912345/19C",),
)
UK_PNC = Identifier(
    what="Police National Computer ids: year, serial, check letter (hmpps-person-record, PNCIdentifier)",
    certain=CHECKED,
    forms={
        rf"(?<![\d/])(?:19|20)?\d{{2}}(?: ?[/-] ?\d{{1,7}}| \d{{5,7}}|\d{{7}}) ?{_LETTER}": WEAK,
    },
    check=lettered(
        r"(?:19|20)?(?P<year>\d{2})(?: ?[/ -] ?|(?=\d{7}[A-Z]))(?P<serial>\d{1,7}) ?(?P<letter>[A-Z])", 7
    ),
    labels="PNC, police national computer",
    digits=11,
    examples=("PNC 2019/9412345Y",),
)
UK_VISOR_ID = Identifier(
    what="ViSOR and MAPPS nominals: year, slash, seven digits",
    labels="VISOR, mappa nominal, nominal{n}",
    digits=9,
    examples=("ViSOR 31/9904177",),
)
