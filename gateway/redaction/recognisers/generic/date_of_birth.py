"""DATE_OF_BIRTH: a date beside a word of birth; the name model finds the others. Any other date is DATE_TIME."""

from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.recognisers.numbers.words import MONTH

_SIGN = r"(?:[ ./,\\-]{1,3}|[ ./,-]{0,2}\n)"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?{_SIGN}(?:\d{{1,2}}|{MONTH}){_SIGN}'?(?:\d{{4}}|\d{{2}})"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{4}[-/.]\d{2}[-/.]\d{2}|\d{8}|\d{6})(?!\d)"
)
_CUE = (
    r"(?:\b(?:d[./]? ?o[./]? ?b(?:'?s|\.s)?\b\.?|dates?[ _-]?of[ _-]?b[il1]rth|birth[ _-]?(?:date|day)s?|born|d o b)\b"
    r"|\bd\.o\.b\.|\bb\.(?=:?\x20?\d))"
)
_BEHIND = r"[^\d\n]{0,30}?\n?[ \t]{0,4}"
_NOTE = r" ?\([^()\d\n]{1,24}\)"
_PLURAL = r"\b(?:d\.?o\.?b\.?'?s|dates of birth|birthdays|birth ?dates)\b"

DATE_OF_BIRTH = Identifier(
    what="a date beside a word of birth. Any other date is DATE_TIME, which a case needs",
    forms={
        rf"{_CUE}{_BEHIND}\K(?<![\w/]){_DATE}": 0.9,
        # Several behind one label: all of the plural, else those that "or" or a note in brackets joins.
        rf"(?<={_PLURAL}{_BEHIND}(?:{_DATE}(?:{_NOTE})?(?:[,;/]| and| or| &) ?){{1,6}}){_DATE}": 0.9,
        rf"(?<={_CUE}{_BEHIND}{_DATE}(?:{_NOTE}[,;]?(?: and| or)? |,? and |,? or | ?/ )){_DATE}": 0.9,
        rf"(?<![\w/]){_DATE}(?=,? ?(?:[-=:(|,]{{1,2}} ?|is |was )?(?:which is )?(?:(?:the|his|her|their|my) )?"
        r"(?:d[./]? ?o[./]? ?b|date of birth))": 0.9,
    },
    labels=(
        r"DOB, d[./ ]{0,2}o[./ ]{0,2}b\.?'?s?, b\.(?=:?\x20?\d), dates? of birth, birth ?(?:date|day)s?, born"
    ),
    digits=8,
    prefilter=r"born|b[il1]rth|d[./]? ?o[./]? ?b|\bb\.",
    window=160,
    examples=("DOB: 03/04/1986",),
)
