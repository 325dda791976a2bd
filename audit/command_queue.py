"""The commands that wait for the writer: bounded, taken many at a time."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Generic, TypeVar

from audit.audit_errors import LogFull, LogUnavailable

T = TypeVar("T")

COMPANY: Final = 4
"""Callers at work from which on it pays to wait for their commands (PostgreSQL's `commit_siblings`, 5 there)."""


class BoundedQueue(Generic[T]):
    """A queue of at most `limit`; adding never waits.

    While several callers are at work, `take` gives them `delay` seconds, so that their commands share a commit: one
    after the other they would each cost a signature and a sync (PostgreSQL's `commit_delay`).
    """

    def __init__(self, limit: int, delay: float) -> None:
        self._limit = limit
        self._delay = delay
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._at_work = 0
        self._wanted = 1

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """A context in which the caller is likely to add an item soon."""
        with self._changed:
            self._at_work += 1
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1

    def add(self, item: T) -> None:
        """Queue `item`; `LogFull` if too many wait, `LogUnavailable` after `close`."""
        with self._changed:
            if self._closed:
                raise LogUnavailable("the log is closed; open it again")
            if len(self._items) >= self._limit:
                raise LogFull(f"{self._limit} commands wait for the log; try again shortly")
            self._items.append(item)
            if len(self._items) >= self._wanted:
                self._changed.notify()

    def take(self, at_most: int, timeout: float | None) -> list[T] | None:
        """Wait for items, `timeout` seconds at most; none after that. None once closed and empty."""
        with self._changed:
            self._wait_for(1, timeout)
            if self._closed and not self._items:
                return None
            if self._items and self._at_work >= COMPANY:
                self._wait_for(self._at_work // 2, self._delay)
            return [self._items.popleft() for _ in range(min(at_most, len(self._items)))]

    def _wait_for(self, count: int, timeout: float | None) -> None:
        self._wanted = count
        self._changed.wait_for(lambda: len(self._items) >= count or self._closed, timeout)
        self._wanted = 1

    def close(self) -> None:
        """Take no more; what waits is still served."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
