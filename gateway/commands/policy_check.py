"""`countersign policy check`: what is wrong with the files of policies, before any is put in force."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from gateway.policy import (
    Found,
    PolicyInvalid,
    PolicyProblem,
    PolicySet,
    doubts_about,
    field_name,
    notes_on,
    place_of,
)
from gateway.redaction import CertainIdentifiers
from gateway.settings import DATABASE, SETTINGS_FILE, Settings, load_settings
from gateway.startup.configured_policies import policy_folders, read_files

Policies = Annotated[
    Path | None, typer.Option(help="folder of policies; default: the one the gateway would use")
]
Prompts = Annotated[
    Path | None, typer.Option(help="folder of prompts; default: the one the gateway would use")
]
Data = Annotated[Path | None, typer.Option(help="data folder; default: COUNTERSIGN_DATA or .countersign")]


def check(policies: Policies = None, prompts: Prompts = None, data: Data = None) -> None:
    """Read every policy, prompt and shared part; each mistake is named with its file, line and field.

    Exits with 2 if there is one. A policy that is valid but probably a mistake, such as a pilot that has ended,
    counts as well. It lists what it could not check: the models of countersign.yaml, the people and applications of the
    log.
    """
    settings = load_settings(policies=policies, prompts=prompts, data=data)
    found = read_files(settings)
    problems = [*found.problems, *_doubts(settings, found)]
    for note in (*found.notes, *_identifiers_in_prompts(settings, found)):
        typer.echo(f"note: {note}", err=bool(problems))
    if problems:
        for line in _unchecked(settings):
            typer.echo(line, err=True)
        raise PolicyInvalid(problems)
    retired, lost = _on_record(settings, found)
    for policy in PolicySet(found.policies.values()):
        typer.echo(
            f"{policy.id:28} {policy.version[:12]}  gate: {policy.review.gate}, deciders: {policy.review.deciders}"
        )
        if policy.id in retired:
            typer.echo("  note: it is retired; an admin chooses on /policy-changes to put it in force again")
        for words in notes_on(policy):
            typer.echo(f"  note: {words}")
    for name in lost:
        typer.echo(f"{name:28} has no file here")
        typer.echo(
            f"  note: it stays in force as it is; if that is not meant: countersign policy retire {name}"
        )
    for line in _unchecked(settings):
        typer.echo(line)
    many = len(found.policies)
    typer.echo(f"{many} {'policy' if many == 1 else 'policies'} can be put in force.")


def _doubts(settings: Settings, found: Found) -> Iterator[PolicyProblem]:
    if _may_have_log(settings):
        from gateway.commands.policy_record_check import problems_on_record  # loads the database's libraries

        yield from problems_on_record(settings, found)
        return
    folder, _ = policy_folders(settings)
    for name, policy in found.policies.items():
        path = folder / f"{name}.yaml"
        for steps, message in doubts_about(policy):
            yield PolicyProblem(str(path), *place_of(path, steps), field_name(steps), message)


def _on_record(settings: Settings, found: Found) -> tuple[set[str], list[str]]:
    """Which of the policies are retired, and what is in force and has no file."""
    if not _may_have_log(settings):
        return set(), []
    from gateway.commands.policy_versions import (
        in_force_without,
        retired_among,
    )  # loads the database's libraries

    return retired_among(settings, found.policies), in_force_without(settings, found.names)


def _identifiers_in_prompts(settings: Settings, found: Found) -> Iterator[PolicyProblem]:
    """A prompt is sent as it is, so what would be redacted in a request leaves with it. The value is not told."""
    _, folder = policy_folders(settings)
    prompts = {policy.prompt: policy.prompt_text for policy in found.policies.values() if policy.prompt}
    if not any(character.isdigit() or character == "@" for text in prompts.values() for character in text):
        return
    identifiers = CertainIdentifiers(settings.redaction.pattern_seconds)
    for name, text in sorted(prompts.items()):
        path = folder / f"{name}.md"
        before = path.read_text("utf-8", "replace").partition(text)[0]
        there = {one.start: one.type for one in identifiers.find(text, settings.redaction.entities)}
        for start, kind in sorted(there.items()):
            lines = (before + text[:start]).split("\n")
            what = f"looks like {kind}, and a prompt is sent as it is; if it is somebody's, take it out"
            yield PolicyProblem(str(path), len(lines), len(lines[-1]) + 1, "", what)


def _unchecked(settings: Settings) -> Iterator[str]:
    if not settings.models:
        where = f"{SETTINGS_FILE} has no `models`"
        if not SETTINGS_FILE.is_file():
            where = f"there is no {SETTINGS_FILE} here; run this in the gateway's folder"
        yield f"Not checked: whether your models are there, where their data stays and what they cost ({where})."
    if not _may_have_log(settings):
        yield (
            "Not checked: whether applications have keys, whether people are known, and the evidence that `scale` asks"
            f" for (there is no log in {settings.data}; name the gateway's data folder with --data)."
        )


def _may_have_log(settings: Settings) -> bool:
    return settings.database is not None or (settings.data / DATABASE).is_file()
