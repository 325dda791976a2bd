"""Runs a gateway in this process until a signal ends it."""

import asyncio
import ctypes
import gc
import math
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from gateway.api import MonitoringPort
from gateway.settings import MonitoringSettings, Settings, SettingsInvalid
from gateway.startup.app import serve_application
from gateway.startup.bootstrap import Resources, open_resources
from gateway.telemetry import start_tracing

_BACKLOG = 2048
_TRIM_THRESHOLD, _ARENA_MAX = -1, -8
"""Options of mallopt."""
_MAX_UNUSED = 131_072
_ARENAS = 2
_CUT_SECONDS = 2
"""What still runs so long after those who wait for a provider were told that the gateway ends is cancelled."""


class _Server(uvicorn.Server):
    """Says that it ends as soon as the signal has come, before it waits for the requests that run."""

    stopping: asyncio.Event

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        self.stopping.set()
        super().handle_exit(sig, frame)


def run_gateway(settings: Settings, beside: Callable[[Resources], Awaitable[None]] | None = None) -> None:
    """Serve until a signal ends it; `beside` runs next to the server, on the same loop."""
    spare_the_collector()
    _give_memory_back()
    listening = _listen(settings)
    start_tracing(settings.telemetry)
    resources = open_resources(settings)
    failures: list[Exception] = []

    def failed(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    application = serve_application(resources, failed)
    server = _Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=math.ceil(settings.limits.stop_seconds) + _CUT_SECONDS,
            backlog=_BACKLOG,
        )
    )
    server.stopping = resources.stopping
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_all(server, listening, resources, beside, application))
    if failures:
        raise failures[0]


def spare_the_collector() -> None:
    """Look for reference cycles less often: few are made, and with hundreds of objects a request the default looks at
    every second one.
    """
    gc.set_threshold(20_000, 20, 50)


def _give_memory_back() -> None:
    """Have the C library (glibc's, see mallopt(3)) give freed memory back, of which it keeps much for each thread."""
    with suppress(OSError, AttributeError):  # another library
        set_option = ctypes.CDLL(None).mallopt
        set_option(_TRIM_THRESHOLD, _MAX_UNUSED)
        set_option(_ARENA_MAX, _ARENAS)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not on Windows
        return None
    return uvloop.new_event_loop


async def _all(
    server: uvicorn.Server,
    listening: socket.socket,
    resources: Resources,
    beside: Callable[[Resources], Awaitable[None]] | None,
    application: ASGIApp,
) -> None:
    with suppress(NotImplementedError, AttributeError):  # not on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, resources.reload.set)
    work = asyncio.ensure_future(_guarded(beside(resources), server)) if beside is not None else None
    ending = asyncio.ensure_future(_end_requests(resources))
    async with _monitoring(resources.settings.monitoring, application):
        await server.serve(sockets=[listening])
    ending.cancel()
    if work is not None and not work.done():
        work.cancel()
    if work is not None:
        with suppress(asyncio.CancelledError):
            await work


async def _end_requests(resources: Resources) -> None:
    await resources.stopping.wait()
    await asyncio.sleep(resources.settings.limits.stop_seconds)
    resources.providers.end_requests()


async def _guarded(work: Awaitable[None], server: uvicorn.Server) -> None:
    try:
        await work
    except BaseException:
        server.should_exit = True
        raise


class _MonitoringServer(uvicorn.Server):
    """Ends with the gateway, which takes the signals."""

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]
        """Capture none."""
        return nullcontext()


@asynccontextmanager
async def _monitoring(settings: MonitoringSettings, application: ASGIApp) -> AsyncIterator[None]:
    if settings.port is None:
        yield
        return
    config = uvicorn.Config(
        MonitoringPort(application),
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _MonitoringServer(config)
    serving = asyncio.ensure_future(
        server.serve(sockets=[_bound(settings.host, settings.port, "monitoring.port")])
    )
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _listen(settings: Settings) -> socket.socket:
    listening = _bound(settings.host, settings.port)
    settings.port = listening.getsockname()[1]
    return listening


def _bound(host: str, port: int, setting: str = "--port") -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by each connection: else an answer's second packet waits 40 ms for the first one's receipt.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise SettingsInvalid(
            f"can't listen on {host}:{port} ({error.strerror}); "
            f"choose another with {setting}, or end what listens there"
        ) from None
    return listening
