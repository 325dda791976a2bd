"""`countersign policy history`, `show`, `diff`, `rollback` and `retire`: the versions that were ever in force."""

import difflib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import typer

from audit import Connection, Log
from gateway.commands.control import OPERATOR, Data, at_log, existing
from gateway.commands.policy_difference import difference_lines
from gateway.errors import GatewayError
from gateway.operations import (
    RETIRED,
    PolicyVersion,
    find_version,
    history_of,
    kept_files,
    kept_policy,
    restore_files,
    retire_policy,
    retired_policies,
    versions_on_record,
)
from gateway.policy import Policy, PolicySet, defaults_of, differences, meant, weakened
from gateway.settings import Settings, load_settings
from gateway.startup.configured_database import database_of
from gateway.startup.configured_policies import policy_folders, read_policies

DISK: Final = "disk"
"""Named as a version: the file as it lies there now."""
_SHORT: Final = 12
_FILES_DIFFER: Final = "Their files differ, as in comments: --files shows how."

Id = Annotated[str, typer.Argument(help="the policy's id")]
Named = Annotated[
    str, typer.Argument(help="ID, ID@VERSION (its first digits are enough, at least 4) or ID@disk")
]


def history(policy: Id, data: Data = None) -> None:
    """Every version that was ever in force, newest first: since when, by whom, and what it weakened."""
    database = existing(load_settings(data=data))
    found = database.read(lambda connection: history_of(connection, policy))
    if not found:
        close = meant(policy, database.read(versions_on_record))
        remedy = close or f". Its file is shown by `countersign policy show {policy}@disk`."
        raise GatewayError("unknown_policy", f"No policy {policy} was ever in force here{remedy}")
    for one in found:
        agreed = f"  agreed to by {', '.join(one.approved_by)}" if one.approved_by else ""
        weaker = f"  weakened {', '.join(one.loosens)}" if one.loosens else ""
        typer.echo(f"{one.version[:_SHORT] or 'retired':12}  {one.since}  {one.actor}{agreed}{weaker}")


def show(
    policy: Named,
    data: Data = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="print the exact JSON that the version is the SHA-256 of")
    ] = False,
) -> None:
    """Every word of a version: its files as they are written, and what they leave to defaults."""
    found = _named(load_settings(data=data), policy)
    if as_json or not found.files:
        typer.echo(json.dumps(json.loads(found.policy.words), indent=2, ensure_ascii=False))
        return
    for what, text in found.files.items():
        typer.echo(f"# {what}, as it is written\n{text.rstrip()}\n")
    typer.echo(f"# version {found.policy.version}")
    typer.echo("# at their defaults:")
    for field, value in defaults_of(found.policy):
        typer.echo(f"{field}: {value}")


def diff(
    before: Named,
    after: Named,
    data: Data = None,
    files: Annotated[bool, typer.Option("--files", help="the files as well, line by line")] = False,
) -> None:
    """What differs, field by field; what guards less is marked with `weaker`.

    Of lists only what came and went is shown, of long texts the words around a change.
    """
    settings = load_settings(data=data)
    old, new = _named(settings, before), _named(settings, after)
    for policy in sorted(retired_among(settings, {old.policy.id, new.policy.id})):
        typer.echo(f"{policy} is retired: none of its versions is in force.")
    weaker = weakened(old.policy, new.policy)
    found = differences(old.policy, new.policy)
    for one in found:
        is_weaker = any(f"{one.field}.".startswith(f"{name}.") for name in weaker)
        for line in difference_lines(one, weaker=is_weaker):
            typer.echo(line)
    if not found:
        typer.echo("They say the same." if old.files == new.files else f"They say the same. {_FILES_DIFFER}")
    for what in sorted({*old.files, *new.files}) if files else ():
        lines = difflib.unified_diff(
            old.files.get(what, "").splitlines(),
            new.files.get(what, "").splitlines(),
            f"{what} {old.policy.version[:_SHORT]}",
            f"{what} {new.policy.version[:_SHORT]}",
            lineterm="",
        )
        for line in lines:
            typer.echo(line)


