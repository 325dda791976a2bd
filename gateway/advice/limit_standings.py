"""Limits of requests, tokens and money, and how each stands: what was used, by the record (`usage.py`), and what is set
aside for requests under way (`reservations.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from gateway.advice.usage_projection import used_between
from gateway.storage import Connection

LimitHolder = Literal["application", "policy", "person"]
Unit = Literal["requests", "tokens", "cost"]
Period = Literal["minute", "day", "month"]
EVERYBODY: Final[tuple[LimitHolder, ...]] = ("application", "policy", "person")
MINUTE: Final = 60.0
_MAX_KNOWN: Final = 10_000


@dataclass(frozen=True)
class Limit:
    """At most so many requests, tokens, or millionths of a currency's unit, of somebody in a period."""

    whose: LimitHolder
    unit: Unit
    period: Period
    most: int
    currency: str = ""

    @property
    def name(self) -> str:
        """As the policy's file has it: `tokens_per_day`."""
        return f"{self.unit}_per_{self.period}"


@dataclass(frozen=True)
class Reservation:
    """The most that a request may use, or an estimate. `seconds`: the time after which no answer to it can come."""

    id: str
    policy: str
    application: str
    person: str
    tokens: int
    micro: int
    seconds: float
    limits: Sequence[Limit]

    def subject(self, whose: LimitHolder) -> str:
        """Whom a limit is of: an application, a person (empty if none is named); empty of the whole policy."""
        return {"application": self.application, "person": self.person, "policy": ""}[whose]

    def amount(self, unit: Unit) -> int:
        """What it adds to a limit."""
        return {"requests": 1, "tokens": self.tokens, "cost": self.micro}[unit]


@dataclass(frozen=True)
class LimitStanding:
    """A limit beside what is used of it, this request not counted; `resets_in`: seconds until there is more room."""

    limit: Limit
    used: int
    resets_in: float

    def fits(self, amount: int) -> bool:
        """Whether so much more is within the limit."""
        return self.used + amount <= self.limit.most


@dataclass(frozen=True)
class RecentUse:
    """Reservations and usage within the last minute; `oldest`: seconds since the first of that minute."""

    requests: int = 0
    minute_tokens: int = 0
    oldest: float = 0.0
    tokens: int = 0
    micro: int = 0


def standings_of(
    reservation: Reservation,
    pending: Mapping[LimitHolder, RecentUse],
    used: Mapping[LimitHolder, Mapping[str, int]],
    now: datetime,
) -> list[LimitStanding]:
    """The standing of each limit, from reservations and usage."""
    return [
        _standing(limit, pending[limit.whose], used.get(limit.whose, {}), now) for limit in reservation.limits
    ]


def fits_all(reservation: Reservation, standings: Sequence[LimitStanding]) -> bool:
    """Whether every limit has room for the request."""
    return all(standing.fits(reservation.amount(standing.limit.unit)) for standing in standings)


def _standing(limit: Limit, pending: RecentUse, used: Mapping[str, int], now: datetime) -> LimitStanding:
    if limit.period == "minute":
        count = pending.requests if limit.unit == "requests" else pending.minute_tokens
        return LimitStanding(limit, count, max(0.0, MINUTE - pending.oldest) if count else 0.0)
    aside = pending.tokens if limit.unit == "tokens" else pending.micro
    return LimitStanding(limit, used[f"{limit.period}_{limit.unit}"] + aside, seconds_left(limit.period, now))


def seconds_left(period: Period, now: datetime) -> float:
    """Until the next day or month begins, UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return (midnight + timedelta(days=1) - now).total_seconds()
    return ((midnight.replace(day=1) + timedelta(days=32)).replace(day=1) - now).total_seconds()


def period_name(period: Period, now: datetime) -> str:
    """`2026-11-29` or `2026-11`."""
    return now.strftime("%Y-%m-%d" if period == "day" else "%Y-%m")


class UsedBefore:
    """The usage in a month until the day before yesterday. No event changes it any more, so it is read once a day."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], dict[str, int]] = {}

    def read(self, connection: Connection, *key: str) -> dict[str, int]:
        """As `used_between`."""
        used = self._known.get(key)
        if used is None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            used = self._known[key] = used_between(connection, *key)
        return used


def used_of(
    connection: Connection, reservation: Reservation, now: datetime, before: UsedBefore
) -> dict[LimitHolder, dict[str, int]]:
    """The recorded usage of each holder of a daily or monthly limit: `day_tokens`, `day_cost`, `month_tokens`,
    `month_cost`.
    """
    limits = [limit for limit in reservation.limits if limit.period != "minute"]
    currency = next((one.currency for one in limits if one.currency), "")
    used_by_holder: dict[LimitHolder, dict[str, int]] = {}
    today, first = now.date(), now.date().replace(day=1)
    for whose in {one.whose for one in limits}:
        monthly = any(one.whose == whose and one.period == "month" for one in limits)
        recent = max(first, today - timedelta(days=1)) if monthly else today
        about = (reservation.policy, whose, reservation.subject(whose))
        used = used_between(connection, *about, recent.isoformat(), today.isoformat(), currency)
        month = {unit: used[unit] for unit in ("tokens", "cost")}
        if monthly and first < recent:
            until = (recent - timedelta(days=1)).isoformat()
            earlier = before.read(connection, *about, first.isoformat(), until, currency)
            month = {unit: month[unit] + earlier[unit] for unit in month}
        used_by_holder[whose] = {
            "day_tokens": used["day_tokens"],
            "day_cost": used["day_cost"],
            "month_tokens": month["tokens"],
            "month_cost": month["cost"],
        }
    return used_by_holder
