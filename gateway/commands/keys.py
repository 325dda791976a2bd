"""`countersign keys …`: applications' keys and people's tokens, made, listed and revoked.

While a gateway runs on the data folder it holds the log, so it is asked to do it, with the token of its
`control.json`; otherwise the log is opened here. Either way the event is on record before the token is shown.
"""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from audit import LogInUse, Transaction
from gateway.api import NewCredential, make_credential
from gateway.app import open_log
from gateway.errors import GatewayError
from gateway.identity import list_credentials, revoke
from gateway.settings import CONTROL, DATABASE, Settings, SettingsInvalid, load_settings
from gateway.storage import Database, MasterKey

app = typer.Typer(help="Keys of applications, tokens of people.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="data folder; default: COUNTERSIGN_DATA or .countersign")]

_OPERATOR = "operator"


@app.command()
def master() -> None:
    """Make a master key. Keep it outside the data folder, in COUNTERSIGN_MASTER_KEY; without it nothing can be read."""
    typer.echo(MasterKey.generate())


@app.command()
def application(
    name: Annotated[str, typer.Argument(help="the application's id: a-z, 0-9 and -")], data: Data = None
) -> None:
    """Make a key for an application; a second one for the same application lets it change over."""
    _show(_create(load_settings(data=data), NewCredential(application=name)))


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="the person's name, kept out of the log")],
    role: Annotated[
        list[str], typer.Option(help="caseworker, reviewer, oversight or admin; may be repeated")
    ],
    data: Data = None,
) -> None:
    """Add a person with roles, and make their token."""
    _show(_create(load_settings(data=data), NewCredential(name=name, roles=role)))


@app.command("list")
def list_all(data: Data = None) -> None:
    """Every credential: its id, its holder, when it was made and revoked. No secrets."""
    settings = load_settings(data=data)
    for row in _existing(settings).read(list_credentials):
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "in force"
        who = f"  {row['name']} ({row['roles'].replace(' ', ', ')})" if row["name"] else ""
        typer.echo(
            f"{row['id']}  {row['kind']:6}  {row['holder']:24}  made {row['created_at']}  {state}{who}"
        )


@app.command("revoke")
def revoke_one(
    which: Annotated[
        str, typer.Argument(help="a credential's id, or a person's or application's for all of theirs")
    ],
    data: Data = None,
) -> None:
    """Revoke credentials; they stop working at once."""
    settings = load_settings(data=data)
    _existing(settings)
    revoked = _do(
        settings,
        lambda transaction: {"revoked": revoke(transaction, which, actor=_OPERATOR)},
        lambda client: client.delete(f"/v1/credentials/{which}"),
    )["revoked"]
    typer.echo(f"revoked: {', '.join(revoked)}")


def _create(settings: Settings, wanted: NewCredential) -> dict[str, Any]:
    return _do(
        settings,
        lambda transaction: make_credential(transaction, wanted, _OPERATOR),
        lambda client: client.post("/v1/credentials", json=wanted.model_dump(exclude_none=True)),
    )


def _do(
    settings: Settings,
    here: Callable[[Transaction], dict[str, Any]],
    there: Callable[[httpx.Client], httpx.Response],
) -> dict[str, Any]:
    """Run the command on the log, or have the gateway that holds the log run it."""
    try:
        log, _ = open_log(settings)
    except LogInUse:
        return _ask_gateway(settings, there)
    with closing(log):
        return log.submit(here).result().result


def _ask_gateway(settings: Settings, ask: Callable[[httpx.Client], httpx.Response]) -> dict[str, Any]:
    try:
        control = json.loads((settings.data / CONTROL).read_text())
        headers = {"Authorization": f"Bearer {control['token']}"}
        with httpx.Client(
            base_url=control["base_url"], headers=headers, timeout=30, trust_env=False
        ) as client:
            answer = ask(client)
            body: dict[str, Any] = answer.json()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        raise SettingsInvalid(
            f"{settings.data}: the log is in use, but its gateway does not answer; try again, or end that process"
        ) from None
    if answer.is_error:
        error = body["error"]
        raise GatewayError(error["code"], error["message"], param=error["param"], status=answer.status_code)
    return body


def _existing(settings: Settings) -> Database:
    if not (settings.data / DATABASE).is_file():
        raise SettingsInvalid(
            f"{settings.data}: there is no {DATABASE} here; name the data folder with --data"
        )
    return Database(settings.data / DATABASE)


def _show(made: dict[str, Any]) -> None:
    if "person" in made:
        typer.echo(f"person  {made['person']}")
    typer.echo(f"token   {made['token']}")
    typer.echo("It is shown this once; only its hash is kept.", err=True)
