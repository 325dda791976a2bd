"""`countersign audit verify` and `countersign rebuild`: the record, checked, and the state, made again from it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from audit import Log, decode_event
from audit import main as run_command
from gateway.advice import rebuild as rebuild_projections
from gateway.app import open_log
from gateway.settings import DATABASE, SettingsInvalid, load_settings

audit_app = typer.Typer(help="The audit log, verified from what is stored.", no_args_is_help=True)

_PAGE = 1_000


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
    if not (settings.data / DATABASE).is_file():
        raise SettingsInvalid(
            f"{settings.data}: there is no {DATABASE} here; name the data folder with --data"
        )
    log, _ = open_log(settings)
    with closing(log):
        count = log.submit(
            lambda transaction: rebuild_projections(transaction.connection, _events(log))
        ).result()
    typer.echo(f"rebuilt from {count.result} events")


def _events(log: Log) -> Iterator[tuple[int, dict[str, Any]]]:
    size = log.size
    for start in range(0, size, _PAGE):
        for index, raw in enumerate(log.read(start, min(size, start + _PAGE)), start):
            yield index, decode_event(raw)
