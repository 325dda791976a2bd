"""What is not personal and stays, for England and Wales: law, courts, police forces, prisons, bodies.

A model that sees only pseudonyms is of no use, and none of this says who somebody is. The lists lie in
`gateway/redaction/lexicon`; a policy adds words or entities of its own with `redaction.keep`. A subject whom the
caller names is redacted even here.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import regex  # type: ignore[import-untyped]  # it ships no types

from gateway.redaction.lexicon import phrases
from gateway.redaction.text.long_texts import may_stand_in

_SECONDS: Final = 5.0
_COURT: Final = (
    r"(?:Crown|Magistrates'?s?|Magistrate's|County|Combined|Family|Youth|Coroner'?s'?|Justice|"
    r"Law|Civil Justice|County and Family|Crown and County|Domestic Abuse)"
)
_PARTY: Final = (
    # A full stop stands behind an initial or a short form only, so that no sentence before is taken for a party.
    r"(?:(?:\p{Lu}[\p{L}'-]*|\p{Lu}\p{L}{0,2}\.|and|of|the|for|ex|p|exp|parte|Ltd\.?|plc|&|"
    r"\((?:\p{L}+ ?){1,4}\d{0,2}\)),? ){1,8}"
)
_YEAR: Final = r"(?:\[\d{4}\]|\(\d{4}\))"
_REPORT: Final = (
    rf"{_YEAR} (?:\d{{1,3}} )?(?:UKSC|UKHL|UKPC|UKUT|UKFTT|EWCA|EWHC|EWFC|EWCOP|EWCC|ECHR|EAT|"
    rf"CSIH|HCJAC|NICA|All ER|AC|QB|KB|"
    r"WLR|Cr App R|Crim LR|JP|EHRR|FLR|Imm AR|MHLR|RTR|Lloyd's Rep|Admin LR|CLY|ICR|IRLR)"
    r"(?: ?\((?:S|IAC|AAC|TC|LC|D|Ch|Fam|QB|KB|Admin|Comm|TCC|Pat|HESC|GRC)\))?(?: (?:Civ|Crim|"
    r"Fam))?(?: \d{1,5})?(?: ?\((?:IAC|AAC|TC|LC|Ch|Fam|QB|KB|Admin|Comm|TCC|Pat)\))?"
)
_TITLE: Final = r"(?:\p{Lu}[\p{L}'-]*|of|and|the|for|in|to|on|etc\.?|\([^()\n]{1,60}\))"
_ACT: Final = (
    rf"\p{{Lu}}[\p{{L}}'-]*(?:,? {_TITLE}){{0,9}} (?:Acts?|Orders?|Rules|Regulations|Measure|"
    rf"Convention|Code|Charter)"
    r"(?: \((?:[^()\n]{1,60})\))?,? (?:of )?(?:1[2-9]|20)\d{2}"
)
_CAPITALISED: Final = re.compile(r"[A-Z][^\W_]*")
# Words before a listed place are not part of it, so that a name there is not kept with it.
_FORMS: Final = (
    (
        " courts?| centre",
        rf"(?:{{courts}}) {_COURT} (?:Courts?|Centre)|"
        rf"{_COURT} Courts?(?: (?:at|in|sitting at|of) (?:{{courts}}))",
    ),
    ("police|constabulary", r"(?:{police_forces}) (?:Police(?: Service| Force)?|Constabulary)"),
    (
        "hm|yoi",
        r"(?:HMP & YOI|HMP and YOI|HMP/YOI|HMP YOI|HMP|HMYOI|YOI|HM Prison|HMPYOI|HMIRC|HMRC)(?: The)? (?:{prisons})",
    ),
    (" (?:hm)?yoi| prison", r"(?:{prisons}) (?:HMYOI|YOI|[Pp]rison)"),
    (
        r"\b(?:acts?|orders?|rules|regulations|measure|convention|code|charter)\b[^\n]{1,75}?\b(?:1[2-9]|20)\d\d",
        _ACT,
    ),
    (
        r"[\[(]\d{4}[\])] ",
        rf"(?:{_PARTY}v\.? {_PARTY}|\bRe \p{{Lu}}[\p{{L}}'-]* |In re \p{{Lu}}[\p{{L}}'-]* ){_REPORT}|{_REPORT}",
    ),
)
"""What a text in small letters must have somewhere, and the form that is then looked for."""


def _whole(form: str) -> Any:
    """The form as whole words, with the phrases of the lists that it names, the longest first."""
    for name in ("courts", "police_forces", "prisons", "institutions"):
        if "{" + name + "}" in form:
            listed = sorted(phrases(name), key=len, reverse=True)
            either = "|".join(regex.escape(phrase, special_only=True) for phrase in listed)
            form = form.replace("{" + name + "}", either)
    return regex.compile(rf"(?<![\p{{L}}\d])(?:{form})(?![\p{{L}}\d])", regex.VERSION0)


@cache
def _compiled() -> list[tuple[re.Pattern[str], Any]]:
    return [(re.compile(look), _whole(form)) for look, form in _FORMS]


@cache
def _institutions() -> tuple[frozenset[str], Any]:
    """The words that they begin with, all with a capital, and their form."""
    begins = (_CAPITALISED.match(phrase) for phrase in phrases("institutions"))
    return frozenset(word[0] for word in begins if word), _whole("(?:{institutions})")


def allowed_ranges(text: str) -> Iterator[tuple[int, int]]:
    lower = text.lower()
    for look, form in _compiled():
        if may_stand_in(look, lower):
            for match in form.finditer(text, timeout=_SECONDS):
                yield match.span()
    begins, institutions = _institutions()
    if not begins.isdisjoint(_CAPITALISED.findall(text)):
        for match in institutions.finditer(text, timeout=_SECONDS):
            yield match.span()
