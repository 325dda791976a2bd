"""Made-up casework for the demo's record: cases with their notes, and what a model might answer. Nobody is real."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from gateway.evidence import PlantKind, plant

LETTER: Final = "draft-letter"
SUMMARY: Final = "case-summary"
CHECK: Final = "pre-sentence-fact-check"
_PLANTED: Final[tuple[PlantKind, ...]] = ("date", "time", "sum")
_GIVEN: Final = (
    *("Amara", "Bethan", "Callum", "Dilys", "Emeka", "Farah", "Gethin", "Huda", "Iolo", "Jasmine", "Kofi"),
    *("Lowri", "Marek", "Nadia", "Osian", "Parveen", "Rhodri", "Sade", "Tomasz", "Usha", "Viktor", "Wendy"),
)
_LAST: Final = (
    *(
        "Adebayo",
        "Bowen",
        "Chaudhry",
        "Dobson",
        "Eze",
        "Fairclough",
        "Griffiths",
        "Hussain",
        "Ivanov",
        "Jarvis",
    ),
    *(
        "Kaplan",
        "Lockwood",
        "Mistry",
        "Novak",
        "Oyelaran",
        "Probert",
        "Quigley",
        "Rees",
        "Sutcliffe",
        "Thapa",
    ),
)
_STAFF: Final = ("Mr Adeyemi", "Ms Calder", "Mrs Whitlam", "Mr Prosser")
_PLACES: Final = ("Leeds", "Swansea", "Bradford", "Wrexham", "Hull", "Newport")


@dataclass(frozen=True)
class DemoText:
    """One request and its answer. `values` are what is taken out of both: pseudonym, type and value."""

    policy: str
    case: str
    asked: str
    answer: str
    values: tuple[tuple[str, str, str], ...]
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    kinds: tuple[PlantKind, ...] = ()
    """`wrong`: the words of the answer that were made wrong, and what stood there before: `right`;
    `kinds`: what they are."""

    @property
    def people(self) -> list[list[str]]:
        """The mentions of each person."""
        return [[value] for _, kind, value in self.values if kind == "PERSON"]

    def redacted(self, text: str) -> str:
        """`text` as the model knows it."""
        for pseudonym, _, value in self.values:
            text = text.replace(value, pseudonym)
        return text

    def with_faults(self, count: int, draw: random.Random) -> "DemoText":
        """The same with so many facts of the answer made wrong."""
        text = self
        for _ in range(count):
            planted = plant([self.asked], text.answer, _PLANTED, draw)
            if planted is None:
                break
            text = replace(
                text,
                answer=planted.answer,
                right=(*text.right, planted.right),
                wrong=(*text.wrong, planted.wrong),
                kinds=(*text.kinds, planted.kind),
            )
        return text

    @property
    def corrected(self) -> str:
        """The answer as a careful person changes it."""
        text = self.answer
        for wrong, right in zip(self.wrong, self.right, strict=True):
            text = text.replace(wrong, right)
        return text.replace("ring us before", "ring or write to us before")


def writings(cases: int, since: datetime, draw: random.Random) -> list[list[DemoText]]:
    """For each case what is asked in it: a letter, a summary, and in some a check of a report."""
    texts = []
    for number in range(cases):
        when = since + timedelta(days=draw.randrange(1, 12))
        case = _Case(number, when, draw)
        texts.append([case.letter(), case.summary(), *([case.check()] if number % 3 == 0 else [])])
    return texts


class _Case:
    """The facts of one case, and the texts about them."""

    def __init__(self, number: int, when: datetime, draw: random.Random) -> None:
        self.reference = f"DEMO-{101 + number}"
        self.name = f"{_GIVEN[number % len(_GIVEN)]} {_LAST[draw.randrange(len(_LAST))]}"
        self.staff = draw.choice(_STAFF)
        self.place = draw.choice(_PLACES)
        self.crn = f"X{draw.randrange(100_000, 999_999)}"
        self.missed, self.rang, self.next, self.hearing = (
            _day(when + timedelta(days=days)) for days in (0, 2, 9, 23)
        )
        self.time = f"{draw.randrange(9, 16)}:{draw.choice(('10', '30', '40'))}"
        self.paid, self.owed = 5 * draw.randrange(3, 19), 10 * draw.randrange(11, 48)
        self.hours, self.done = draw.choice((80, 120, 150)), draw.randrange(14, 60)
        self.values = (
            ("<PERSON_1>", "PERSON", self.name),
            ("<PERSON_2>", "PERSON", self.staff),
            ("<UK_CRN_1>", "UK_CRN", self.crn),
        )

    def _writing(self, policy: str, question: str, answer: str) -> DemoText:
        return DemoText(policy, self.reference, question, answer, self.values)

    def letter(self) -> DemoText:
        question = (
            f"Draft a letter to {self.name} about the missed appointment, from this note.\n\n"
            f"Contact log. {self.name} (CRN {self.crn}) missed the appointment on {self.missed}. {self.staff} rang on"
            f" {self.rang}: the bus had not come. Who can't come is to ring before. The next appointment is on"
            f" {self.next} at {self.time} at the {self.place} office. £{self.paid} of the surcharge has been"
            f" paid; £{self.owed} is still to be paid by {self.hearing}."
        )
        answer = (
            f"Dear {self.name},\n\nYou missed your appointment on {self.missed}. {self.staff} rang you on {self.rang}"
            f" and heard that the bus had not come.\n\nYour next appointment is on {self.next} at {self.time} at the"
            f" {self.place} office. If you can't come, ring us before then.\n\nYou have paid £{self.paid} of the"
            f" surcharge. £{self.owed} is still to be paid by {self.hearing}.\n\nYours sincerely,\n{self.staff}"
        )
        return self._writing(LETTER, question, answer)

    def summary(self) -> DemoText:
        question = (
            f"Summarise the last month for the practitioner who takes over from {self.staff}.\n\n"
            f"{self.name}, CRN {self.crn}. Community order with {self.hours} hours of unpaid work, of which"
            f" {self.done} are done. Missed one appointment on {self.missed} (bus), kept the others. Moved to"
            f" {self.place} on {self.rang}. Surcharge: £{self.paid} paid, £{self.owed} left. Review at {self.place}"
            f" Magistrates' Court on {self.hearing} at {self.time}. Wants to begin a forklift course on {self.next}."
        )
        answer = (
            f"{self.name} has done {self.done} of {self.hours} hours of unpaid work and missed one appointment, on"
            f" {self.missed}, when the bus did not come. {self.name} moved to {self.place} on {self.rang}.\n\n"
            f"£{self.paid} of the surcharge has been paid; £{self.owed} is left. The review is at {self.place}"
            f" Magistrates' Court on {self.hearing} at {self.time}. A forklift course begins on {self.next}."
        )
        return self._writing(SUMMARY, question, answer)

    def check(self) -> DemoText:
        question = (
            f"Which statements of the draft do the sources not support?\n\nDraft. {self.name} (CRN {self.crn}) has"
            f" done {self.done} hours of unpaid work, missed an appointment on {self.missed}, owes £{self.owed} and is"
            f" always late.\n\nSource, by {self.staff}. {self.done} hours done. Missed: {self.missed}."
            f" Owed: £{self.owed}. Late once, on {self.rang}."
        )
        answer = (
            f"Supported: {self.done} hours of unpaid work, the missed appointment on {self.missed}, and £{self.owed}"
            f" owed.\nNot supported: that {self.name} is always late. The source says once, on {self.rang}."
        )
        return self._writing(CHECK, question, answer)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
