"""`countersign database …`: PostgreSQL made ready for gateways, and what a gateway that joins needs of it."""

import sys
from contextlib import closing
from typing import Annotated

import typer

from gateway.advice import bring_up_beside
from gateway.commands.control import Data
from gateway.settings import SettingsInvalid, load_settings
from gateway.startup.bootstrap import database_of, open_log
from gateway.storage import prepare_log

app = typer.Typer(help="PostgreSQL, where several gateways share a log.", no_args_is_help=True)


@app.command()
def prepare(
    owner: Annotated[
        str,
        typer.Option(
            envvar="COUNTERSIGN_DATABASE_OWNER",
            help="address of the same database as a role that owns it; a password is best left to ~/.pgpass",
        ),
    ],
    data: Data = None,
) -> None:
    """Make the log's tables as their owner, guarded by triggers, and let the gateway's role read and add, no more.

    The first time it begins the log: its key and first checkpoint then lie in the data folder, to be copied to other
    gateways. Run it again with each new version: it brings up the tables beside gateways that run, and makes again
    what this version computes otherwise from the log.
    """
    settings = load_settings(data=data)
    if settings.database is None:
        raise SettingsInvalid("database: is not set; it names the database and the gateway's own role")
    role = prepare_log(settings.database.get_secret_value(), owner)
    database = database_of(settings)
    database.prepare()
    if not database.exists():
        open_log(settings)[0].close()
    elif (count := bring_up_beside(database, _report)) is not None:
        typer.echo(f"made the tables again that this version computes otherwise, from {count:,} events")
    typer.echo(f"prepared: the role {role} may read the log and add to it, and keeps the other tables itself")


def _report(events: int) -> None:
    typer.echo(f"tables that this version computes otherwise: {events:,} events read so far", err=True)


@app.command()
def checkpoint(data: Data = None) -> None:
    """Print the newest signed checkpoint, for the file `checkpoint` of a gateway that joins.

    It says nothing of whether the database is the newest: that you must know.
    """
    storage = database_of(load_settings(data=data)).log_storage()
    with closing(storage), storage.snapshot() as view:
        note = view.newest_checkpoint()
    if note is None:
        raise SettingsInvalid("the log has no checkpoint yet: start the first gateway, then ask again")
    sys.stdout.buffer.write(note)
