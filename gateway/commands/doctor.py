"""`countersign doctor`: what a gateway on this machine needs, checked before and after a change. It changes nothing."""

import os
import socket
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import httpx
import typer
from cryptography import x509

from audit import AuditError, Signer, decode_event, parse_checkpoint
from gateway.commands.control import Data
from gateway.operations import RETIRED, HealthCheck, check_disk, versions_on_record
from gateway.policy import PolicyInvalid
from gateway.providers import RouteInvalid, default_routes
from gateway.redaction import ModelMissing, Redactor
from gateway.settings import CHECKPOINT, LOG_KEY, LOG_VKEY, Settings, SettingsInvalid, load_settings
from gateway.startup.bootstrap import database_of, master_keys
from gateway.startup.configured_policies import read_policies
from gateway.storage import UNUSABLE, Database, Keyring, MasterKeyInvalid, explain_unusable

_EXPLAINED: Final = (AuditError, MasterKeyInvalid, ModelMissing, PolicyInvalid, RouteInvalid, SettingsInvalid)
_SECONDS: Final = 5.0
"""Longest wait for each address."""
_CLOCK_SECONDS: Final = 30.0
"""Clocks that differ by more make times in the log, and signatures' times, disagree."""
_CERTIFICATE_DAYS: Final = 14

Config = Annotated[
    Path | None, typer.Option("--config", help="countersign.yaml; default: the one in this folder")
]
Offline = Annotated[bool, typer.Option("--offline", help="make no connection but to the database")]


def doctor(config: Config = None, data: Data = None, offline: Offline = False) -> None:
    """Check settings, keys, database, clock, disk, TLS, policies and providers; exits with 1 if anything is wrong.

    It changes nothing, and asks no model. It connects to the database, to `base_url`, and to the providers and
    witnesses of the settings, with no credential.
    """
    failed = False
    for check in _checks(config, data, offline=offline):
        failed = failed or check.problem is not None
        typer.echo(
            f"ok     {check.name}" if check.problem is None else f"WRONG  {check.name}: {check.problem}"
        )
    raise typer.Exit(1 if failed else 0)


def _checks(config: Path | None, data: Path | None, *, offline: bool) -> Iterator[HealthCheck]:
    try:
        settings = load_settings(config, data=data)
    except SettingsInvalid as error:
        yield HealthCheck("settings", str(error))
        return
    yield HealthCheck("settings")
    yield _tried("log key", lambda: _check_log_key(settings))
    yield check_disk(_existing_part(settings.data), settings.limits.disk_free_bytes)
    yield _tried("master key", lambda: _check_master_keys(settings))
    yield _tried("database", lambda: _check_database(settings))
    yield _tried("redaction", lambda: _check_redaction(settings))
    yield _tried("policies", lambda: _check_policies(settings))
    yield from _check_api_keys(settings)
    if offline:
        return
    yield from _check_addresses(settings)


def _tried(name: str, check: Callable[[], str | None]) -> HealthCheck:
    """A check that gives a problem, or raises one."""
    try:
        return HealthCheck(name, check())
    except _EXPLAINED as error:
        return HealthCheck(name, str(error))
    except UNUSABLE as error:
        return HealthCheck(name, explain_unusable(error))


