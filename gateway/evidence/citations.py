"""Statutes, their sections, cases and courts, as they are cited in the United Kingdom; and quotations."""

import re
from collections.abc import Iterator
from typing import Final

from gateway.evidence.facts import NEAR_DIGIT, Fact, Key, TakenRanges

_WORD: Final = r"(?:[A-Z][\w’'&-]{0,40}|\([A-Z][^)\n]{2,60}\))"
_ACT: Final = re.compile(
    rf"(?<![\w’'&-])(?P<title>{_WORD}(?:,?\s+(?:{_WORD}|and|of|the|to|for|in|etc\.?|on|with|by)){{0,12}})\s+"
    r"(?P<kind>Act|Regulations|Order|Rules|Measure|Directions)(?:\s+\([A-Z][^)\n]{2,40}\))?,?\s+(?P<year>(?:1[6-9]|20)\d\d)\b"
)
_SHORT_ACT: Final = re.compile(r"\b(?P<year>(?:1[6-9]|20)\d\d)\s+(?P<kind>Act|Regulations|Order|Rules)\b")
_NEAR_ACT: Final = re.compile(r"(?:Act|Regulations|Order|Rules|Measure|Directions)\b[^\d\n]{1,46}\d{4}")
_PROVISIONS: Final = {
    "s": "section", "ss": "section", "sec": "section", "section": "section", "sections": "section",
    "article": "article", "articles": "article", "art": "article", "arts": "article",
    "regulation": "regulation", "regulations": "regulation", "reg": "regulation", "regs": "regulation",
    "rule": "rule", "rules": "rule", "r": "rule", "cpr": "rule", "schedule": "schedule", "sched": "schedule",
    "sch": "schedule", "part": "part", "chapter": "chapter", "paragraph": "paragraph", "paragraphs": "paragraph",
    "para": "paragraph", "paras": "paragraph", "clause": "clause", "clauses": "clause", "ground": "ground",
    "grounds": "ground", "annex": "annex", "appendix": "appendix", "condition": "condition", "conditions": "condition",
    "standard": "standard", "principle": "principle", "order": "order", "band": "band", "category": "category",
    "level": "level", "form": "form",
}  # fmt: skip
_NUMBER: Final = r"\d{1,4}[A-Z]{0,3}(?:\.\d{1,3}[A-Z]?)*(?:\([\da-zA-Z]{1,5}\))*"
_PROVISION: Final = re.compile(
    rf"(?:§\s?|\b(?P<word>{'|'.join(sorted(_PROVISIONS, key=len, reverse=True))})\.?\s?)"
    rf"(?P<numbers>{_NUMBER}(?:(?:,\s*|\s+and\s+|\s+or\s+|\s+to\s+|\s*[-–]\s*){_NUMBER})*)(?![\w£%]|[/:.]\d)",
    re.IGNORECASE,
)
_LETTERED: Final = re.compile(
    r"(?P<word>Band|Category|Ground|Schedule|Annex|Appendix|Form|Level)\s+(?P<numbers>[A-Z]\d?)\b"
)
_ONE: Final = re.compile(_NUMBER + "|[A-Z]")
_CASE: Final = re.compile(
    r"[\[(](?P<year>(?:19|20)\d\d)[\])]\s+(?:\d+\s+)?[A-Z][A-Za-z.]*(?:\s+[A-Z][A-Za-z]*)?\s+\d+(?:\s+\([A-Za-z]+\))?"
)
_COURT: Final = re.compile(
    r"(?<![\w’'-])(?P<before>(?:(?!The\b|In\b|At\b)[A-Z][\w’'-]{1,40}\s+){0,3})"
    r"(?P<type>Crown\s+Court|Magistrates[’']?\s+Court|Magistrates(?![’'\w])|County\s+Court|Family\s+Court|Youth\s+Court|"
    r"High\s+Court|Court\s+of\s+Appeal|Supreme\s+Court|Court\s+of\s+Protection|Coroner[’']s\s+Court|"
    r"Employment\s+Tribunal|First-tier\s+Tribunal|Upper\s+Tribunal|Employment\s+Appeal\s+Tribunal|Sheriff\s+Court)"
    r"(?P<after>\s+(?:at|in|sitting\s+at)\s+[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?)?"
)
_NEAR_CASE: Final = re.compile(r"[\[(](?:19|20)\d\d[\])]")
_NEAR_COURT: Final = re.compile(r"court|magistrates|tribunal")
_LISTED: Final = re.compile(
    r"^[ \t]*(?:[-*•][ \t]+)?\(?(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]?[ \t]+(?=\S)", re.MULTILINE
)
_MARKED: Final = re.compile(
    r"^[ \t]*(?:[-*•#]+[ \t]+)?\(?(?:\d{1,3}[.)]|\d{1,3}(?:\.\d{1,3})+[.)]?)(?=[ \t]|$)", re.MULTILINE
)
_QUOTED: Final = re.compile(
    r"[“\"]([^“”\"\n]{8,600})[”\"]|‘([^‘\n]{8,600}?)’(?!\w)|(?<!\w)'([^'\n]{8,600}?)'(?!\w)"
)
_WORDS: Final = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?")
_MIN_QUOTED: Final = 3


