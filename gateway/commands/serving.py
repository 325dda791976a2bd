"""`countersign serve` and `countersign demo`."""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from gateway.app import serve_application
from gateway.foundation import Foundation, open_foundation
from gateway.logs import configure_logs
from gateway.settings import Settings, SettingsInvalid, load_settings

_BACKLOG = 2048

ConfigFile = Annotated[
    Path | None, typer.Option("--config", help="countersign.yaml; default: the one in this folder")
]


def serve(
    config: ConfigFile = None,
    data: Annotated[Path | None, typer.Option(help="data folder")] = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port to listen on")] = None,
) -> None:
    """Run the gateway with the settings of countersign.yaml and COUNTERSIGN_* variables."""
    settings = load_settings(config, data=data, host=host, port=port)
    configure_logs(settings.log_level)
    run_gateway(settings)


def demo(
    data: Annotated[Path, typer.Option(help="folder for everything that the demo writes")] = Path(".demo"),
    port: Annotated[int, typer.Option(help="port on 127.0.0.1")] = 8080,
) -> None:
    """Start the gateway with a demo application and people, and show the main job on a probation case note."""
    from gateway.commands.demo import run_demo  # the demo brings the OpenAI SDK and rich with it

    run_demo(data, port)


def run_gateway(settings: Settings, beside: Callable[[Foundation], Awaitable[None]] | None = None) -> None:
    """Serve until a signal ends it; `beside` runs next to the server, on the same loop."""
    spare_the_collector()
    listening = _listen(settings)
    foundation = open_foundation(settings)
    failures: list[Exception] = []

    def failed(error: Exception) -> None:
        failures.append(error)
        server.should_exit = True

    server = uvicorn.Server(
        uvicorn.Config(
            serve_application(foundation, failed),
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=20,
            backlog=_BACKLOG,
        )
    )
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_both(server, listening, foundation, beside))
    if failures:
        raise failures[0]


def spare_the_collector() -> None:
    """Look for reference cycles less often: few are made, and with hundreds of objects a request the default looks at
    every second one.
    """
    gc.set_threshold(20_000, 20, 50)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # not on Windows
        return None
    return uvloop.new_event_loop


async def _both(
    server: uvicorn.Server,
    listening: socket.socket,
    foundation: Foundation,
    beside: Callable[[Foundation], Awaitable[None]] | None,
) -> None:
    with suppress(NotImplementedError, AttributeError):  # not on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, foundation.reload.set)
    work = asyncio.ensure_future(_guarded(beside(foundation), server)) if beside is not None else None
    await server.serve(sockets=[listening])
    if work is not None and not work.done():
        work.cancel()
    if work is not None:
        with suppress(asyncio.CancelledError):
            await work


async def _guarded(work: Awaitable[None], server: uvicorn.Server) -> None:
    try:
        await work
    except BaseException:
        server.should_exit = True
        raise


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by each connection: else an answer's second packet waits 40 ms for the first one's receipt.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise SettingsInvalid(
            f"can't listen on {settings.host}:{settings.port} ({error.strerror}); "
            "choose another with --port, or end what listens there"
        ) from None
    settings.port = listening.getsockname()[1]
    return listening
