"""`countersign …`: the commands. Each says what is wrong in a sentence and exits with 1 or 2; no tracebacks."""

import os
import sys

import typer

from gateway.commands.command_table import Command, group_of
from gateway.commands.secret_files import read_secret_files
from gateway.errors import ExplainedError, GatewayError

app = group_of(
    "AI informs the decision; a named person makes it; anyone entitled can check.",
    (
        Command(
            "serve",
            "serving:serve",
            "Run the gateway with the settings of countersign.yaml and COUNTERSIGN_* variables.",
        ),
        Command(
            "demo",
            "serving:demo",
            "Start the gateway with a demo application, people and record, and show the main job on a probation case"
            " note.",
        ),
        Command(
            "doctor",
            "doctor:doctor",
            "Check settings, keys, database, clock, disk, TLS, policies and providers; exits with 1 if anything is"
            " wrong.",
        ),
        Command(
            "backup",
            "backup:backup",
            "Copy the record into a new folder, beside a running gateway, and verify the copy.",
        ),
        Command(
            "restore",
            "backup:restore",
            "Put a backup into an empty data folder, or an empty PostgreSQL database, and verify it there.",
        ),
        Command(
            "rebuild",
            "records:rebuild",
            "Make the state of all advice again from the log's events; the gateway must be stopped.",
        ),
        Command(
            "check",
            "retention:check",
            "Open all content and hold it against the log: exits with 1 and names what is missing or changed.",
        ),
        Command(
            "statement",
            "statements:statement",
            "Write a plain-English statement of each time that AI was used in a case, and what a human decided.",
        ),
        Command(
            "usage",
            "usage:usage",
            "Requests, tokens and cost by policy, application, person and model, counted from the record.",
        ),
        Command("keys", "keys:app", "Keys of applications, tokens of people."),
        Command(
            "policy",
            "policy_table:policy_commands",
            "Policies: checked, tried on their examples, and their versions.",
        ),
        Command("audit", "records:audit_app", "The audit log, verified from what is stored."),
        Command("erase", "retention:erase_app", "Erase content; the record of it remains, and verifies."),
        Command("hold", "retention:hold_app", "Legal holds: content that must not be erased."),
        Command("redaction", "redaction:app", "Redaction, measured."),
        Command("database", "database:app", "PostgreSQL, where several gateways share a log."),
    ),
)


def main() -> None:
    """Run the command line."""
    # What rules by example compare is small: on a busy machine two threads take many times as long as one.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        read_secret_files()
        app()
    except (ExplainedError, FileNotFoundError) as error:
        typer.echo(error.message if isinstance(error, GatewayError) else str(error), err=True)
        sys.exit(2)
    except Exception as error:
        text = _explained(error)
        if text is None:  # a defect, which shows itself
            raise
        typer.echo(text, err=True)
        sys.exit(2)


def _explained(error: Exception) -> str | None:
    """What the log or the database says with an error of its own; their libraries are loaded for that only."""
    from audit import AuditError
    from gateway.storage import UNUSABLE, explain_unusable

    if isinstance(error, AuditError):
        return str(error)
    return explain_unusable(error) if isinstance(error, UNUSABLE) else None
