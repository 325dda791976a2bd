"""Step 2 of the pipeline, in part: what a request may use is set aside before it is sent, or it is refused.

A request is refused if past usage, reservations of other requests and its own reservation together exceed a limit.
The reservation is an estimate of the tokens sent, plus `max_tokens` for the answer, or the policy's
`limits.answer_tokens`.
"""

import math
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from gateway.advice import (
    Limit,
    LimitHolder,
    LimitStanding,
    LimitState,
    OwnReservations,
    Period,
    Recorder,
    Reservation,
    Reservations,
    SharedReservations,
    Unit,
    about_tokens,
    fits_all,
    is_recorded,
    period_name,
    record_limit,
)
from gateway.errors import GatewayError
from gateway.identity import Application, Person
from gateway.money import Money
from gateway.policy import Policy, Quota
from gateway.providers import Price, Providers
from gateway.storage import Database

_SPARE_SECONDS: Final = 60.0
_MAX_WARNED: Final = 10_000
_WHOSE: Final = {"application": "an application", "policy": "all applications together", "person": "a person"}
_PERIODS: Final = {"minute": "a minute", "day": "a day", "month": "a month"}
_LIMITS: Final[Sequence[tuple[Unit, Period]]] = (
    ("requests", "minute"),
    ("tokens", "minute"),
    ("tokens", "day"),
    ("tokens", "month"),
    ("cost", "day"),
    ("cost", "month"),
)
_UNITS: Final[Sequence[Unit]] = ("requests", "tokens", "cost")
_FILES: Final = frozenset({"file_data", "data", "image_url", "url"})
"""Members whose text is no text: a file counts once it is read."""


@dataclass(frozen=True)
class Allowance:
    """The reservation of a request; `headers` give the standing of the limits at that time."""

    id: str
    headers: Mapping[str, str] = field(default_factory=dict)


class UsageLimits:
    """Holds policies, applications and people to what policies let them use."""

    def __init__(self, database: Database, recorder: Recorder, providers: Providers) -> None:
        rows = database.reservations()
        self._reservations: Reservations = (
            OwnReservations(database.read) if rows is None else SharedReservations(rows)
        )
        self._database = database
        self._recorder = recorder
        self._providers = providers
        self._warned: set[tuple[str, Limit, str, str, LimitState]] = set()

    async def reserve(
        self,
        name: str,
        policy: Policy,
        models: Sequence[str],
        application: Application,
        requester: Person | None,
        request: Mapping[str, Any],
    ) -> Allowance:
        """Set aside what the request may use, in place of what was set aside for it before; a 429 without room."""
        limits = limits_of(policy)
        if not limits:
            return Allowance(name)
        sent = about_tokens(characters_of(request) + len(policy.prompt_text))
        usage = {"prompt_tokens": sent, "completion_tokens": _max_answer_tokens(request, policy)}
        reservation = Reservation(
            name,
            policy.id,
            application.id,
            "" if requester is None else requester.id,
            tokens=sum(usage.values()),
            micro=_highest_cost([self._providers.terms.prices.get(model) for model in models], limits, usage),
            seconds=self._providers.terms.longest_seconds(models) + _SPARE_SECONDS,
            limits=limits,
        )
        now = datetime.now(UTC)
        standings = await self._database.run_in_thread(lambda: self._reservations.reserve(reservation, now))
        await self._record_warnings(policy, reservation, standings, now)
        if not fits_all(reservation, standings):
            raise refusal_of_limit(reservation, standings)
        return Allowance(name, limit_headers(reservation, standings, counted=True))

    @asynccontextmanager
    async def released_on_error(self, name: str) -> AsyncIterator[None]:
        """Around what leads to an answer: what fails before there is one used nothing."""
        try:
            yield
        except BaseException:
            await self.charge(name)
            raise

    async def charge(self, name: str, tokens: int = 0) -> None:
        """The request has its answer, which took so many tokens, or none."""
        await self._database.run_in_thread(lambda: self._reservations.charge(name, tokens))

    async def _record_warnings(
        self, policy: Policy, reservation: Reservation, standings: Sequence[LimitStanding], now: datetime
    ) -> None:
        """Put on record what is nearly used up, and what is, once in each period."""
        for standing in standings:
            limit, amount = standing.limit, reservation.amount(standing.limit.unit)
            if limit.period == "minute":
                continue
            fits = standing.fits(amount)
            used = standing.used + amount if fits else standing.used
            if fits and used * 100 < limit.most * policy.limits.warn_at:
                continue
            subject, period = reservation.subject(limit.whose), period_name(limit.period, now)
            await self._record_warning(policy, limit, subject, period, "approached", used)
            if not fits:
                await self._record_warning(policy, limit, subject, period, "reached", used)

    async def _record_warning(
        self, policy: Policy, limit: Limit, subject: str, period: str, state: LimitState, used: int
    ) -> None:
        key = (policy.id, limit, subject, period, state)
        if key in self._warned:
            return
        known = await self._database.fetch(
            lambda connection: is_recorded(connection, policy.id, limit, subject, period, state)
        )
        if not known:
            version = {"id": policy.id, "version": policy.version}
            await self._recorder.submit(
                lambda transaction: record_limit(transaction, version, limit, subject, period, state, used)
            )
        if len(self._warned) >= _MAX_WARNED:
            self._warned.clear()
        self._warned.add(key)


