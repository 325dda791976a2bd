"""`countersign audit verify` and `countersign rebuild`: the record, checked, and the state, made again from it."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from audit import main as run_command
from gateway.advice import rebuild_from
from gateway.app import open_log
from gateway.commands.control import existing
from gateway.settings import load_settings

audit_app = typer.Typer(help="The audit log, verified from what is stored.", no_args_is_help=True)


@audit_app.callback()
def _audit() -> None:
    """Keeps `verify` a subcommand while it is the only one."""


@audit_app.command()
def verify(
    data: Annotated[
        Path | None, typer.Option(help="data folder; default: COUNTERSIGN_DATA or .countersign")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="the log's verifier key, had from elsewhere than the folder")
    ] = None,
) -> None:
    """Recompute the whole log: exits with 1 and names the first bad entry if any byte of it was changed."""
    arguments = ["verify", "--data", str(data or load_settings().data)]
    raise typer.Exit(run_command([*arguments, *(["--key", key] if key else [])]))


def rebuild(
    data: Annotated[
        Path | None, typer.Option(help="data folder; default: COUNTERSIGN_DATA or .countersign")
    ] = None,
) -> None:
    """Make the state of all advice again from the log's events; the gateway must be stopped."""
    settings = load_settings(data=data)
    existing(settings)
    log, _ = open_log(settings)
    with closing(log):
        count = rebuild_from(log)
    typer.echo(f"rebuilt from {count} events")
