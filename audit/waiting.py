"""The commands that wait for the writer: bounded, taken many at a time."""

import threading
from collections import deque
from typing import Generic, TypeVar

from audit.errors import LogFull, LogUnavailable

T = TypeVar("T")


class Waiting(Generic[T]):
    """A queue of at most `limit`; adding never waits."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def add(self, item: T) -> None:
        """Queue `item`; `LogFull` if too many wait, `LogUnavailable` after `close`."""
        with self._changed:
            if self._closed:
                raise LogUnavailable("the log is closed; open it again")
            if len(self._items) >= self._limit:
                raise LogFull(f"{self._limit} commands wait for the log; try again shortly")
            self._items.append(item)
            self._changed.notify()

    def take(self, at_most: int, timeout: float | None) -> list[T] | None:
        """Wait for items, `timeout` seconds at most; none after that. None once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed, timeout)
            if self._closed and not self._items:
                return None
            return [self._items.popleft() for _ in range(min(at_most, len(self._items)))]

    def close(self) -> None:
        """Take no more; what waits is still served."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
