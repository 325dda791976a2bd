"""Which gateways are there, and whose requests are under way: where several share a log, none may give up another's.

Each process is a gateway with an id of its own. It counts its heartbeats in the database. The others measure by
their own clocks how long the count has stood still, so that no two clocks need to agree.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, delete, insert, select, update

from gateway.storage import Connection, Statement, tables

_ANY_BEAT: Final = 2**62
_NO_BEAT: Final = -1

_gateways = tables.gateways
_under_way = tables.under_way
_count_on = Statement(
    update(_gateways)
    .values(beat=_gateways.c.beat + 1, log_keys=bindparam("keys"))
    .where(_gateways.c.id == bindparam("which"))
)
_appear = Statement(insert(_gateways).values(id=bindparam("id"), beat=0, log_keys=bindparam("keys")))
_forget = Statement(
    delete(_gateways).where(_gateways.c.id == bindparam("which"), _gateways.c.beat <= bindparam("seen"))
)
_all = Statement(select(_gateways))
_working = Statement(select(_under_way.c.gateway).distinct())
_begin = Statement(insert(_under_way).values(advice=bindparam("advice"), gateway=bindparam("gateway")))
_end = Statement(delete(_under_way).where(_under_way.c.advice == bindparam("which")))
_of = Statement(select(_under_way.c.advice).where(_under_way.c.gateway == bindparam("gateway")))


def record_heartbeat(connection: Connection, gateway: str, keys: str = "") -> None:
    """Say that the gateway is there, and signs the log with the keys of these ids."""
    if not _count_on.run(connection, which=gateway, keys=keys):
        _appear.run(connection, id=gateway, keys=keys)


def heartbeats(connection: Connection) -> dict[str, int]:
    """The heartbeats of every gateway that was there and is not forgotten, or that left something under way."""
    working = {row["gateway"]: _NO_BEAT for row in _working.all(connection)}
    return working | {row["id"]: row["beat"] for row in _all.all(connection)}


def signing_keys(connection: Connection) -> dict[str, str]:
    """The ids of the log's keys that each gateway signs with; "" where it does not say."""
    return {row["id"]: row["log_keys"] or "" for row in _all.all(connection)}


def remove_gateway(connection: Connection, gateway: str, unless_after: int = _ANY_BEAT) -> None:
    """Forget a gateway that is gone; not if it has counted on after this heartbeat."""
    _forget.run(connection, which=gateway, seen=unless_after)


def begin(connection: Connection, advice: str, gateway: str) -> None:
    """The gateway has asked for this advice and waits for the answer."""
    _begin.run(connection, advice=advice, gateway=gateway)


def end(connection: Connection, advice: str) -> None:
    """The advice was answered, or failed."""
    _end.run(connection, which=advice)


def in_flight_at(connection: Connection, gateway: str) -> list[str]:
    """The advice that the gateway has not brought to an end."""
    return [row["advice"] for row in _of.all(connection, gateway=gateway)]


@dataclass
class _LastHeartbeat:
    beat: int
    since: float


class LivenessMonitor:
    """Measures how long each other gateway has been silent, by the clock of this one."""

    def __init__(self, own: str, seconds: float) -> None:
        self._own = own
        self._seconds = seconds
        self._last: dict[str, _LastHeartbeat] = {}

    def start_again(self) -> None:
        """Forget how long anybody was silent."""
        self._last.clear()

    def find_silent(self, heartbeats: dict[str, int], now: float) -> dict[str, int]:
        """The gateways that have been silent for too long, each with its last heartbeat."""
        for gateway, count in heartbeats.items():
            seen = self._last.get(gateway)
            if seen is None or seen.beat != count:
                self._last[gateway] = _LastHeartbeat(count, now)
        self._last = {gateway: seen for gateway, seen in self._last.items() if gateway in heartbeats}
        return {
            gateway: seen.beat
            for gateway, seen in self._last.items()
            if gateway != self._own and now - seen.since >= self._seconds
        }
