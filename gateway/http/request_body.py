"""Request bodies: bounded in size and time."""

import asyncio

from fastapi import Request

from gateway.errors import GatewayError
from gateway.settings import Limits


async def read_body(request: Request, limits: Limits, most: int | None = None) -> bytes:
    """The whole body; a 413 or a 408 `GatewayError` if it is too large or too slow. `most`: bytes, in place of
    `body_bytes`.
    """
    most = limits.body_bytes if most is None else most
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise _too_large(most)
                chunks.append(chunk)
    except TimeoutError:
        raise GatewayError(
            "body_timeout", f"The body did not arrive within {limits.body_seconds:g} s; send it again."
        ) from None
    return b"".join(chunks)


def _too_large(most: int) -> GatewayError:
    # The rest of the body is not read, so the connection can't be used again.
    return GatewayError("body_too_large", f"The body may have {most} bytes at most; send less.")