def _existing_part(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there already."""
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir())


def _check_master_keys(settings: Settings) -> None:
    master_keys(settings)


def _check_log_key(settings: Settings) -> str | None:
    file = settings.data / LOG_KEY
    if not file.exists():
        return None  # made at the first start; that it is missing beside a database is the database's check
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return f"others may read {file}; run chmod 600 on it"
    newest = Signer.load(file).verifier_key
    published = (settings.data / LOG_VKEY).read_text("utf-8").split()
    if newest not in published:
        return f"{LOG_VKEY} is not of {LOG_KEY}: restore both from one backup"
    return None


def _check_database(settings: Settings) -> str | None:
    database = database_of(settings)
    if not database.exists():
        if database.shared:
            return "there is no log in it yet; run `countersign database prepare`"
        return f"{LOG_KEY} is here, and its database is not; restore it" if _has_key(settings) else None
    if not _has_key(settings):
        return f"there is a log, and no {LOG_KEY} beside it; restore it, or copy it from another gateway"
    database.read(Keyring(master_keys(settings)).load)
    if missing := database.guards_missing():
        return f"guards of the log's tables are missing: {', '.join(missing)}; run `countersign database prepare`"
    return _check_newest(settings, database)


def _has_key(settings: Settings) -> bool:
    return (settings.data / LOG_KEY).exists()


def _check_newest(settings: Settings, database: Database) -> str | None:
    """That the database is no older than the checkpoint beside it, and its newest event not of the future."""
    storage = database.log_storage()
    with storage.snapshot() as view:
        note = view.newest_checkpoint()
        size = 0 if note is None else parse_checkpoint(note).size
        newest = view.events(size - 1, size) if size else []
    outside = parse_checkpoint((settings.data / CHECKPOINT).read_bytes()).size
    if outside > size:
        return f"it has {size} events and {CHECKPOINT} {outside}: it is an older copy; restore the newest"
    if newest:
        at = datetime.fromisoformat(str(decode_event(newest[0])["time"]))
        ahead = (at - datetime.now(UTC)).total_seconds()
        if ahead > _CLOCK_SECONDS:
            return f"its newest event is {ahead:.0f} seconds in the future; set this machine's clock"
    return None


def _check_redaction(settings: Settings) -> None:
    """That its models and recognisers can be loaded, and something finds each of its types."""
    Redactor.load(settings.redaction)


def _check_policies(settings: Settings) -> str | None:
    policies = read_policies(settings)
    database = database_of(settings)
    if not database.exists():
        return None
    on_record = database.read(versions_on_record)
    if not on_record:  # no gateway has started yet
        return None
    there = {name: version.version for name, version in on_record.items() if version.version != RETIRED}
    own = {policy.id: policy.version for policy in policies}
    changed = sorted(name for name in own.keys() | there.keys() if own.get(name) != there.get(name))
    if changed:
        return f"the files differ from what is in force: {', '.join(changed)}; the next start puts the files in force"
    return None


def _check_api_keys(settings: Settings) -> Iterator[HealthCheck]:
    for name, route in settings.models.items():
        variable = route.api_key_env
        missing = variable is not None and not os.environ.get(variable)
        problem = f"{variable} is not set, where its route expects its key" if missing else None
        yield HealthCheck(f"model {name}: key", problem)


def _check_addresses(settings: Settings) -> Iterator[HealthCheck]:
    if settings.base_url is not None:
        yield _check_address("base_url", settings.base_url, serves_people=True)
    routes = settings.models or default_routes(os.environ)
    for name, route in routes.items():
        if route.api_base is not None:
            yield _check_address(f"model {name}: address", route.api_base)
    policy = settings.witnessing.in_force(datetime.now(UTC).date())
    for witness in policy.witnesses if policy else ():
        yield _check_address(f"witness {witness.name}", witness.url)


def _check_address(name: str, url: str, *, serves_people: bool = False) -> HealthCheck:
    """That it answers, its certificate holds for a while, and its clock is as this one."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    own = host in ("localhost", "127.0.0.1", "::1")
    if serves_people and parts.scheme != "https" and not own:
        return HealthCheck(name, "people and applications reach it without TLS; give it an https:// address")
    try:
        if parts.scheme == "https" and (days := _certificate_days(host, port)) < _CERTIFICATE_DAYS:
            return HealthCheck(name, f"its certificate ends in {days} days; renew it")
        before = time.time()
        answer = httpx.get(url, timeout=_SECONDS, trust_env=False)
    except (OSError, httpx.HTTPError) as error:
        return HealthCheck(
            name, f"it can't be reached ({type(error).__name__}); check the address and the network"
        )
    return HealthCheck(name, _check_clock(answer.headers.get("date"), before))


def _certificate_days(host: str, port: int) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), _SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert(binary_form=True) or b""
    ends = x509.load_der_x509_certificate(certificate).not_valid_after_utc
    return (ends - datetime.now(UTC)).days


def _check_clock(date: str | None, own: float) -> str | None:
    try:
        there = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return None  # it tells no time
    if abs(there - own) > _CLOCK_SECONDS:
        return f"its clock is {there - own:+.0f} seconds from this machine's; set the one that is wrong"
    return None
