"""What commands print: results on standard output, how far they are on standard error."""

import json
import sys
import time
from typing import Any, Final

from audit.progress import Progress

_WIDTH: Final = 24
_EVERY: Final = 0.1
_LINE_EVERY: Final = 10.0
"""Where nobody looks, such as in a job's log: a line now and then, and none for what is done at once."""


def say(*lines: str) -> None:
    """Lines of a result."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def say_json(document: dict[str, Any]) -> None:
    """A result for machines."""
    say(json.dumps(document, indent=2, ensure_ascii=False))


def print_error(*lines: str) -> None:
    """Lines beside the result."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


class Bar:
    """A progress bar with rate and time left, on a terminal; elsewhere only its last line."""

    def __init__(self, verb: str, *, quiet: bool = False) -> None:
        self._verb = verb
        self._quiet = quiet
        self._live = sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = self._began
        self._done = 0

    @property
    def show(self) -> Progress:
        """To be called with the number of events done and to do."""
        return self._show

    def end(self) -> None:
        """The last line: how many, and how fast."""
        seconds = time.monotonic() - self._began
        if self._quiet or not self._done or (not self._live and seconds < 1):
            return
        clear = "\r\x1b[K" if self._live else ""
        rate = f" ({self._done / seconds:,.0f} a second)" if seconds > 0 else ""
        print_error(f"{clear}{self._verb} {self._done:,} events in {seconds:.1f} s{rate}")

    def _show(self, done: int, total: int) -> None:
        self._done = done
        now = time.monotonic()
        if self._quiet or now - self._shown < (_EVERY if self._live else _LINE_EVERY) or not total:
            return
        self._shown = now
        full = _WIDTH * done // total
        rate = done / max(now - self._began, 1e-6)
        remaining = (total - done) / rate if rate else 0
        bar = (
            f"{self._verb} [{'#' * full}{'.' * (_WIDTH - full)}] {done:,} of {total:,}"
            f"  {rate:,.0f} a second  {_spoken(remaining)} left"
        )
        if not self._live:
            print_error(bar)
            return
        sys.stderr.write(f"\r\x1b[K{bar}")
        sys.stderr.flush()


def _spoken(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
