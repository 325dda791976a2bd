"""Comments in server-sent events while nothing happens: proxies end what is silent for long, often after 60 s."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

KEEP_ALIVE_SECONDS: Final = 15.0
COMMENT: Final = b": keep-alive\n\n"


async def with_comments(
    events: AsyncIterator[bytes], seconds: float = KEEP_ALIVE_SECONDS
) -> AsyncGenerator[bytes, None]:
    """The events, with a comment after each time of so many seconds without one; ended when the caller leaves."""
    upcoming: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            upcoming = asyncio.ensure_future(anext(events, None))
            while not (await asyncio.wait([upcoming], timeout=seconds))[0]:
                yield COMMENT
            event = upcoming.result()
            if event is None:
                return
            yield event
    finally:
        if upcoming is not None and not upcoming.done():
            upcoming.cancel()
        elif isinstance(events, AsyncGenerator):
            await events.aclose()  # left between two events, nothing else ends them soon
