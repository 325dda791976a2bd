"""The measures of a running gateway, from what it has read already, and the alerts that they call for."""

from bisect import bisect_right
from collections.abc import Collection
from functools import partial

from audit import now_text
from gateway.advice import Recorder
from gateway.oversight.alerts import DueAlert, due, raise_alert
from gateway.oversight.decision_columns import AdviceByDay, Decisions
from gateway.oversight.measures import Measure, Question, measure
from gateway.policy import PolicySet
from gateway.storage import Database


class MeasureService:
    """Answers questions about the record; usable from many threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._decisions = Decisions()
        self._days = AdviceByDay()

    def answer(
        self, question: Question, *, only: Collection[str] | None = None, grouped: bool = True
    ) -> list[Measure]:
        """Every measure, or `only` some; decisions up to now, advice as it was a minute ago at most."""
        facts = self._database.read(self._decisions.read)
        days = self._database.read(lambda connection: self._days.read(connection, now_text()))
        return measure(question, facts, days, only=only, grouped=grouped)

    def newest_day(self, until: str | None = None) -> str | None:
        """The day of the newest decision, or of the newest up to a day; None if there is none."""
        days = self._database.read(self._decisions.read).day
        place = len(days) if until is None else bisect_right(days, until)
        return None if place == 0 else str(days[place - 1])

    async def alerts(self, policies: PolicySet, recorder: Recorder) -> list[DueAlert]:
        """Raise the alerts that are due; each is on record before it is told."""
        due_alerts = await self._database.fetch(lambda connection: due(connection, policies))
        return [alert for alert in due_alerts if await recorder.submit(partial(raise_alert, raised=alert))]
