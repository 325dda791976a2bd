"""`countersign policy …`: what an admin does before a policy takes effect."""

import difflib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from audit import now_text
from gateway.bootstrap import database_of, policy_folders, read_files, read_policies
from gateway.commands import policy_new, policy_replay, policy_versions
from gateway.commands.policy_tests import junit_report, likenesses_told
from gateway.identity import known_people
from gateway.operations import evidence_for, evidence_missing, try_examples
from gateway.oversight import known_applications
from gateway.policy import (
    SCHEMAS,
    ExampleResult,
    Found,
    PolicyInvalid,
    PolicyProblem,
    PolicySet,
    doubts_about,
    field_name,
    notes_on,
    place_of,
    schema_of,
)
from gateway.providers import Providers, default_routes
from gateway.redaction import Redactor
from gateway.settings import Settings, SettingsInvalid, load_settings

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
    """Read every policy, prompt and shared part; each mistake is named with its file, line and field.

    Exits with 2 if there is one. What can be put in force and is hardly meant so counts as well.
    """
    settings = load_settings(policies=policies, prompts=prompts)
    found = read_files(settings, Providers(settings.models or default_routes(os.environ)))
    problems = [*found.problems, *_doubts(settings, found)]
    if problems:
        raise PolicyInvalid(problems)
    for policy in PolicySet(found.policies.values()):
        typer.echo(
            f"{policy.id:28} {policy.version[:12]}  gate: {policy.review.gate}, deciders: {policy.review.deciders}"
        )
        for note in notes_on(policy):
            typer.echo(f"  note: {note}")
    typer.echo(f"{len(found.policies)} policies can be put in force.")


def _doubts(settings: Settings, found: Found) -> Iterator[PolicyProblem]:
    database = database_of(settings)
    there = database.exists()
    applications = database.read(known_applications) if there else []
    people = database.read(known_people) if there else None
    folder, _ = policy_folders(settings)
    for name, policy in found.policies.items():
        path = folder / f"{name}.yaml"
        for steps, message in doubts_about(policy, applications, people):
            yield PolicyProblem(str(path), *place_of(path, steps), field_name(steps), message)
        if there and policy.scale is not None:
            shown = database.read(
                lambda connection, policy=policy: evidence_for(connection, policy, now_text())  # type: ignore[misc]
            )
            yield from evidence_missing(folder, policy, shown)


@app.command("test")
def run_all_examples(
    policy: Annotated[str | None, typer.Argument(help="one policy's id; default: all of them")] = None,
    policies: Policies = None,
    prompts: Prompts = None,
    junit: Annotated[Path | None, typer.Option(help="a file for the outcome in JUnit's XML")] = None,
) -> None:
    """Run the policies' examples through the real redaction, and show what rules by example catch.

    Exits with 1 if one of them fails. An example's `answer` is a recorded answer of a model, to try caveats on.
    """
    settings, found = _read(policies, prompts)
    chosen = [one for one in found if policy in (None, one.id)]
    if not chosen:
        near = difflib.get_close_matches(policy or "", found.ids, 1)
        raise SettingsInvalid(f"there is no policy {policy}" + (f"; did you mean {near[0]}?" if near else ""))
    redactor = Redactor.load(settings.redaction)
    results = {one.id: try_examples(one, redactor) for one in chosen}
    failed = sum(_print_results(name, some) for name, some in results.items())
    for one in chosen:
        for line in likenesses_told(one, found):
            typer.echo(line)
    if junit is not None:
        junit.write_text(junit_report(results), "utf-8")
    typer.echo(f"{failed} examples failed." if failed else "All examples came out as expected.")
    raise typer.Exit(1 if failed else 0)


@app.command()
def schema(
    of: Annotated[str, typer.Argument(help="policy, shared, prompt or settings")] = "policy",
) -> None:
    """Print the JSON Schema of a policy, of shared parts, of a prompt's first lines or of countersign.yaml."""
    if of != "settings" and of not in SCHEMAS:
        raise typer.BadParameter(f"there is no schema of {of}; name policy, shared, prompt or settings")
    typer.echo(schema_of(Settings) if of == "settings" else SCHEMAS[of](), nl=False)


for _command in (
    policy_versions.history,
    policy_versions.show,
    policy_versions.diff,
    policy_versions.rollback,
    policy_versions.retire,
):
    app.command()(_command)
app.command()(policy_new.new)
app.command("replay")(policy_replay.replay_changes)


def _read(policies: Path | None, prompts: Path | None) -> tuple[Settings, PolicySet]:
    settings = load_settings(policies=policies, prompts=prompts)
    return settings, read_policies(settings, Providers(settings.models or default_routes(os.environ)))


def _print_results(policy: str, results: Sequence[ExampleResult]) -> int:
    failed = 0
    for result in results:
        typer.echo(f"{'ok    ' if result.passed else 'FAILED'}  {policy}: {result.name}")
        for failure in result.failures:
            typer.echo(f"          {failure}")
        failed += not result.passed
    return failed
