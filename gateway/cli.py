"""`countersign …`: the commands. Each says what is wrong in a sentence and exits with 1 or 2; no tracebacks."""

import sys

import typer

from audit import AuditError
from gateway.commands import (
    backup,
    database,
    doctor,
    keys,
    policies,
    records,
    redaction,
    retention,
    serving,
    statements,
    usage,
)
from gateway.commands.secret_files import read_secret_files
from gateway.errors import GatewayError
from gateway.operations import BackupRefused
from gateway.policy import PolicyInvalid
from gateway.providers import RouteInvalid
from gateway.redaction import ModelMissing
from gateway.settings import SettingsInvalid
from gateway.storage import UNUSABLE, MasterKeyInvalid, explain_unusable
from gateway.telemetry.traces import TelemetryMissing

app = typer.Typer(
    name="countersign",
    help="AI informs the decision; a named person makes it; anyone entitled can check.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(keys.app, name="keys")
app.add_typer(policies.app, name="policy")
app.add_typer(records.audit_app, name="audit")
app.add_typer(retention.erase_app, name="erase")
app.add_typer(retention.hold_app, name="hold")
app.add_typer(redaction.app, name="redaction")
app.add_typer(database.app, name="database")

_EXPLAINED = (
    AuditError,
    BackupRefused,
    GatewayError,
    MasterKeyInvalid,
    ModelMissing,
    PolicyInvalid,
    RouteInvalid,
    SettingsInvalid,
    TelemetryMissing,
    FileNotFoundError,
)
"""Errors whose text says what to do; anything else is a defect and shows itself."""

app.command()(serving.serve)
app.command()(serving.demo)
app.command()(doctor.doctor)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(records.rebuild)
app.command()(retention.check)
app.command()(statements.statement)
app.command()(usage.usage)


def main() -> None:
    """Run the command line."""
    try:
        read_secret_files()
        app()
    except _EXPLAINED as error:
        typer.echo(error.message if isinstance(error, GatewayError) else str(error), err=True)
        sys.exit(2)
    except UNUSABLE as error:
        typer.echo(explain_unusable(error), err=True)
        sys.exit(2)
