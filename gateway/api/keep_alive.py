"""Comments in server-sent events while nothing happens: proxies end what is silent for long, often after 60 s."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

KEEP_ALIVE_SECONDS: Final = 15.0
COMMENT: Final = b": keep-alive\n\n"


async def with_comments(
    events: AsyncIterator[bytes], seconds: float = KEEP_ALIVE_SECONDS
) -> AsyncIterator[bytes]:
    """The events, with a comment after each time of so many seconds without one."""
    while True:
        upcoming = asyncio.ensure_future(anext(events, None))
        try:
            while not (await asyncio.wait([upcoming], timeout=seconds))[0]:
                yield COMMENT
            event = upcoming.result()
        finally:
            upcoming.cancel()
        if event is None:
            return
        yield event
