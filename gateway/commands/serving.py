"""`countersign serve` and `countersign demo`."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.running import run_gateway
from gateway.settings import load_settings
from gateway.telemetry import configure_logs

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
    empty: Annotated[bool, typer.Option("--empty", help="without the made-up record of four weeks")] = False,
) -> None:
    """Start the gateway with a demo application, people and record, and show the main job on a probation case note."""
    from gateway.commands.demo import run_demo  # the demo brings the OpenAI SDK and rich with it

    run_demo(data, port, empty=empty)
