"""Sends notices, and tries again until they have arrived: never in the way of a decision."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog

from gateway.advice import Recorder
from gateway.notices.channels import EmailChannel, NoticeChannel, NotSent, WebhookChannel
from gateway.notices.notice_settings import NoticeSettings
from gateway.notices.outbox import (
    OUTCOME_DAYS,
    Notice,
    delete_settled,
    enqueue,
    find_outcomes,
    find_unsent,
    find_waiting,
    record_attempt,
)
from gateway.storage import Connection, Database, RowTaken

_log = structlog.get_logger("countersign")

_MAX_WAIT: Final = 3_600.0
"""Seconds between two tries at most; they never end, since what a notice is about stops being due by itself."""


class NoticeDispatcher:
    """The outbox of one gateway; does nothing where no channel is named."""

    def __init__(
        self,
        settings: NoticeSettings,
        database: Database,
        recorder: Recorder,
        base_url: str,
        failed: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._database = database
        self._recorder = recorder
        self._failed = failed
        self._channels: list[NoticeChannel] = []
        if settings.email is not None:
            self._channels.append(EmailChannel(settings.email, base_url))
        if settings.webhook is not None:
            self._channels.append(WebhookChannel(settings.webhook, base_url))
        for application, webhook in settings.applications.items():
            self._channels.append(WebhookChannel(webhook, base_url, application))

    async def run(self) -> None:
        """Until cancelled."""
        while self._channels:
            await asyncio.sleep(self._settings.every_seconds)
            for channel in self._channels:
                try:
                    await self.dispatch(channel)
                except Exception as error:  # noqa: BLE001 - whatever it was, the next look must come
                    _log.warning("notices failed", channel=channel.name, error_type=type(error).__name__)

    def _find(
        self, connection: Connection, channel: NoticeChannel, now: datetime, since: str
    ) -> list[Notice]:
        if channel.application is not None:
            return find_outcomes(connection, channel.name, channel.application, since)
        soon = _text(now + timedelta(minutes=self._settings.remind_minutes))
        return find_unsent(connection, channel.name, _text(now), soon)

    async def dispatch(self, channel: NoticeChannel) -> None:
        """Take up what is new, and try what waits."""
        now = datetime.now(UTC)
        since = _text(now - timedelta(days=OUTCOME_DAYS))
        batch = await self._database.fetch(lambda connection: self._find(connection, channel, now, since))
        if batch:
            try:
                await self._recorder.submit(partial(enqueue, notices=batch))
            except RowTaken:  # by another gateway, which sends them
                return
            await self._recorder.submit(partial(delete_settled, outcomes_before=since))
        due = await self._database.fetch(
            lambda connection: find_waiting(connection, channel.name, _text(datetime.now(UTC)))
        )
        if not due:
            return
        try:
            await channel.send(due)
        except NotSent as error:
            _log.warning(
                "notices did not arrive", channel=channel.name, reason=str(error), find_waiting=len(due)
            )
            self._failed(channel.name)
            pause = min(_MAX_WAIT, self._settings.every_seconds * 2 ** min(due[0].tries, 20))
            again = _text(datetime.now(UTC) + timedelta(seconds=pause))
            await self._recorder.submit(partial(record_attempt, notices=due, next_at=again))
            return
        await self._recorder.submit(partial(record_attempt, notices=due, next_at=None))


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