def limits_of(policy: Policy) -> list[Limit]:
    """Every limit of the policy."""
    limits: list[Limit] = []
    quotas: dict[LimitHolder, Quota] = {
        "application": policy.limits,
        "policy": policy.limits.together,
        "person": policy.limits.each_person,
    }
    for whose, quota in quotas.items():
        for unit, period in _LIMITS:
            most = getattr(quota, f"{unit}_per_{period}")
            if isinstance(most, Money):
                limits.append(Limit(whose, unit, period, most.micro, most.currency))
            elif most is not None:
                limits.append(Limit(whose, unit, period, most))
    return limits


def characters_of(value: Any) -> int:
    """Characters of every text in a request, but of files, which count once they are read."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(characters_of(member) for name, member in value.items() if name not in _FILES)
    return sum(map(characters_of, value)) if isinstance(value, list | tuple) else 0


def _max_answer_tokens(request: Mapping[str, Any], policy: Policy) -> int:
    """Of each choice; none of embeddings."""
    if "input" in request:
        return 0
    limit = request.get("max_completion_tokens") or request.get("max_tokens")
    most = limit if isinstance(limit, int) and limit > 0 else policy.limits.answer_tokens
    choices = request.get("n")
    return most * (choices if isinstance(choices, int) and choices > 0 else 1)


def _highest_cost(prices: Sequence[Price | None], limits: Sequence[Limit], usage: Mapping[str, int]) -> int:
    """The highest cost among the models, in the limit's currency. A model without a price can't be held to a limit."""
    currency = next((limit.currency for limit in limits if limit.currency), None)
    if currency is None:
        return 0
    known = [price for price in prices if price is not None and price.fits(currency)]
    if len(known) < len(prices):
        raise GatewayError(
            "price_unknown",
            f"This policy limits what it costs in {currency}, and a model of it has no price in {currency}; the"
            " operator gives its route one.",
        )
    return max((price.cost(usage).micro for price in known), default=0)


def refusal_of_limit(reservation: Reservation, standings: Sequence[LimitStanding]) -> GatewayError:
    """Why a request is refused, by the limit that takes longest to have room."""
    full = [standing for standing in standings if not standing.fits(reservation.amount(standing.limit.unit))]
    longest = max(
        full,
        key=lambda standing: (
            reservation.amount(standing.limit.unit) > standing.limit.most,
            standing.resets_in,
        ),
    )
    limit, amount = longest.limit, reservation.amount(longest.limit.unit)
    headers = limit_headers(reservation, standings, counted=False)
    code = "budget_exceeded" if limit.unit == "cost" else "rate_limited"
    rule = (
        f"This policy lets {_WHOSE[limit.whose]} use {_amount(limit, limit.most)} {_PERIODS[limit.period]}"
        f" (`{limit.name}`)"
    )
    if amount > limit.most:
        return GatewayError(
            code,
            f"{rule}, and this request alone may take {_amount(limit, amount)}; make it shorter, or ask for a shorter"
            " answer with `max_tokens`.",
            final=True,
            headers=headers,
            limit=limit.name,
        )
    seconds = max(1, math.ceil(longest.resets_in))
    again = "" if limit.period == "minute" else f" They start again when the {limit.period} ends, in UTC."
    return GatewayError(
        code,
        f"{rule}; {_amount(limit, longest.used)} are used or set aside, and this request may take"
        f" {_amount(limit, amount)}. Try again in {seconds} s.{again}",
        retry_after=seconds,
        headers=headers,
        limit=limit.name,
    )


def limit_headers(
    reservation: Reservation, standings: Collection[LimitStanding], *, counted: bool
) -> dict[str, str]:
    """`x-ratelimit-…` as OpenAI has them, of the limit of each unit with the smallest share left.

    `counted`: whether the request is counted already.
    """
    headers = {}
    for unit in _UNITS:
        own = reservation.amount(unit) if counted else 0
        of_unit = [
            (standing, max(0, standing.limit.most - standing.used - own))
            for standing in standings
            if standing.limit.unit == unit
        ]
        if not of_unit:
            continue
        lowest, remaining = min(of_unit, key=lambda pair: pair[1] / pair[0].limit.most)
        headers[f"x-ratelimit-limit-{unit}"] = _plain(lowest.limit, lowest.limit.most)
        headers[f"x-ratelimit-remaining-{unit}"] = _plain(lowest.limit, remaining)
        headers[f"x-ratelimit-reset-{unit}"] = f"{math.ceil(lowest.resets_in)}s"
    return headers


def _plain(limit: Limit, amount: int) -> str:
    return str(Money(amount, limit.currency)) if limit.unit == "cost" else str(amount)


def _amount(limit: Limit, amount: int) -> str:
    return _plain(limit, amount) if limit.unit == "cost" else f"{amount:,} {limit.unit}"
