"""`countersign audit …` and `countersign rebuild`: the record checked and handed on, the state made again from it."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from audit import Log
from audit import main as run_command
from gateway.advice import rebuild_from
from gateway.commands.control import OPERATOR, Data, at_log, existing
from gateway.operations import disclose_content
from gateway.settings import LOG_VKEY, SettingsInvalid, load_settings
from gateway.startup.bootstrap import database_of, open_log, open_vault

audit_app = typer.Typer(help="The audit log, verified from what is stored.", no_args_is_help=True)


@audit_app.command()
def verify(
    data: Data = None,
    key: Annotated[
        str | None, typer.Option(help="the log's verifier key, had from elsewhere than the folder")
    ] = None,
) -> None:
    """Recompute the whole log: exits with 1 and names the first bad entry if any byte of it was changed."""
    settings = load_settings(data=data)
    database = database_of(settings)
    for guard in database.guards_missing():
        typer.echo(f"the database's own guard against changes, {guard}, was removed or altered")
    with database.verifiable(settings.data) as folder:
        arguments = ["verify", "--data", str(folder)]
        raise typer.Exit(run_command([*arguments, *(["--key", key] if key else [])]))


@audit_app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="folder to publish; made if it is not there")],
    data: Data = None,
    every: Annotated[
        float | None, typer.Option(help="go on exporting, with that many seconds between two looks")
    ] = None,
) -> None:
    """Write the log as static files (C2SP tlog-tiles), for any web server; only what is new, the checkpoint last.

    Each file is checked against the log's signature before it is written, beside a running gateway too.
    """
    settings = load_settings(data=data)
    arguments = ["mirror", str(settings.data), str(folder), "--key", str(settings.data / LOG_VKEY)]
    storage = database_of(settings).log_storage()
    with closing(storage):
        raise typer.Exit(run_command([*arguments, *(["--every", str(every)] if every else [])], storage))


@audit_app.command()
def disclose(
    advice: Annotated[str, typer.Argument(help="the advice's id")],
    kind: Annotated[
        str,
        typer.Argument(
            help="request, sent, answer, added, view.PERSON, reason.PERSON, amendment.NUMBER or missed.NUMBER"
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="default: ADVICE.KIND.disclosure.json here")] = None,
    data: Data = None,
) -> None:
    """Take one sealed content out, for `countersign-audit open`. `content.opened` is on record first."""
    settings = load_settings(data=data)
    database = existing(settings)
    file = out or Path(f"{_safe(advice)}.{_safe(kind)}.disclosure.json")
    if file.exists():
        raise SettingsInvalid(f"{file} exists already; name another with --out")

    def here(log: Log) -> dict[str, Any]:
        vault = open_vault(settings, log, database)
        handed = disclose_content(log, database, vault, advice, kind, OPERATOR)
        return {"file": handed.file.decode(), "key": handed.key}

    body = {"advice": advice, "kind": kind}
    disclosure = at_log(settings, here, lambda client: client.post("/v1/audit/disclosures", json=body))
    file.write_text(disclosure["file"], "utf-8")
    typer.echo(f"{file}")
    typer.echo(f"key {disclosure['key']}")
    typer.echo("Hand over file and key on different ways; the key is shown this once.", err=True)


def rebuild(data: Data = None) -> None:
    """Make the state of all advice again from the log's events; the gateway must be stopped."""
    settings = load_settings(data=data)
    database = existing(settings)
    log, _ = open_log(settings)
    with closing(log):
        count = rebuild_from(log, database)
    typer.echo(f"rebuilt from {count} events")


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in name)[:100].lstrip(".")
