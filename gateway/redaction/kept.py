"""What is not personal and stays, for England and Wales: law, courts, police forces, prisons, bodies, sums, terms.

A model that sees only pseudonyms is of no use, and none of this says who somebody is. The lists lie in
`gateway/redaction/lexicon`; a policy adds words or entities of its own with `redaction.keep`. A subject whom the
caller names is redacted even here.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types

_SECONDS: Final = 5.0
_COURT: Final = (
    r"(?:Crown|Magistrates'?s?|Magistrate's|County|Combined|Family|Youth|Coroner'?s'?|Justice|"
    r"Law|Civil Justice|"
    r"County and Family|Crown and County|Domestic Abuse)"
)
_PARTY: Final = r"(?:(?:\p{Lu}[\p{L}'-]*|and|of|the|for|ex|p|exp|parte|Ltd|plc|&|\(\p{L}+\)),?\.? ){1,8}"
_YEAR: Final = r"(?:\[\d{4}\]|\(\d{4}\))"
_REPORT: Final = (
    rf"{_YEAR} (?:\d{{1,3}} )?(?:UKSC|UKHL|UKPC|UKUT|UKFTT|EWCA|EWHC|EWFC|EWCOP|EWCC|ECHR|EAT|"
    rf"CSIH|HCJAC|NICA|All ER|AC|QB|KB|"
    r"WLR|Cr App R|Crim LR|JP|EHRR|FLR|Imm AR|MHLR|RTR|Lloyd's Rep|Admin LR|CLY|ICR|IRLR)"
    r"(?: ?\((?:S|IAC|AAC|TC|LC|D|Ch|Fam|QB|KB|Admin|Comm|TCC|Pat|HESC|GRC)\))?(?: (?:Civ|Crim|"
    r"Fam))?(?: \d{1,5})?"
    r"(?: ?\((?:IAC|AAC|TC|LC|Ch|Fam|QB|KB|Admin|Comm|TCC|Pat)\))?"
)
_TITLE: Final = r"(?:\p{Lu}[\p{L}'-]*|of|and|the|for|in|to|on|etc\.?|\([^()\n]{1,60}\))"
_ACT: Final = (
    rf"\p{{Lu}}[\p{{L}}'-]*(?:,? {_TITLE}){{0,9}} (?:Acts?|Orders?|Rules|Regulations|Measure|"
    rf"Convention|Code|Charter)"
    r"(?: \((?:[^()\n]{1,60})\))?,? (?:of )?(?:1[2-9]|20)\d{2}"
)
_LONG_LENGTH: Final = (
    r"(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|eighteen|twenty|life)[ -]"
    r"(?:(?:calendar|working) )?(?:hours?|days?|weeks?|months?|years?)"
)
# Words before a listed place are not part of it, so that a name there is not kept with it.
_FORMS: Final = {
    " court": rf"(?:{{courts}}) {_COURT} (?:Courts?|Centre)|"
    rf"{_COURT} Courts?(?: (?:at|in|sitting at|of) (?:{{courts}}))",
    "police": r"(?:{police_forces}) (?:Police(?: Service| Force)?|Constabulary)",
    "constabulary": r"(?:{police_forces}) Constabulary",
    "hm": r"(?:HMP & YOI|HMP and YOI|HMP/YOI|HMP YOI|HMP|HMYOI|YOI|HM Prison|HMPYOI|HMIRC|HMRC)(?: The)? (?:{prisons})",
    " yoi": r"(?:{prisons}) (?:HMYOI|YOI)",
    " prison": r"(?:{prisons}) [Pp]rison",
    "act": _ACT,
    "order": _ACT,
    "r": rf"(?:{_PARTY}v\.? {_PARTY}|\bRe \p{{Lu}}[\p{{L}}'-]* |In re \p{{Lu}}[\p{{L}}'-]* ){_REPORT}|{_REPORT}",
    "£": r"£ ?\d[\d,]*(?:\.\d{1,2})?(?:[km]| ?million| ?billion)?",
    "": rf"{_LONG_LENGTH}(?!\p{{L}})|(?:{{institutions}})",
}


def _phrases(name: str) -> str:
    lines = (files("gateway.redaction.lexicon") / name).read_text("utf-8").splitlines()
    phrases = sorted((line for line in lines if line and not line.startswith("#")), key=len, reverse=True)
    return "|".join(regex.escape(phrase, special_only=True) for phrase in phrases)


@cache
def _compiled() -> list[tuple[str, Any]]:
    lists = {name: _phrases(f"{name}.txt") for name in ("courts", "police_forces", "prisons", "institutions")}
    forms = []
    for look, form in _FORMS.items():
        for name, phrases in lists.items():
            form = form.replace("{" + name + "}", phrases)
        forms.append((look, regex.compile(rf"(?<![\p{{L}}\d])(?:{form})(?![\p{{L}}\d])", regex.VERSION0)))
    return forms


def kept_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Where `text` says something that stays."""
    lower = text.lower()
    for look, form in _compiled():
        if look in lower:
            for match in form.finditer(text, timeout=_SECONDS):
                yield match.span()
