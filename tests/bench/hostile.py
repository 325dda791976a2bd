"""How reading time grows with length, of text that is made to break a reader: about 4 is linear, 16 quadratic.

python -m tests.bench.hostile
"""

import time
from contextlib import suppress

from gateway.redaction import RedactionSettings, Redactor, Unreadable
from tests.redaction.conftest import user
from tests.redaction.hostile import UNITS

_LESS, _MORE, _TRIES = 40_000, 160_000, 3


def main() -> None:
    """Print CPU seconds for the longer text, and how many times those of the shorter they are; the worst last."""
    redactor = Redactor.load(RedactionSettings(name_model=None))
    rows = []
    for unit in UNITS:
        _seconds(redactor, unit * 100)
        less = min(_seconds(redactor, (unit * _LESS)[:_LESS]) for _ in range(_TRIES))
        more = min(_seconds(redactor, (unit * _MORE)[:_MORE]) for _ in range(_TRIES))
        rows.append((more / less, more, unit))
    for growth, more, unit in sorted(rows):
        print(f"{growth:6.1f} times  {more:8.3f} s  {unit!r}")


def _seconds(redactor: Redactor, text: str) -> float:
    began = time.process_time()
    with suppress(Unreadable):
        redactor.redact(user(text))
    return time.process_time() - began


if __name__ == "__main__":
    main()