def rollback(
    policy: Id,
    version: Annotated[str, typer.Argument(help="the version, by its first digits, at least 4")],
    data: Data = None,
) -> None:
    """Write the files of an earlier version back. They come into force as any other change does."""
    settings = load_settings(data=data)

    def look(connection: Connection) -> tuple[PolicyVersion, Policy | None, dict[str, bytes]]:
        found = find_version(connection, policy, version)
        return found, kept_policy(connection, found), kept_files(connection, found)

    found, words, files = existing(settings).read(look)
    if words is None:
        raise GatewayError("unknown_version", "The words of this version are not kept.")
    written = restore_files(words, files, policy_folders(settings))
    for path in written:
        typer.echo(f"{path}: written as of {found.version[:_SHORT]}")
    if not written:
        typer.echo("The files are those of this version already.")
    prompt = f"{words.prompt}.md"
    if any(path.name == prompt for path in written):
        others = [one.id for one in _on_disk(settings) if one.id != policy and one.prompt == words.prompt]
        typer.echo(f"{prompt} is the prompt of these as well: {', '.join(others) or 'none'}.")
    if existing(settings).read(lambda connection: policy in retired_policies(connection)):
        typer.echo(
            f"{policy} stays retired, until an admin chooses on /policy-changes to put it in force again."
        )
        return
    in_force = existing(settings).read(
        lambda connection: kept_policy(connection, find_version(connection, policy))
    )
    weaker = [] if in_force is None else weakened(in_force, words)
    needed = settings.policy.approval.loosening
    if weaker and needed > 1:
        typer.echo(
            f"Nothing is in force by that. It weakens {', '.join(weaker)}, so {needed} admins agree to it on"
            " /policy-changes; a signal does not put it in force."
        )
        return
    typer.echo("Nothing is in force by that: see /policy-changes, or send the gateway SIGHUP.")


def retire(policy: Id, data: Data = None) -> None:
    """Retire a policy: nobody can ask under it any more. Removing its file does not do that.

    It stays retired when other policies change. An admin chooses on /policy-changes to put it in force again.
    """
    settings = load_settings(data=data)

    def here(log: Log) -> dict[str, str]:
        log.submit(lambda transaction: retire_policy(transaction, policy, OPERATOR)).result()
        return {}

    at_log(settings, here, lambda client: client.post(f"/v1/policies/{policy}/retire"))
    typer.echo(
        f"{policy} is retired. It stays so, whatever its file says and whatever else comes into force, until an admin"
        " chooses on /policy-changes to put it in force again."
    )


def retired_among(settings: Settings, policies: Collection[str]) -> set[str]:
    """Which of them are retired; none where there is no log yet."""
    database = database_of(settings)
    return set(policies) & database.read(retired_policies) if database.exists() else set()


def in_force_without(settings: Settings, files: Collection[str]) -> list[str]:
    """What is in force by the record and has none of these files."""
    database = database_of(settings)
    known = database.read(versions_on_record) if database.exists() else {}
    return sorted(name for name, one in known.items() if one.version != RETIRED and name not in files)


@dataclass(frozen=True)
class _Found:
    policy: Policy
    files: Mapping[str, str]


def _named(settings: Settings, name: str) -> _Found:
    policy, _, version = name.partition("@")
    if version == DISK:
        words = _on_disk(settings).get(policy)
        if words is None:
            close = meant(policy, _on_disk(settings).ids)
            raise GatewayError("unknown_policy", f"There is no file of a policy {policy}{close}.")
        files = words.sources
    else:
        database = existing(settings)
        found = database.read(lambda connection: find_version(connection, policy, version or None))
        kept = database.read(lambda connection: kept_policy(connection, found))
        if kept is None:
            raise GatewayError(
                "unknown_version", f"The words of version {found.version[:_SHORT]} are not kept."
            )
        words, files = kept, kept.sources
    return _Found(words, {what: content.decode("utf-8", "replace") for what, content in files.items()})


def _on_disk(settings: Settings) -> PolicySet:
    return read_policies(settings)
