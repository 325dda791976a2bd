"""Doing something to the log: here, or by the gateway that holds it.

While a gateway runs on the data folder it holds the log, so it is asked to do it, with the token of its
`control.json`; otherwise the log is opened here.
"""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from audit import Log, LogInUse
from gateway.errors import GatewayError
from gateway.settings import CONTROL, DATABASE, Settings, SettingsInvalid
from gateway.startup.bootstrap import database_of, open_log
from gateway.storage import Database

Data = Annotated[Path | None, typer.Option(help="data folder; default: COUNTERSIGN_DATA or .countersign")]

OPERATOR = "operator"
"""The actor of what is done at the machine."""
_SECONDS = 600
"""A gateway may take long over many keys."""


def at_log(
    settings: Settings,
    here: Callable[[Log], dict[str, Any]],
    there: Callable[[httpx.Client], httpx.Response],
) -> dict[str, Any]:
    """Do it on the log, or have the gateway that holds the log do it."""
    try:
        log, _ = open_log(settings)
    except LogInUse:
        return _ask_gateway(settings, there)
    with closing(log):
        return here(log)


def existing(settings: Settings) -> Database:
    """The database of the data folder; a clear refusal where there is none."""
    database = database_of(settings)
    if not database.exists():
        where = "no log in the database" if database.shared else f"no {DATABASE} here"
        raise SettingsInvalid(f"{settings.data}: there is {where}; name the data folder with --data")
    return database


def _ask_gateway(settings: Settings, ask: Callable[[httpx.Client], httpx.Response]) -> dict[str, Any]:
    try:
        control = json.loads((settings.data / CONTROL).read_text())
        headers = {"Authorization": f"Bearer {control['token']}"}
        with httpx.Client(
            base_url=control["base_url"], headers=headers, timeout=_SECONDS, trust_env=False
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
