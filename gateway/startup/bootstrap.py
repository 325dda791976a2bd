"""Opens the resources of a gateway and its commands: the policies, the log, the database and its keys."""

import asyncio
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog

from audit import Log, Signer
from gateway.advice import Recorder, bring_up
from gateway.identity import Ceremonies, Signing, Site
from gateway.operations import Heartbeat, LogKey, starting_policies
from gateway.policy import (
    Found,
    PolicyInvalid,
    PolicyProblem,
    PolicySet,
    SeededCheck,
    load_seeded_checks,
)
from gateway.providers import Providers, default_routes
from gateway.settings import (
    CHECKPOINT,
    DATABASE,
    DEMO_MASTER_KEY,
    GATEWAY,
    LOG_KEY,
    LOG_VKEY,
    Settings,
    SettingsInvalid,
)
from gateway.startup.configured_database import database_of as database_of
from gateway.startup.configured_policies import model_terms, read_files
from gateway.steps import with_fault
from gateway.storage import Database, Keyring, MasterKeys, Vault, store_fresh

_log = structlog.get_logger("countersign")

Clock = Callable[[], datetime]


def machine_time() -> datetime:
    """The machine's own clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Resources:
    """What is opened before anything is served: a mistake in it ends the start with a clear message."""

    settings: Settings
    log: Log
    signer: Signer
    database: Database
    vault: Vault
    policies: PolicySet
    """Those that it starts with."""
    seeded_checks: Mapping[str, Sequence[SeededCheck]]
    providers: Providers
    log_key: LogKey
    heartbeat: Heartbeat | None = None
    """This gateway among several on one database; None where there is only one."""
    reload: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the operator wants changed policies to be put in force."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a signal has come to end the gateway: nobody waits for a decision any longer."""

    def make_recorder(self, on_events: Callable[[Sequence[bytes], float], None] | None = None) -> Recorder:
        """Writes events; `on_events` gets them once they are on the disk."""
        gateway = None if self.heartbeat is None else self.heartbeat.id
        return Recorder(self.log, self.vault, gateway, self.signing, on_events)

    @property
    def signing(self) -> Signing:
        """How people sign their decisions."""
        return signing_of(self.settings, self.signer)


def open_resources(settings: Settings, clock: Clock = machine_time) -> Resources:
    """Read the policies, open the log and its database; heavy models come later. `clock` as for `open_log`."""
    providers = Providers(settings.models or default_routes(os.environ), settings.embedding_models)
    files = read_files(settings)
    database = database_of(settings)
    if not database.exists():  # before anything is made in the data folder
        _usable(settings, _first_policies(files))
    master_keys(settings)
    log, signer = open_log(settings, clock)
    try:
        vault = open_vault(settings, log, database)
        policies = _start_with(settings, providers, database, files)
        checks = _usable(settings, policies)
    except BaseException:
        log.close()
        raise
    log_key = log_key_of(settings, log, database)
    return Resources(
        settings=settings,
        log_key=log_key,
        log=log,
        signer=signer,
        database=database,
        vault=vault,
        policies=policies,
        seeded_checks=checks,
        providers=providers,
        heartbeat=Heartbeat(settings.data / GATEWAY, log_key) if database.shared else None,
    )


def _first_policies(files: Found) -> PolicySet:
    if files.problems:
        raise PolicyInvalid(files.problems)
    return PolicySet(files.policies.values())


def _usable(settings: Settings, policies: PolicySet) -> Mapping[str, Sequence[SeededCheck]]:
    """The seeded checks of these policies; an error where something that they need is not set up."""
    _refuse_unsignable(settings, policies)
    checks = load_seeded_checks(settings.checks, policies)
    _refuse_unplantable(checks)
    return checks


def _start_with(settings: Settings, providers: Providers, database: Database, files: Found) -> PolicySet:
    start = database.read(
        lambda connection: starting_policies(
            connection, files, models=model_terms(providers.terms), approval=settings.policy.approval
        )
    )
    for problem in start.problems:
        _log.warning("a policy can't be put in force", problem=str(problem))
    if start.waiting:
        _log.warning("changed policies wait for admins on /policy-changes", policies=start.waiting)
    if start.missing:
        _log.warning("policies are in force without a file here", policies=start.missing)
    if start.unserved:
        _log.error("policies name models that are not in the settings any more", policies=start.unserved)
    return start.policies


