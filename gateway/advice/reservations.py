"""Reservations of requests under way, so that simultaneous requests do not exceed a limit.

In memory, or in PostgreSQL where several gateways share the log. It is given back when the request has an answer or
fails, and by itself once no answer can come any more. Reservations are read before usage. So a request that ends
between the two reads is counted twice for a moment, and never missed.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from gateway.advice.limit_standings import (
    EVERYBODY,
    MINUTE,
    LimitHolder,
    LimitStanding,
    RecentUse,
    Reservation,
    UsedBefore,
    fits_all,
    standings_of,
    used_of,
)
from gateway.storage import Connection, SharedRows


class Reservations(Protocol):
    """Where reservations are kept."""

    def reserve(self, reservation: Reservation, now: datetime) -> list[LimitStanding]:
        """Set it aside if all of its limits have room, in place of an earlier one of its id; gives how each stands."""
        ...

    def charge(self, reservation: str, tokens: int) -> None:
        """The request has its answer, which took so many tokens, or has failed."""
        ...


@dataclass(eq=False)
class _Entry:
    at: float
    until: float
    tokens: int
    micro: int
    accounts: Sequence["_Account"]
    open: bool = True


@dataclass
class _Account:
    """What one application, person or policy has under way, and asked for in the last minute."""

    recent: deque[_Entry] = field(default_factory=deque)
    recent_tokens: int = 0
    tokens: int = 0
    micro: int = 0

    def forget_before(self, moment: float) -> None:
        while self.recent and self.recent[0].at <= moment:
            self.recent_tokens -= self.recent.popleft().tokens


class OwnReservations:
    """Those of this process: all there are, where it is the only gateway."""

    def __init__(
        self,
        read: Callable[[Callable[[Connection], Any]], Any],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`read` asks the database what was used."""
        self._read = read
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._accounts: dict[tuple[str, LimitHolder, str], _Account] = {}
        self._open: dict[str, _Entry] = {}
        self._looked_at = monotonic()
        self._before = UsedBefore()

    def reserve(self, reservation: Reservation, now: datetime) -> list[LimitStanding]:
        """See Reservations."""
        with self._lock:
            moment = self._monotonic()
            self._expire(moment)
            earlier = self._open.pop(reservation.id, None)
            if earlier is not None:
                self._close(earlier, 0, counted=False)
            accounts: dict[LimitHolder, _Account] = {
                whose: self._accounts.setdefault(
                    (reservation.policy, whose, reservation.subject(whose)), _Account()
                )
                for whose in EVERYBODY
            }
            pending = {whose: self._pending(account, moment) for whose, account in accounts.items()}
            used = self._read(lambda connection: used_of(connection, reservation, now, self._before))
            standings = standings_of(reservation, pending, used, now)
            if fits_all(reservation, standings):
                self._add(reservation, list(accounts.values()), moment)
            return standings

    def charge(self, reservation: str, tokens: int) -> None:
        """See Reservations."""
        with self._lock:
            entry = self._open.pop(reservation, None)
            if entry is not None:
                self._close(entry, tokens)

    def _add(self, reservation: Reservation, accounts: Sequence[_Account], moment: float) -> None:
        entry = _Entry(moment, moment + reservation.seconds, reservation.tokens, reservation.micro, accounts)
        self._open[reservation.id] = entry
        for account in accounts:
            account.recent.append(entry)
            account.recent_tokens += entry.tokens
            account.tokens += entry.tokens
            account.micro += entry.micro

    def _close(self, entry: _Entry, tokens: int, *, counted: bool = True) -> None:
        entry.open = False
        for account in entry.accounts:
            account.tokens -= entry.tokens
            account.micro -= entry.micro
            if account.recent and account.recent[0].at <= entry.at:
                account.recent_tokens += tokens - entry.tokens
                if not counted:
                    account.recent.remove(entry)
        entry.tokens = tokens

    def _pending(self, account: _Account, moment: float) -> RecentUse:
        account.forget_before(moment - MINUTE)
        oldest = moment - account.recent[0].at if account.recent else 0.0
        return RecentUse(len(account.recent), account.recent_tokens, oldest, account.tokens, account.micro)

    def _expire(self, moment: float) -> None:
        """Give back what no answer can come for any more; and forget who asked for nothing in the last minute."""
        if moment - self._looked_at < 1:
            return
        self._looked_at = moment
        for name in [name for name, entry in self._open.items() if entry.until <= moment]:
            self._close(self._open.pop(name), 0)
        for key, account in list(self._accounts.items()):
            account.forget_before(moment - MINUTE)
            if not account.recent and not account.tokens and not account.micro:
                del self._accounts[key]


class SharedReservations:
    """Those of all gateways on the same log."""

    def __init__(self, rows: SharedRows) -> None:
        self._rows = rows
        self._before = UsedBefore()

    def reserve(self, reservation: Reservation, now: datetime) -> list[LimitStanding]:
        """See Reservations."""

        def fits(
            connection: Connection, there: Mapping[Any, tuple[Any, ...]]
        ) -> tuple[list[LimitStanding], bool]:
            pending: dict[LimitHolder, RecentUse] = {whose: RecentUse(*row) for whose, row in there.items()}
            standings = standings_of(
                reservation, pending, used_of(connection, reservation, now, self._before), now
            )
            return standings, fits_all(reservation, standings)

        row = {
            "id": reservation.id,
            "policy": reservation.policy,
            "application": reservation.application,
            "person": reservation.person,
            "tokens": reservation.tokens,
            "micro": reservation.micro,
            "seconds": reservation.seconds,
        }
        standings: list[LimitStanding] = self._rows.reserve(
            row, {limit.whose for limit in reservation.limits}, fits
        )
        return standings

    def charge(self, reservation: str, tokens: int) -> None:
        """See Reservations."""
        self._rows.charge(reservation, tokens)