def numbering_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """The numbers of a list or of paragraphs: no facts of their own, but an answer may name a paragraph by one."""
    for match in _MARKED.finditer(text):
        taken.take(*match.span())
    for match in _LISTED.finditer(text):
        yield Fact(*match.span("number"), "citation", (("paragraph", match["number"]),), ())


def citations_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """Statutes with their years, provisions by their numbers, cases."""
    for match in taken.matches(_CASE, _NEAR_CASE):
        taken.take(*match.span())
        key: Key = ("case", re.sub(r"\W+", " ", match[0]).strip().casefold())
        yield Fact(*match.span(), "citation", (key,), ((key,),))
    for match in taken.matches(_ACT) if _NEAR_ACT.search(text) else ():
        taken.take(*match.span())
        title = _title(match["title"])
        keys: tuple[Key, ...] = (("act", f"{title} {match['kind']}".casefold(), int(match["year"])),)
        kind: Key = ("act of", match["kind"], int(match["year"]))
        start = match.end("title") - len(title)
        yield Fact(max(match.start(), start), match.end(), "citation", (*keys, kind), (keys,))
    for match in taken.matches(_SHORT_ACT, NEAR_DIGIT):
        taken.take(*match.span())
        kind = ("act of", match["kind"], int(match["year"]))
        yield Fact(*match.span(), "citation", (kind,), ((kind,),))
    for matches in (taken.matches(_PROVISION, NEAR_DIGIT, before=20), taken.matches(_LETTERED)):
        for match in matches:
            taken.take(*match.span())
            word = _PROVISIONS[(match["word"] or "s").lower()]
            for item in _ONE.finditer(text, *match.span("numbers")):
                start = match.start() if item.start() == match.start("numbers") else item.start()
                says = tuple((word, number) for number in _with_parents(item[0].upper()))
                yield Fact(start, item.end(), "citation", says, (says[:1],))


def _title(text: str) -> str:
    """Without a word that only begins the sentence."""
    return re.sub(
        r"^(?:The|Under|In|Section|By|Both|And|See|Part|Schedule)\s+(?:the\s+)?", "", " ".join(text.split())
    )


def _with_parents(number: str) -> Iterator[str]:
    """`21(4)(B)`, then `21(4)`, then `21`."""
    yield number
    while number.endswith(")"):
        number = number[: number.rindex("(")]
        yield number


def courts_of(text: str, taken: TakenRanges) -> Iterator[Fact]:
    """Courts and tribunals; without a place any of that kind."""
    for match in taken.matches(_COURT, _NEAR_COURT):
        kind = re.sub(r"\W+", " ", match["type"].casefold()).removesuffix(" court").removesuffix(" s").strip()
        kind = kind.rstrip("s") if kind.startswith("magistrate") else kind
        place = match["before"] or re.sub(r"^\s+(?:at|in|sitting\s+at)\s+", "", match["after"] or "")
        place = " ".join(place.split()).casefold()
        any_place: Key = ("court", kind)
        start = match.start() + len(match["before"]) - len(match["before"].lstrip())
        if place:
            whole: Key = ("court", kind, place)
            asks: tuple[tuple[Key, ...], ...] = ((whole,), (("court only", kind),))
            yield Fact(start, match.end(), "court", (whole, any_place), asks, tuple(place.split()))
        else:
            yield Fact(start, match.end(), "court", (any_place, ("court only", kind)), ((any_place,),))


def quotations_of(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """What stands in quotation marks, with its words."""
    for match in _QUOTED.finditer(text):
        group = match.lastindex or 1
        words = words_with_places(match[group])
        if len(words) >= _MIN_QUOTED:
            yield *match.span(group), tuple(word for word, _, _ in words)


def words_with_places(text: str) -> list[tuple[str, int, int]]:
    """The words of a text in small letters."""
    return [(match[0].casefold().replace("’", "'"), *match.span()) for match in _WORDS.finditer(text)]
