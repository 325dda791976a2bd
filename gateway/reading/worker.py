"""The program of a process that reads texts: it takes tasks from its standard input, and answers each in turn."""

import gc
import os
import pickle
import signal
import sys
from typing import Any

from gateway.redaction import RedactionError, RedactionFailed, Redactor


def main() -> None:
    """Load a redactor by the settings that come first, then read until the input ends."""
    # The gateway is told to end, and goes on until it has answered; then it closes this input.
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    gc.set_threshold(20_000, 20, 50)  # as the gateway itself: few cycles are made
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    redactor: Redactor | None = None
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)  # noqa: S301 - the gateway wrote it
        except EOFError:
            return
        try:
            result: tuple[bool, Any] = (True, None)
            if redactor is None:
                redactor = Redactor.load(task)
            else:
                read, arguments, named = task
                result = (True, read(redactor, *arguments, **named))
        except RedactionError as error:
            result = (False, error)
        except Exception as error:  # noqa: BLE001 - its text may quote what was read
            result = (False, RedactionFailed(f"The text could not be read ({type(error).__name__})."))
        answers.write(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
        answers.flush()