def signing_of(settings: Settings, signer: Signer) -> Signing:
    """Passkeys, for the log of this key, at the settings' address."""
    site = Site.of(settings.url)
    ceremonies = None if site is None else Ceremonies(site, settings.web.service_name)
    return Signing(signer.verifiers[0].name, ceremonies)


def _refuse_unsignable(settings: Settings, policies: PolicySet) -> None:
    """Nobody could decide under a policy that asks for passkeys where browsers know none."""
    asking = [policy.id for policy in policies if policy.review.signature == "passkey"]
    if asking and Site.of(settings.url) is None:
        raise SettingsInvalid(
            f"base_url: people sign decisions under {', '.join(asking)} with passkeys (review.signature), and browsers"
            f" know none at {settings.url}; set base_url to https:// and a name, or to http://localhost and the port"
        )


def _refuse_unplantable(checks: Mapping[str, Sequence[SeededCheck]]) -> None:
    """A check of whose answer no fact can be made wrong would fail when it is due, unseen."""
    problems = []
    for check in (seeded for of_policy in checks.values() for seeded in of_policy):
        for kind in check.plant:
            try:
                with_fault(check.model_copy(update={"plant": (kind,)}), random.Random(0))  # noqa: S311 - only whether there is one
            except ValueError:
                message = f"`answer` has no {kind} from `ask` that can be made wrong; leave it out of `plant`"
                problems.append(PolicyProblem(f"check {check.id}", 1, 1, "plant", message))
    if problems:
        raise PolicyInvalid(problems)


def master_keys(settings: Settings) -> MasterKeys:
    """The keys outside the database: from the environment, a file or AWS KMS."""
    text = settings.master_key.get_secret_value() if settings.master_key else ""
    if settings.master_key_file is not None:
        text += "\n" + _read_outside(settings.master_key_file, settings.data)
    if not text.strip() and settings.master_key_kms is None:
        raise SettingsInvalid(f"COUNTERSIGN_MASTER_KEY is not set; {_where_from(settings.data)}")
    return MasterKeys.parse(text, settings.master_key_kms)


def _where_from(data: Path) -> str:
    if (data / DEMO_MASTER_KEY).is_file():
        return f"of this demo it is the text of {data / DEMO_MASTER_KEY}"
    if (data / DATABASE).is_file():
        return f"give the key that {data / DATABASE} was sealed with"
    return "make a key with `countersign keys master` and keep it outside the data"


def _read_outside(file: Path, data: Path) -> str:
    if file.resolve().is_relative_to(data.resolve()):
        raise SettingsInvalid(
            f"{file}: the master key must not lie in the data folder: who steals one has the other"
        )
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(
            f"{file}: the master key can't be read ({type(error).__name__}); check master_key_file"
        ) from None


def open_vault(settings: Settings, log: Log, database: Database) -> Vault:
    """Open the keyring with the master keys; the first time, make it. `MasterKeyInvalid` if they don't fit."""
    ring = Keyring(master_keys(settings))
    if not database.read(ring.load):
        fresh = database.read(ring.fresh)
        log.submit(lambda transaction: store_fresh(transaction.connection, fresh, transaction.now)).result()
        database.read(ring.load)
    return Vault(ring)


def open_log(settings: Settings, clock: Clock = machine_time) -> tuple[Log, Signer]:
    """Open the log in the data folder, making it and its signing key the first time; projections follow it.

    `clock`: what its events' times come from, where that is not the machine's.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = database_of(settings)
    signer = _signer(settings, database)
    database.prepare()
    log = Log.open(
        database.log_storage(),
        signer,
        checkpoint_file=settings.data / CHECKPOINT,
        max_waiting=settings.limits.waiting_events,
        clock=clock,
    )
    try:
        bring_up(log, database)
    except BaseException:
        log.close()
        raise
    return log, signer


def _signer(settings: Settings, database: Database) -> Signer:
    key = settings.data / LOG_KEY
    if key.exists():
        return Signer.load(key)
    if database.exists():
        raise SettingsInvalid(
            f"{key}: the log's signing key is missing; restore it before starting on this database"
            + (
                f", or copy {LOG_KEY}, {LOG_VKEY} and {CHECKPOINT} from another gateway"
                if database.shared
                else ""
            )
        )
    signer = Signer.generate(settings.origin)
    signer.save(key)
    (settings.data / LOG_VKEY).write_text(signer.verifier_key + "\n")
    return signer


def log_key_of(settings: Settings, log: Log, database: Database) -> LogKey:
    """The key in the data folder."""
    return LogKey(log, database, settings.data / LOG_KEY, settings.data / LOG_VKEY)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
