"""One process that reads texts, seen from the gateway: it is started, asked, and started again if it has ended."""

import asyncio
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import structlog

from gateway.redaction import RedactionError, RedactionSettings

_log = structlog.get_logger("countersign")
_SECRET: Final = re.compile(r"COUNTERSIGN_|.*(?:KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL)", re.IGNORECASE)
_PROGRAM: Final = "import sys; sys.path[:] = {path!r}; from gateway.reading.worker import main; main()"
_END_SECONDS: Final = 5.0


class ReadingStopped(Exception):
    """The process has ended while it read: nothing may be sent. The next request finds it started again."""


class ReadingProcess:
    """Reads one text after the other. It has no keys, and ends with the gateway, whose end closes its input."""

    def __init__(self, settings: RedactionSettings) -> None:
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, "reading")
        self._process: subprocess.Popen[bytes] | None = None
        self.waiting = 0
        """How many tasks it has been given and has not done."""

    async def start(self) -> None:
        """Load its models; `ModelMissing` if one can't be loaded."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._started)

    async def run(
        self, read: Callable[..., Any], arguments: Sequence[object], named: Mapping[str, object]
    ) -> Any:
        """What `read` gives or raises there, given a redactor and the arguments; `ReadingStopped` if it ends."""
        loop = asyncio.get_running_loop()
        self.waiting += 1
        asked = self._thread.submit(self._ask, (read, arguments, named))
        # Also of a caller that has gone meanwhile, the task is done only now.
        asked.add_done_callback(lambda _: loop.call_soon_threadsafe(self._count_done))
        return await asyncio.wrap_future(asked)

    async def close(self) -> None:
        """End it; what it still reads, nobody waits for any longer."""
        if self.waiting and self._process is not None:
            self._process.kill()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._end)
        self._thread.shutdown()

    def _count_done(self) -> None:
        self.waiting -= 1

    def _ask(self, task: object) -> Any:
        process = self._started()
        try:
            return _answer(process, task)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._end()
        _log.error("a process that reads texts has ended while it read; the next text starts it again")
        raise ReadingStopped

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            path = [entry or os.getcwd() for entry in sys.path]
            self._process = subprocess.Popen(  # noqa: S603 - our own program; what comes is on its standard input
                [sys.executable, "-I", "-c", _PROGRAM.format(path=path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={name: value for name, value in os.environ.items() if not _SECRET.match(name)},
            )
            try:
                _answer(self._process, self._settings)
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._end()
                raise ReadingStopped from error
            except RedactionError:  # it has no models, and must not take the next task for its settings
                self._end()
                raise
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        for end in (self._process.stdin, self._process.stdout):
            if end is not None:
                end.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def _answer(process: subprocess.Popen[bytes], task: object) -> Any:
    """What the process gives for a task, or raises."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
    process.stdin.flush()
    done, result = pickle.load(process.stdout)  # noqa: S301 - our own program wrote it
    if done:
        return result
    raise result
