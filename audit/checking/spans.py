"""Work on many spans of events, one after the other or in several processes, its results in order."""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from audit.entry_blocks import BLOCK

if TYPE_CHECKING:
    from concurrent.futures import Future

S = TypeVar("S")
R = TypeVar("R")

SPAN: Final = 64 * BLOCK
"""Events in one piece of work: some tenths of a second."""
_ALONE: Final = 8 * SPAN
"""Below that many events, other processes would take longer to start than they save."""


def processes_for(size: int, requested: int | None) -> int:
    """The number of processes for `size` events: as many as `requested`, or as there are processors to use."""
    if requested is not None:
        return max(1, requested)
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return 1 if size < _ALONE else min(cores, 8)


def spans(size: int) -> list[tuple[int, int]]:
    """The spans of a log of `size` events, each from its first to the one after its last."""
    return [(start, min(size, start + SPAN)) for start in range(0, size, SPAN)]


def each(work: Callable[[S], R], tasks: Iterable[S], processes: int) -> Iterator[R]:
    """The results of `work` on each task, in order; at most a few are held at a time.

    `work` is a function of a module and its tasks are plain data, so that other processes can be given both.
    """
    if processes == 1:
        yield from _here(work, tasks)
        return
    # Imported here: they bring sockets with them.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Forking a process that has threads can hang; a fresh one takes a tenth of a second.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=gc.disable) as pool:
        under_way: deque[Future[R]] = deque()
        try:
            for task in tasks:
                under_way.append(pool.submit(work, task))
                if len(under_way) > 2 * processes:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _here(work: Callable[[S], R], tasks: Iterable[S]) -> Iterator[R]:
    for task in tasks:
        # Parsed events hold no cycles, and looking for some in millions of objects takes a third of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            result = work(task)
        finally:
            if collecting:
                gc.enable()
        yield result
