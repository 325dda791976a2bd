"""Detecting that the caller has gone before its answer is there."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

T = TypeVar("T")


class CallerGone(Exception):
    """The caller has closed its connection: nobody is left to answer."""


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives. It is cancelled, and `CallerGone` raised, once the caller has closed its connection.

    The request's body must have been read.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise CallerGone
    except asyncio.CancelledError:
        task.cancel()
        raise
    finally:
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
