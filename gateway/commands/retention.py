"""`countersign erase …`, `hold …` and `check`: what becomes of content, and whether it is whole.

A case is named by the caller's own reference, which may say who it is about: `-` reads it from standard input, so
that it stands in no list of processes and no shell's history.
"""

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from audit import Log
from gateway.advice import ERASURE_REASONS, HOLD_REASONS, RETENTION, check_content, list_holds
from gateway.api import About, erasure_reason, hold_reason
from gateway.commands.control import OPERATOR, Data, at_log, existing
from gateway.operations import Retention, damaged_words
from gateway.settings import Settings, load_settings
from gateway.startup.bootstrap import master_keys, open_vault
from gateway.storage import Keyring, Vault

erase_app = typer.Typer(help="Erase content; the record of it remains, and verifies.", no_args_is_help=True)
hold_app = typer.Typer(help="Legal holds: content that must not be erased.", no_args_is_help=True)

_WHY_ERASED = ", ".join(word for word in ERASURE_REASONS if word != RETENTION)
_WHY_HELD = ", ".join(HOLD_REASONS)

Reference = Annotated[
    str, typer.Argument(help="the case as the application named it; - reads standard input")
]
Advice = Annotated[str, typer.Argument(help="the id of the advice, or of a transcription")]
Application = Annotated[str, typer.Option(help="the application's id")]
ErasureReason = Annotated[str, typer.Option("--reason", help=f"one of {_WHY_ERASED}")]
HoldReason = Annotated[str, typer.Option("--reason", help=f"one of {_WHY_HELD}")]


@erase_app.command("case")
def erase_case(
    reference: Reference, application: Application, reason: ErasureReason, data: Data = None
) -> None:
    """Erase all content and pseudonyms of a case."""
    _erase(load_settings(data=data), _case(reference, application, reason))


@erase_app.command("advice")
def erase_advice(advice: Advice, reason: ErasureReason, data: Data = None) -> None:
    """Erase the content of one advice."""
    _erase(load_settings(data=data), About(advice=advice, reason=reason))


@hold_app.command("case")
def hold_case(reference: Reference, application: Application, reason: HoldReason, data: Data = None) -> None:
    """Keep a case from being erased, by command and by retention, until the hold is lifted."""
    _hold(load_settings(data=data), _case(reference, application, reason))


@hold_app.command("advice")
def hold_advice(advice: Advice, reason: HoldReason, data: Data = None) -> None:
    """Keep one advice from being erased until the hold is lifted."""
    _hold(load_settings(data=data), About(advice=advice, reason=reason))


@hold_app.command("lift")
def lift(
    reason: HoldReason,
    reference: Annotated[
        str | None, typer.Argument(help="the case as the application named it; - reads standard input")
    ] = None,
    application: Annotated[str | None, typer.Option(help="the application's id")] = None,
    advice: Annotated[str | None, typer.Option(help="the advice's id, instead of a case")] = None,
    data: Data = None,
) -> None:
    """Lift the hold on a case, or on one advice, that was placed for this reason."""
    if advice is not None and reference is None:
        about = About(advice=advice, reason=reason)
    elif reference is not None and application is not None and advice is None:
        about = _case(reference, application, reason)
    else:
        raise typer.BadParameter("name a case with its --application, or an --advice")
    hold_reason(reason)
    _do(
        load_settings(data=data),
        about,
        "/v1/holds/lift",
        lambda retention, vault: retention.lift_hold(about.target(vault), why=reason, actor=OPERATOR),
    )
    typer.echo(f"hold lifted ({reason})")


@hold_app.command("list")
def list_all(data: Data = None) -> None:
    """Every hold in force; cases by their keyed reference, as the log has it."""
    for hold in existing(load_settings(data=data)).read(list_holds):
        typer.echo(f"{next(iter(hold.values()))}  {hold['why']:16}  since {hold['placed_at']}")


def check(data: Data = None) -> None:
    """Open all content and hold it against the log: exits with 1 and names what is missing or changed.

    Works beside a running gateway. Content that an event says was erased must be gone; all else must be there.
    """
    settings = load_settings(data=data)
    database = existing(settings)
    ring = Keyring(master_keys(settings))
    if not database.read(ring.load):
        typer.echo("Nothing was sealed here yet.")
        return
    result = database.snapshot(lambda connection: list(check_content(connection, Vault(ring))))
    flaws = [*map(str, result), *database.read(damaged_words)]
    for flaw in flaws:
        typer.echo(flaw)
    typer.echo(f"{len(flaws)} flaws." if flaws else "All content is as recorded.")
    raise typer.Exit(1 if flaws else 0)


def _case(reference: str, application: str, reason: str) -> About:
    if reference == "-":
        reference = sys.stdin.readline().rstrip("\r\n")
    if not reference.strip():
        raise typer.BadParameter("the case's reference is empty")
    return About(application=application, case=reference, reason=reason)


def _erase(settings: Settings, about: About) -> None:
    erasure_reason(about.reason)
    result = _do(
        settings,
        about,
        "/v1/erasures",
        lambda retention, vault: retention.erase(about.target(vault), why=about.reason, actor=OPERATOR),
    )
    advice, pseudonyms = len(result["advice_erased"]), result["pseudonyms_erased"]
    transcripts = len(result["transcripts_erased"])
    if not advice and not transcripts and not pseudonyms:
        typer.echo("There was nothing left to erase.")
    else:
        typer.echo(
            f"erased: the content of {advice} advice"
            + (f" and {transcripts} transcripts" if transcripts else "")
            + f" and {pseudonyms} pseudonyms; the log still verifies"
        )


def _hold(settings: Settings, about: About) -> None:
    hold_reason(about.reason)
    _do(
        settings,
        about,
        "/v1/holds",
        lambda retention, vault: retention.place_hold(about.target(vault), why=about.reason, actor=OPERATOR),
    )
    typer.echo(f"on hold ({about.reason}) until `countersign hold lift`")


def _do(
    settings: Settings, about: About, path: str, here: Callable[[Retention, Any], dict[str, Any]]
) -> dict[str, Any]:
    database = existing(settings)

    def on_log(log: Log) -> dict[str, Any]:
        vault = open_vault(settings, log, database)
        return here(Retention(log, database, vault), vault)

    return at_log(
        settings, on_log, lambda client: client.post(path, json=about.model_dump(exclude_none=True))
    )
