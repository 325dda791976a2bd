"""Runs what reads texts, away from the loop of the gateway."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from gateway.reading.reading_process import ReadingProcess
from gateway.redaction import RedactionSettings, Redactor

P = ParamSpec("P")
T = TypeVar("T")


async def start_processes(settings: RedactionSettings) -> list[ReadingProcess]:
    """Those of the settings, ready; `ModelMissing` if one can't load its models."""
    processes = [ReadingProcess(settings) for _ in range(settings.processes)]
    await asyncio.gather(*(process.start() for process in processes))
    return processes


class Reader:
    """Reads with `redactor` on a thread, or in `processes`, each of which has a redactor of its own."""

    def __init__(self, redactor: Redactor, processes: Sequence[ReadingProcess] = ()) -> None:
        self.redactor = redactor
        self._processes = tuple(processes)

    async def run(
        self,
        about: str,
        read: Callable[Concatenate[Redactor, P], T],
        *arguments: P.args,
        **named: P.kwargs,
    ) -> T:
        """What `read`, a function of a module, gives.

        What is `about` the same goes to one process, which remembers what it has read; while that reads, to the one
        that has least to do, so that nobody waits for a long text.
        """
        if not self._processes:
            return await asyncio.to_thread(read, self.redactor, *arguments, **named)
        process = self._processes[hash(about) % len(self._processes)]
        if process.waiting:
            process = min(self._processes, key=lambda one: one.waiting)
        result: T = await process.run(read, arguments, named)
        return result

    async def close(self) -> None:
        """End the processes."""
        await asyncio.gather(*(process.close() for process in self._processes))
