"""`countersign keys …`: applications' keys and people's tokens, made, listed and revoked.

The event is on record before a token is shown. The master key is exchanged here too.
"""

from typing import Annotated, Any

import typer

from audit import Log
from gateway.api import NewCode, NewCredential, make_credential, make_password_code
from gateway.commands.control import OPERATOR, Data, at_log, existing
from gateway.identity import list_credentials, revoke
from gateway.operations import Retention
from gateway.settings import Settings, load_settings
from gateway.startup.bootstrap import log_key_of, open_vault
from gateway.startup.configured_database import database_of
from gateway.storage import LocalKey

app = typer.Typer(help="Keys of applications, tokens of people.", no_args_is_help=True)


@app.command()
def master() -> None:
    """Make a master key. Keep it outside the data folder, in COUNTERSIGN_MASTER_KEY; without it nothing can be read."""
    typer.echo(LocalKey.generate())


@app.command("rotate-master")
def rotate_master(data: Data = None) -> None:
    """Wrap everything anew under the first of the master keys that are given; content is not rewritten.

    Give the new key first and the old one after it; once this is done, the old one opens nothing any more and
    is to be destroyed. It may be interrupted: run it again. Backups made before it open with the old key only.
    """
    settings = load_settings(data=data)
    database = existing(settings)
    result = at_log(
        settings,
        lambda log: Retention(log, database, open_vault(settings, log, database)).rotate_master(
            actor=OPERATOR
        ),
        lambda client: client.post("/v1/master-key/rotations"),
    )
    typer.echo(
        f"{result['keys_moved']} keys lie under a new wrapping key; older master keys open nothing any more."
    )


@app.command("rotate-log")
def rotate_log(
    finish: Annotated[
        bool, typer.Option("--finish", help="end the time in which both keys sign; the new one goes on alone")
    ] = False,
    data: Data = None,
) -> None:
    """Change the log's signing key, while gateways run: both sign, until this is run again with --finish.

    Give the new public key, which is printed, to everybody who verifies the log, and copy log.key and log.vkey to the
    other gateways on this database, before you finish. They sign with what they find there within seconds.
    """
    settings = load_settings(data=data)
    database = existing(settings)

    def here(log: Log) -> dict[str, Any]:
        key = log_key_of(settings, log, database)
        return {"verifier_key": (key.finish if finish else key.begin)(actor=OPERATOR)}

    changed = at_log(
        settings, here, lambda client: client.post("/v1/log-key/rotations", json={"finish": finish})
    )
    typer.echo(changed["verifier_key"])


@app.command()
def application(
    name: Annotated[str, typer.Argument(help="the application's id: a-z, 0-9 and -")], data: Data = None
) -> None:
    """Make a key for an application; a second one for the same application lets it change over."""
    settings = load_settings(data=data)
    has_one = _has_key(settings, name)
    _show(_create(settings, NewCredential(application=name)))
    if has_one:
        typer.echo(f"{name} has a key already; both work until you revoke one.", err=True)


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


@app.command()
def password(
    who: Annotated[str, typer.Argument(help="the person's id, p_…")],
    username: Annotated[
        str | None, typer.Option(help="what they sign in with from now on; default: what they have")
    ] = None,
    data: Data = None,
) -> None:
    """Make a code with which a person sets their own password for the pages: once, within a day."""
    settings = load_settings(data=data)
    body = NewCode(username=username)
    result = at_log(
        settings,
        lambda log: (
            log.submit(lambda transaction: make_password_code(transaction, who, body, OPERATOR))
            .result()
            .result
        ),
        lambda client: client.post(
            f"/v1/people/{who}/password-codes", json=body.model_dump(exclude_none=True)
        ),
    )
    typer.echo(f"page   {result.get('page', f'{settings.url}/set-password')}")
    typer.echo(f"code   {result['code']}")
    typer.echo(f"It works once, for {result['hours']} hours; only its hash is kept.", err=True)


@app.command("list")
def list_all(data: Data = None) -> None:
    """Every credential: its id, its holder, when it was made, revoked and last used. No secrets."""
    settings = load_settings(data=data)
    for row in existing(settings).read(list_credentials):
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "in force"
        state += f"  used {row['used_on'] or 'never'}"
        who = f"  {row['name']} ({row['roles'].replace(' ', ', ')})" if row["name"] else ""
        typer.echo(
            f"{row['id']}  {row['kind']:8}  {row['holder']:24}  made {row['created_at']}  {state}{who}"
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
    existing(settings)
    revoked = at_log(
        settings,
        lambda log: (
            log.submit(lambda transaction: {"revoked": revoke(transaction, which, actor=OPERATOR)})
            .result()
            .result
        ),
        lambda client: client.delete(f"/v1/credentials/{which}"),
    )["revoked"]
    typer.echo(f"revoked: {', '.join(revoked)}")


def _has_key(settings: Settings, application: str) -> bool:
    database = database_of(settings)
    rows = database.read(list_credentials) if database.exists() else []
    return any(
        row["kind"] == "app" and row["holder"] == application and not row["revoked_at"] for row in rows
    )


def _create(settings: Settings, new: NewCredential) -> dict[str, Any]:
    return at_log(
        settings,
        lambda log: (
            log.submit(lambda transaction: make_credential(transaction, new, OPERATOR)).result().result
        ),
        lambda client: client.post("/v1/credentials", json=new.model_dump(exclude_none=True)),
    )


def _show(credential: dict[str, Any]) -> None:
    if "person" in credential:
        typer.echo(f"person  {credential['person']}")
    typer.echo(f"token   {credential['token']}")
    typer.echo("It is shown this once; only its hash is kept.", err=True)
