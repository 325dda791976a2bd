"""A record of four weeks for the demo: made up by a script, and sealed as if lived, before the gateway starts.

Every event goes through the log and the same commands as in service; only the clock is the script's own. The first
event says that what follows is made up.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from audit import Transaction, time_text
from gateway.advice import Amendment, DecisionRequest, Recorder, Refused, record
from gateway.commands.demo_requests import Piece
from gateway.commands.demo_texts import CHECK, LETTER, SUMMARY, DemoText, writings
from gateway.errors import Conflict
from gateway.identity import Person
from gateway.operations import record_start
from gateway.oversight import MeasureService, answer_concern, raise_concern
from gateway.policy import PolicySet
from gateway.settings import Settings
from gateway.startup.bootstrap import database_of, open_log, open_vault
from gateway.startup.configured_policies import read_policies
from gateway.storage import Vault

_SEED: Final = 13
_DAYS: Final = 27
"""So that nothing of it is past the shipped policies' retention on the day on which it is made."""
_CASES: Final = 16
_A_DAY: Final = 10
_TIME_LEFT: Final = (0.02, 0.1, 0.3, 0.5, 0.7, 0.85, 0.998)
"""Of what waits at the end: shares of the time to decide."""
_HASTY_FROM: Final = 13
"""Days after which one of the two reviewers hardly reads any more."""
_FAULTY: Final = 0.25
_SEEDED: Final = 0.3
_CHECK_ID: Final = "letter-with-a-wrong-fact"
_POLICIES: Final = (LETTER, LETTER, LETTER, LETTER, SUMMARY, SUMMARY, SUMMARY, CHECK)


@dataclass(frozen=True)
class DemoPeople:
    """Who asks and decides: the application's id, two who ask, two reviewers, and who answers concerns."""

    application: str
    asking: tuple[Person, Person]
    careful: Person
    hasty: Person
    admin: Person


@dataclass
class _Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(order=True)
class _ScheduledAct:
    at: datetime
    number: int
    act: Callable[[], Awaitable[Any]] = field(compare=False)


def write_demo_record(settings: Settings, make_people: Callable[[Transaction], DemoPeople]) -> str | None:
    """Write the record into a fresh data folder; gives the id of the advice that waits with two planted faults.

    None where the policies have no use for letters.
    """
    end = datetime.now(UTC) - timedelta(minutes=5)
    clock = _Clock((end - timedelta(days=_DAYS)).replace(hour=7, minute=0, second=0))
    policies = read_policies(settings)
    log, _ = open_log(settings, clock)
    try:
        database = database_of(settings)
        script = _Script(
            Recorder(log, vault := open_vault(settings, log, database)), vault, policies, clock, end
        )
        return asyncio.run(script.run(make_people, MeasureService(database)))
    finally:
        log.close()


