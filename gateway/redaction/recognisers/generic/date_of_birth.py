"""DATE_OF_BIRTH: a date after a word of birth. Any other date is DATE_TIME, which a case needs."""

from gateway.redaction.recognisers.identifier import Identifier
from gateway.redaction.recognisers.numbers.words import MONTH, ONES, ORDINAL, TEENS, TENS

_SIGN = r"(?:[ ./,\\-]{1,3}|[ ./,-]{0,2}\n)"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)?{_SIGN}(?:\d{{1,2}}|{MONTH}){_SIGN}'?(?:\d{{4}}|\d{{2}})"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{4}[-/.]\d{2}[-/.]\d{2}|\d{8}|\d{6})(?!\d)"
)
_NUMBER = rf"(?:oh|{ONES}|{TEENS}|{TENS}|hundred|thousand)"
_UM = r"(?:,? (?:u[mh]|er+m?|ah),?)?"
_YEAR = rf"(?:{_NUMBER}(?:,?{_UM}(?: and)?[ -]{_NUMBER}){{0,4}}|\d{{2,4}})\b"
_SPOKEN = (
    rf"(?:(?:the )?{ORDINAL},?{_UM} (?:of,?{_UM} )?(?:the )?(?:{MONTH}|{ORDINAL})"
    rf"|{MONTH} (?:the )?{ORDINAL}),?{_UM} {_YEAR}"
)
_BORN = (
    rf"(?<![\w/])(?:\d{{1,2}}[./-]\d{{1,2}}[./-]|\d{{1,2}}(?:st|nd|rd|th)? {MONTH} )"
    r"(?:19[2-9]\d|200\d|201[0-4])(?!\d)"
)
_CUE = (
    r"(?:\b(?:d[./]? ?o[./]? ?b(?:'?s|\.s)?\b\.?|dates?[ _-]?of[ _-]?b[il1]rth|birth[ _-]?(?:date|day)s?|born|d o b)\b"
    r"|\bd\.o\.b\.|\bb\.(?=:?\x20?\d))"
)
_BEHIND = r"[^\d\n]{0,30}?\n?[ \t]{0,4}"
_NOTE = r" ?\([^()\d\n]{1,24}\)"
_PLURAL = r"\b(?:d\.?o\.?b\.?'?s|dates of birth|birthdays|birth ?dates)\b"

DATE_OF_BIRTH = Identifier(
    what="a date after a word of birth. Any other date is DATE_TIME, which a case needs",
    forms={
        rf"{_CUE}{_BEHIND}\K(?<![\w/]){_DATE}": 0.9,
        rf"{_CUE}(?:[^\d.]|(?<=\b[aq])\.|(?<=\nspeaker )\d{{1,2}}\b){{0,40}}?\K\b{_SPOKEN}": 0.9,
        rf"\b{_SPOKEN}(?=[^\d.]{{0,24}}(?:that's|is|was) (?:(?:the|my|his|her) )?"
        r"(?:date of birth|birthday|d ?o ?b\b))": 0.9,
        # Several behind one label: all of the plural, else those that "or" or a note in brackets joins.
        rf"(?<={_PLURAL}{_BEHIND}(?:{_DATE}(?:{_NOTE})?(?:[,;/]| and| or| &) ?){{1,6}}){_DATE}": 0.9,
        rf"(?<={_CUE}{_BEHIND}{_DATE}(?:{_NOTE}[,;]?(?: and| or)? |,? and |,? or | ?/ )){_DATE}": 0.9,
        # Beside a name, of somebody who is at least a child now: "SMITH, John - 03/04/1985".
        rf"(?-i:(?<=\p{{L}}['\")]?[ ]?[-(,|;\t][ \t]{{0,3}})){_BORN}(?=[ ]{{0,2}}(?:[),;|\t\n]|$|- ))": 0.6,
        # Behind a person's sex, in a list of a household: "Ada Obi  F  03-04-1985".
        rf"(?-i:(?<=[ \t|,;(][MF](?:[ ]{{1,4}}|[ ]?[\t|,;][ ]?))){_BORN}": 0.6,
        rf"(?<![\w/]){_DATE}(?=,? ?(?:[-=:(|,]{{1,2}} ?|is |was )?(?:which is )?(?:(?:the|his|her|their|my) )?"
        r"(?:d[./]? ?o[./]? ?b|date of birth))": 0.9,
    },
    labels=(
        r"DOB, d[./ ]{0,2}o[./ ]{0,2}b\.?'?s?, b\.(?=:?\x20?\d), dates? of birth, birth ?(?:date|day)s?, born"
    ),
    digits=8,
    prefilter=r"born|b[il1]rth|d[./]? ?o[./]? ?b|\bb\.|(?:19[2-9]|20[01])\d",
    window=160,
    examples=("DOB: 03/04/1986",),
)
