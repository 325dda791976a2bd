"""A gateway in a process of its own, forked from one that has imported everything: that takes seconds."""

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

import httpx

from tests.gateway_server import PLAIN

START_SECONDS: Final = 120.0
_PRELOADED: Final = [
    "__main__",
    "tests.forked_gateway",
    "gateway.commands.serving",
    "gateway.startup.app",
    "gateway.web",
    "openai.resources",
    "openai.types.responses",
    "openai.types.chat",
    "uvloop",
    "uvicorn.protocols.http.httptools_impl",
]


def start_forked(
    config: Path, environ: Mapping[str, str], before: Callable[[], None] | None = None
) -> BaseProcess:
    """What `countersign serve` does with these settings, once `before` has been called there."""
    multiprocessing.set_forkserver_preload(_PRELOADED)
    process = multiprocessing.get_context("forkserver").Process(
        target=_serve, args=(dict(environ), config, before), daemon=True
    )
    process.start()
    return process


def wait_until_ready(process: BaseProcess, url: str) -> None:
    """Raises TimeoutError, and AssertionError where it ended by itself."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        assert process.is_alive(), "the gateway ended by itself"
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{url}/health/ready", trust_env=False, verify=PLAIN).status_code == 200:
                return
        time.sleep(0.01)
    raise TimeoutError("the gateway did not get ready")


def _serve(environ: dict[str, str], config: Path, before: Callable[[], None] | None) -> None:
    os.environ.update(environ)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    if before is not None:
        before()
    from gateway.commands.serving import serve

    serve(config)