class _Script:
    """What happens in the four weeks: drawn first, then done in the order of time."""

    people: DemoPeople

    def __init__(
        self, recorder: Recorder, vault: Vault, policies: PolicySet, clock: _Clock, end: datetime
    ) -> None:
        self._recorder, self._vault, self._policies = recorder, vault, policies
        self._clock, self._start, self._end = clock, clock.now, end
        self._draw = random.Random(_SEED)  # noqa: S311 - a script's play, no secret
        self._due: list[_ScheduledAct] = []
        self._cases_seen: set[str] = set()
        self._ended: set[str] = set()
        self._usable = {policy.id: policy for policy in policies if policy.review.signature == "none"}

    async def run(
        self, make_people: Callable[[Transaction], DemoPeople], measuring: MeasureService
    ) -> str | None:
        """All of it; gives the id of the advice that waits with two planted faults."""
        event = {"type": "demonstration.written", "actor": "operator", "until": time_text(self._end)}
        await self._recorder.submit(lambda transaction: record(transaction, event))
        self.people = await self._recorder.submit(make_people)
        await self._recorder.submit(lambda tx: record_start(tx, self._policies))
        self._clock.now += timedelta(minutes=1)
        cases = writings(_CASES, self._start, self._draw)
        for day in range(_DAYS):
            if (self._start + timedelta(days=day)).weekday() < 5:
                self._plan_day(day, cases)
        faulty = self._plan_waiting(cases)
        for day in range(_DAYS):
            alerts = partial(measuring.alerts, self._policies, self._recorder)
            self._at(self._start + timedelta(days=day, hours=12), alerts)
        self._due.sort()
        for entry in self._due:
            self._clock.now = max(entry.at, self._clock.now)
            await entry.act()
        return faulty

    def _at(self, when: datetime, act: Callable[[], Awaitable[Any]]) -> None:
        self._due.append(_ScheduledAct(when, len(self._due), act))

    def _plan_day(self, day: int, cases: list[list[DemoText]]) -> None:
        for _ in range(_A_DAY):
            when = self._start + timedelta(days=day, minutes=self._draw.uniform(60, 560))
            name = self._draw.choice(_POLICIES)
            writing = self._draw.choice([text for case in cases for text in case if text.policy == name])
            seeded = name == LETTER and self._draw.random() < _SEEDED
            if seeded or self._draw.random() < _FAULTY:
                writing = writing.with_faults(1, self._draw)
            if name in self._usable and when < self._end - timedelta(days=3):
                self._plan_decisions(
                    self._plan_piece(writing, when, seeded=seeded and bool(writing.wrong)), day
                )

    def _plan_piece(self, writing: DemoText, when: datetime, *, seeded: bool = False) -> Piece:
        piece = Piece.of(
            writing,
            self._usable[writing.policy],
            self._vault,
            self.people.application,
            self._draw.choice(self.people.asking),
            when,
            first_in_case=writing.case not in self._cases_seen,
            check=_CHECK_ID if seeded else None,
        )
        if not seeded:
            self._cases_seen.add(writing.case)
        self._at(when, lambda: self._recorder.requested(piece.asked))
        self._at(when + timedelta(seconds=4), lambda: self._recorder.received(piece.asked, piece.answered))
        return piece

    def _plan_waiting(self, cases: list[list[DemoText]]) -> str | None:
        """What waits at the end, the least time left first; the newest has two planted faults."""
        if LETTER not in self._usable:
            return None
        within = self._usable[LETTER].review.decide_within
        newest = ""
        for number, left in enumerate(_TIME_LEFT):
            writing = cases[number][0]
            if number == len(_TIME_LEFT) - 1:
                writing = writing.with_faults(2, self._draw)
            newest = self._plan_piece(writing, self._end - within * (1 - left)).advice
        return newest

    # How people decide

    def _plan_decisions(self, piece: Piece, day: int) -> None:
        at = piece.when + timedelta(minutes=self._draw.uniform(5, 240))
        if piece.writing.policy == SUMMARY:
            if self._draw.random() < 0.08:
                at += piece.policy.review.decide_within
            self._plan_decision(piece, piece.requester, at, hasty=False)
        elif piece.writing.policy == CHECK:
            self._plan_decision(piece, self.people.careful, at, hasty=False)
            self._plan_decision(piece, self.people.hasty, at + timedelta(hours=2), hasty=day >= _HASTY_FROM)
            self._plan_expiry(piece)  # two who want different words have not decided
        elif self._draw.random() < 0.02:
            self._plan_expiry(piece)
        else:
            late = day >= _HASTY_FROM
            hurried = self._draw.random() < (0.85 if late else 0.5)
            person = self.people.hasty if hurried else self.people.careful
            self._plan_decision(piece, person, at, hasty=late and hurried)
        if self._draw.random() < 0.01:
            self._at(at + timedelta(hours=3), lambda: self._concern(piece))

    def _plan_expiry(self, piece: Piece) -> None:
        over = piece.when + piece.policy.review.decide_within + timedelta(seconds=20)
        if over < self._end:
            self._at(over, lambda: self._if_open(piece, partial(self._recorder.expired, piece.advice)))

    def _plan_decision(self, piece: Piece, person: Person, at: datetime, *, hasty: bool) -> None:
        took = piece.seconds_to_read * self._draw.uniform(*((0.08, 0.4) if hasty else (1.1, 2.4)))
        done = at + timedelta(seconds=took)
        own_view = None
        if piece.policy.review.view_first:
            view = partial(self._recorder.viewed, piece.advice, person, "I read the sources first.")
            self._at(at - timedelta(minutes=4), lambda: self._if_open(piece, view))
            own_view = "differs" if piece.writing.wrong and not hasty else "agrees"
        self._at(at, lambda: self._if_open(piece, partial(self._recorder.shown, piece.advice, person.actor)))
        roll, seen = self._draw.random(), self._draw.random() < (0.15 if hasty else 0.9)
        reject = (seen and roll < 0.35) if piece.writing.wrong else roll < (0.01 if hasty else 0.07)
        text = piece.writing.answer
        if not reject and not hasty and (seen if piece.writing.wrong else roll > 0.87):
            text = piece.writing.corrected
        request = DecisionRequest(
            person,
            "reject" if reject else "accept",
            reason="It does not say what the record says." if reject else "Read beside the record.",
            own_view=own_view,  # type: ignore[arg-type]
        )
        self._at(done, lambda: self._if_open(piece, partial(self._decide, piece, request, text)))

    async def _if_open(self, piece: Piece, act: Callable[[], Awaitable[Any]]) -> None:
        """A second person has nothing to do with what the first has rejected."""
        if piece.advice not in self._ended:
            await act()

    async def _decide(self, piece: Piece, request: DecisionRequest, text: str) -> None:
        confirmed = frozenset(
            caveat["id"] for caveat in piece.answered.caveats if caveat["id"] in piece.review.confirm
        )
        answer = piece.writing.answer
        amendment = Amendment.of(piece.completion(answer), text) if text != answer else None
        decision_request = DecisionRequest(**{**vars(request), "caveats_read": confirmed})
        (after, verdict), _ = await asyncio.gather(  # one after the other, and one wait for the disk
            self._recorder.decided(piece.advice, decision_request, amendment), self._release(piece)
        )
        if isinstance(verdict, Refused):  # a policy of one's own that asks for more than this play knows
            rejected = DecisionRequest(request.person, "reject", reason="Not decided in the demonstration.")
            after, _ = await self._recorder.decided(piece.advice, rejected, None)
        if after.status != "pending":
            self._ended.add(piece.advice)

    async def _release(self, piece: Piece) -> None:
        if piece.check is None and piece.review.gate == "release":
            with suppress(Conflict):  # not accepted, or not yet by both
                await self._recorder.released(piece.advice, piece.asked.actor)

    async def _concern(self, piece: Piece) -> None:
        concern = await self._recorder.submit(
            lambda transaction: raise_concern(
                transaction,
                self._vault,
                self._policies,
                self.people.careful,
                advice=piece.advice,
                policy=None,
                severity="minor",
                what="The tone is rather formal for this person.",
            )
        )
        await self._recorder.submit(
            lambda transaction: answer_concern(
                transaction,
                self._vault,
                self.people.admin,
                concern.id,
                state="upheld",
                answer="The prompt now asks for everyday words.",
            )
        )
