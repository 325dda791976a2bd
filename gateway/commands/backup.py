"""`countersign backup` and `countersign restore`."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.control import Data, existing
from gateway.operations import make_backup, read_backup, restore_backup
from gateway.settings import load_settings
from gateway.startup.bootstrap import database_of


def backup(
    folder: Annotated[Path, typer.Argument(help="a new folder for the backup")], data: Data = None
) -> None:
    """Copy the record into a new folder, beside a running gateway, and verify the copy.

    The log's key and the master keys are not in it: keep copies of them elsewhere, apart from each other. On PostgreSQL
    it needs `pg_dump`.
    """
    settings = load_settings(data=data)
    manifest = make_backup(existing(settings), settings.data, folder)
    typer.echo(f"{folder}: {manifest.checkpoint.size} events, up to {manifest.made_at}; the copy verifies")
    typer.echo("Keep log.key and the master key apart from it.")


def restore(
    folder: Annotated[Path, typer.Argument(help="a backup")],
    data: Data = None,
    log_key: Annotated[
        Path | None, typer.Option(help="a copy of the log's key; default: the one in the data folder")
    ] = None,
    newest: Annotated[
        Path | None,
        typer.Option(help="the newest checkpoint of this log that anybody has seen, as a mirror has it"),
    ] = None,
    nothing_newer: Annotated[
        bool,
        typer.Option("--nothing-newer", help="you know that the gateway signed nothing after this backup"),
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option(envvar="COUNTERSIGN_DATABASE_OWNER", help="PostgreSQL: address of a superuser"),
    ] = None,
) -> None:
    """Put a backup into an empty data folder, or an empty PostgreSQL database, and verify it there.

    It refuses what would fork the log: a backup that is older than a checkpoint that was signed.
    """
    settings = load_settings(data=data)
    backup = read_backup(folder)
    restore_backup(
        backup,
        database_of(settings),
        settings.data,
        log_key=log_key,
        newest=None if newest is None else newest.read_bytes(),
        nothing_newer=nothing_newer,
        owner=owner,
    )
    typer.echo(
        f"restored: {backup.checkpoint.size} events, and the log verifies. Start the gateway when you are ready."
    )
