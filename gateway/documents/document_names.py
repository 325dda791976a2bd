"""The name of a document in headings and errors: its file's name if that can name nobody, else its number.

Redaction misses about half of the names of people in the names of files: there is no sentence around them. So only a
name whose every word is one that files are called by goes on.
"""

import re
from typing import Final

_WORDS: Final = """
    account acknowledgement action adult advice agenda agreement allocation allowance amended an and annex annual
    appeal appendix applicant application appointment approval arrears assessment assets attachment attendance
    authority award bail bank behaviour benefit benefits birth body boiler bomb booking brief budget bundle care
    case caution certificate chair charge charges checklist child children chronology claim claimant client clinic
    clinical committee complaint completed conditions conference consent consultation contact contract copy
    correspondence council court cover criminal custody cv damp data date debt decision defence defendant deposit
    details diary directions disability discharge disclosure discussion document documents draft duty education
    email emails employment enclosure enquiry estimate evidence evidential exhibit experience expert extract facts
    family fee feedback file final finance financial first form forms from full funding further general grounds
    guidance guide health hearing history home homeless homelessness hospital housing hr id immigration in incident
    income index information initial inquiry inspection instructions insurance interim interview invoice invoices
    issue jobs judgment key landlord leaflet learning lease legal letter letters licence list log mail main medical
    meeting member memo mental message minutes mortgage new next no note notes notice number of offence offer office
    officer old on online opinion order orders original other outcome page panel paper papers parking part pay
    payment payments payslip payslips penalty permission permit personal photo photos plan planning police policy
    pre prescription previous probation procedure proceedings proof property proposal protection provider public
    questionnaire questions quote reasons receipt record records referral refusal registration reminder renewal rent
    repair repairs reply report reports request requests response restrictions result results review rights risk
    safeguarding scan scanned schedule school second section sentence sentencing service services settlement sheet
    short signed single social solicitor special staff standard statement statements status submission submissions
    summary summons supervision supplement support survey table template tenancy tenant terms test text the third
    timeline to training transcript transfer travel treatment tribunal unsigned update updated use version victim
    visa visit warning welfare with without witness word work write
"""
_ORDINARY: Final = frozenset(_WORDS.split())
_ENDING_NAMES: Final = """
    csv doc docm docx eml exe gif heic htm html jpeg jpg json log md msg odp ods odt pdf png ppt pptx rtf text tif
    tiff txt xls xlsx xml zip
"""
_ENDINGS: Final = frozenset(_ENDING_NAMES.split())
_SEPARATORS: Final = re.compile(r"[\s_()+,.\[\]–-]+")
_WORD: Final = re.compile(r"v?[0-9]{1,4}|[a-z]|[a-z]+")
_MAX_DIGITS: Final = 4
"""A year or a version; a date might be that of somebody's birth."""
_MAX_LETTERS: Final = 1
"""Words of one letter: several might be somebody's initials."""
_MAX_LENGTH: Final = 100


def shown_name(name: str, otherwise: str) -> str:
    """The file's own name without its folder, or `otherwise` with its ending."""
    last = re.split(r"[/\\]", name)[-1].strip()
    stem, dot, ending = last.rpartition(".")
    if not dot or ending.lower() not in _ENDINGS:
        stem, ending = last, ""
    if _names_nobody(stem):
        return last
    return f"{otherwise}.{ending.lower()}" if ending else otherwise


def _names_nobody(stem: str) -> bool:
    words = [word for word in _SEPARATORS.split(stem.lower()) if word]
    digits, letters = sum(map(str.isdigit, stem)), sum(len(word) == 1 and word.isalpha() for word in words)
    if not words or not stem.isascii() or not stem.isprintable() or len(stem) > _MAX_LENGTH:
        return False
    if digits > _MAX_DIGITS or letters > _MAX_LETTERS:
        return False
    return all(
        _WORD.fullmatch(word) and (len(word) == 1 or not word.isalpha() or word in _ORDINARY)
        for word in words
    )
