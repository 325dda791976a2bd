"""`countersign usage`: what models were used for in a month, and what it cost."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from gateway.commands.control import Data, existing
from gateway.oversight import (
    USAGE_GROUPINGS,
    Usage,
    is_month,
    usage_by,
    usage_csv,
    usage_of_month,
    usage_table,
    usage_total,
)
from gateway.settings import load_settings

_HEADING = f"{'':36}{'requests':>10}{'tokens sent':>14}{'written':>12}  cost"


def usage(
    month: Annotated[
        str | None, typer.Option(help="such as 2026-11, in UTC; default: this month so far")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, for programs")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="as a table for a spreadsheet (RFC 4180)")] = False,
    data: Data = None,
) -> None:
    """Requests, tokens and cost by policy, application, person and model, counted from the record.

    A request counts once a model has answered it. People are known by their ids. Works beside a running gateway.
    """
    month_name = month or datetime.now(UTC).strftime("%Y-%m")
    if not is_month(month_name):
        raise typer.BadParameter("write the month as 2026-11")
    if as_json and as_csv:
        raise typer.BadParameter("take --json or --csv, not both")
    database = existing(load_settings(data=data))
    rows = database.read(lambda connection: usage_of_month(connection, month_name))
    if as_csv:
        typer.echo(usage_csv(rows, month_name), nl=False)
    elif as_json:
        typer.echo(json.dumps({"month": month_name, "rows": usage_table(rows, month_name)}, indent=2))
    else:
        for by in USAGE_GROUPINGS:
            typer.echo(f"by {by}\n{_HEADING}")
            for share in usage_by(rows, by):
                typer.echo(_line(share.group or "nobody named", share))
            typer.echo("")
        typer.echo(_line(f"all of {month_name}", usage_total(rows)))


def _line(name: str, usage: Usage) -> str:
    costs = [*usage.costs, *([f"{usage.unpriced} requests of unknown price"] if usage.unpriced else [])]
    numbers = f"{usage.requests:>10,}{usage.prompt_tokens:>14,}{usage.completion_tokens:>12,}"
    return f"{name:36}{numbers}  {', '.join(costs)}".rstrip()
