"""`countersign policy …`: what an admin does before a policy takes effect."""

import os
from pathlib import Path
from typing import Annotated

import typer

from gateway.bootstrap import read_policies
from gateway.commands import policy_versions
from gateway.operations import try_examples
from gateway.policy import Policy, PolicySet, policy_schema
from gateway.providers import Providers, default_routes
from gateway.redaction import Redactor
from gateway.settings import Settings, load_settings

app = typer.Typer(
    help="Policies: checked, tried on their examples, and their versions.", no_args_is_help=True
)

Policies = Annotated[
    Path | None, typer.Option(help="folder of policies; default: the one the gateway would use")
]
Prompts = Annotated[
    Path | None, typer.Option(help="folder of prompts; default: the one the gateway would use")
]


@app.command()
def check(policies: Policies = None, prompts: Prompts = None) -> None:
    """Read every policy and prompt; each mistake is named with its file, line and field."""
    _, found = _read(policies, prompts)
    for policy in found:
        typer.echo(
            f"{policy.id:28} {policy.version[:12]}  gate: {policy.review.gate}, deciders: {policy.review.deciders}"
        )
    typer.echo(f"{len(found)} policies can be put in force.")


@app.command("test")
def run_all_examples(policies: Policies = None, prompts: Prompts = None) -> None:
    """Run every policy's examples through the real redaction; exits with 1 if one of them fails."""
    settings, found = _read(policies, prompts)
    redactor = Redactor.load(settings.redaction)
    failed = sum(_try(policy, redactor) for policy in found)
    typer.echo(f"{failed} examples failed." if failed else "All examples came out as expected.")
    raise typer.Exit(1 if failed else 0)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a policy file, for editors."""
    typer.echo(policy_schema(), nl=False)


for _command in (
    policy_versions.history,
    policy_versions.show,
    policy_versions.diff,
    policy_versions.rollback,
    policy_versions.retire,
):
    app.command()(_command)


def _read(policies: Path | None, prompts: Path | None) -> tuple[Settings, PolicySet]:
    settings = load_settings(policies=policies, prompts=prompts)
    return settings, read_policies(settings, Providers(settings.models or default_routes(os.environ)))


def _try(policy: Policy, redactor: Redactor) -> int:
    failed = 0
    for result in try_examples(policy, redactor):
        typer.echo(f"{'ok    ' if result.passed else 'FAILED'}  {policy.id}: {result.name}")
        for failure in result.failures:
            typer.echo(f"          {failure}")
        failed += not result.passed
    return failed
