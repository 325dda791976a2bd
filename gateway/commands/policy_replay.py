"""`countersign policy replay`: changed policies put before what was really asked."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from audit import time_text
from gateway.commands.control import Data, existing
from gateway.errors import GatewayError
from gateway.operations import MAX_REPLAYED, Impact, find_version, kept_policy, replay, retired_policies
from gateway.policy import Policy, SectionSummary, contents, differences, parse_duration, summary, weakened
from gateway.redaction import Redactor
from gateway.settings import Settings, SettingsInvalid, load_settings
from gateway.startup.bootstrap import master_keys
from gateway.startup.configured_policies import policy_folders, read_files
from gateway.storage import Connection, Keyring, Vault

_COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "refuse": ("refusal", "refusals"),
    "caveats": ("caveat", "caveats"),
    "alerts": ("alert", "alerts"),
    "examples": ("example", "examples"),
    "words": ("word in the prompt", "words in the prompt"),
}
_NOT_TRIED: Final = """\
Not tried: who takes part at the stages scan and pilot, and limits.
The answers are those on record: what another prompt or model would have answered is not known."""


def replay_changes(
    since: Annotated[str, typer.Option(help="how far back: 30d, 12h")] = "30d",
    policy: Annotated[
        Path | None, typer.Option(help="a policy's file, wherever it lies; default: all files that differ")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    most: Annotated[int, typer.Option(min=1, help="pieces of advice of each policy at most")] = MAX_REPLAYED,
    data: Data = None,
) -> None:
    """Put the advice of the past before changed policies: what would be refused, redacted, held or said otherwise.

    Only counts and the ids of advice are printed; /policy-changes shows texts, in pseudonyms and on record. Works
    beside a running gateway, and changes nothing. What was asked is sealed, so it needs the gateway's master key
    (COUNTERSIGN_MASTER_KEY, or `master_key_file` or `master_key_kms` in countersign.yaml).
    """
    settings = load_settings(data=data)
    database = existing(settings)
    ring = Keyring(master_keys(settings))
    database.read(ring.load)
    try:
        start = time_text(datetime.now(UTC) - parse_duration(since))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None
    redactor = Redactor.load(settings.redaction)
    reports: dict[str, Any] = {}
    policies: dict[str, Policy] = {}
    retired = database.read(retired_policies)
    for name, after in _changed(settings, policy).items():
        before = database.read(partial(_in_force, name))
        if before is not None and before.version == after.version and name not in retired:
            continue
        impact = None
        if before is not None:
            impact = replay(database, Vault(ring), before, after, redactor=redactor, since=start, most=most)
        reports[name] = {**_as_json(before, after, impact), "retired": name in retired}
        policies[name] = after
    if as_json:
        typer.echo(json.dumps(reports, indent=2, ensure_ascii=False))
        return
    for name, one in reports.items():
        if one["impact"] is None:
            _print_new(policies[name], elsewhere=policy)
        else:
            _print(name, one)
    if not reports:
        typer.echo("Nothing differs from what is in force.")
    if any(one["impact"] is not None for one in reports.values()):
        typer.echo(_NOT_TRIED)


def _changed(settings: Settings, file: Path | None) -> Mapping[str, Policy]:
    """The policies of the settings' folder, or the one of a file, with the prompts and shared parts of the folder."""
    policies, prompts = policy_folders(settings)
    if file is not None:
        if not file.is_file():
            raise SettingsInvalid(f"{file}: there is no such file")
        policies = file.parent
    found = read_files(settings, (policies, prompts))
    if file is None:
        return found.policies
    if file.stem not in found.policies:
        own = [str(one) for one in found.problems if Path(one.file).stem == file.stem] or ["it can't be read"]
        raise SettingsInvalid("\n".join(own))
    return {file.stem: found.policies[file.stem]}


def _in_force(policy: str, connection: Connection) -> Policy | None:
    try:
        return kept_policy(connection, find_version(connection, policy))
    except GatewayError:
        return None


def _as_json(before: Policy | None, after: Policy, impact: Impact | None) -> dict[str, Any]:
    changes = contents(after) if before is None else differences(before, after)
    return {
        "before": None if before is None else before.version,
        "after": after.version,
        "weakens": [] if before is None else weakened(before, after),
        "fields": {one.field: [one.before, one.after] for one in changes},
        "impact": None if impact is None else impact.as_json(),
    }


def _print_new(policy: Policy, *, elsewhere: Path | None) -> None:
    typer.echo(f"{policy.id}: a new policy, so there is nothing to try it on. In short:")
    for one in summary(policy):
        typer.echo(f"  {_in_words(one)}")
    where = f"`countersign policy show {policy.id}@disk` prints" if elsewhere is None else f"{elsewhere} has"
    typer.echo(f"  {where} all that it says.")


def _in_words(one: SectionSummary) -> str:
    if one.count is None:
        return f"{one.field}: {one.text}"
    few, many = _COUNTED[one.field]
    return f"{one.count} {few if one.count == 1 else many}" + (f": {one.text}" if one.text else "")


def _print(name: str, report: Mapping[str, Any]) -> None:
    if report["retired"]:
        typer.echo(f"{name} is retired: compared with what was last in force.")
    impact = report["impact"]
    typer.echo(f"{name}: {report['before'][:12]} -> {report['after'][:12]}")
    typer.echo(f"  changed: {', '.join(report['fields']) or 'nothing'}")
    if report["weakens"]:
        typer.echo(f"  weakens: {', '.join(report['weakens'])}")
    typer.echo(
        f"  advice looked at: {impact['looked_at']}; refused requests: {impact['refused_looked_at']},"
        f" and {impact['refused_without_text']} whose text is kept no longer"
    )
    for what in ("refused", "newly_redacted", "newly_left", "caveats_added", "caveats_removed"):
        for rule, count in impact[what].items():
            instances = impact["instances"].get(f"{what}.{rule}", [])
            typer.echo(f"  {what.replace('_', ' ')}: {rule} ({count}), such as {', '.join(instances)}")
    for what in ("admitted", "held", "shown"):
        if impact[what]:
            typer.echo(f"  {what}: {impact[what]}")
