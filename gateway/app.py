"""Builds the parts once and wires them: settings in, a running gateway out."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from fastapi import FastAPI
from starlette.types import ASGIApp

from audit import Log, Signer
from gateway.advice import Recorder, bring_up, interrupted
from gateway.api import build_application
from gateway.cases import CaseLocks
from gateway.edges import Parts
from gateway.errors import GatewayError
from gateway.identity import Ceremonies, Signing, Site
from gateway.keeping import Keeping
from gateway.metrics import Metrics
from gateway.notices import Noticing
from gateway.oidc import Provider
from gateway.oversight import Measuring
from gateway.pipeline import Pipeline
from gateway.policy import Check, InForce, PolicySet, load_checks, load_policies, shipped_policies
from gateway.policy_changes import PolicyChanges, read_folders_with, record_start
from gateway.presence import Presence
from gateway.providers import Providers, default_routes
from gateway.redaction import Redactor
from gateway.settings import (
    CHECKPOINT,
    CONTROL,
    DATABASE,
    DEMO_MASTER_KEY,
    GATEWAY,
    LOG_KEY,
    LOG_VKEY,
    WITNESSED,
    Settings,
    SettingsInvalid,
)
from gateway.storage import Database, Keyring, MasterKeys, Vault, open_database, store_fresh
from gateway.sweeping import sweep
from gateway.web import build_pages
from gateway.witnessing import Witnessing

_log = structlog.get_logger("countersign")


@dataclass(frozen=True)
class Foundation:
    """What is opened before anything is served: a mistake in it ends the start with a clear message."""

    settings: Settings
    log: Log
    signer: Signer
    database: Database
    vault: Vault
    policies: PolicySet
    """Those that it starts with."""
    checks: Mapping[str, Sequence[Check]]
    providers: Providers
    presence: Presence | None = None
    """This gateway among several on one database; None where there is only one."""
    reload: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the operator wants changed policies to be put in force."""

    @property
    def recorder(self) -> Recorder:
        """Writes events."""
        gateway = None if self.presence is None else self.presence.id
        return Recorder(self.log, self.vault, gateway, self.signing)

    @property
    def signing(self) -> Signing:
        """How people sign their decisions."""
        return signing_of(self.settings, self.signer)


def open_foundation(settings: Settings) -> Foundation:
    """Read the policies, open the log and its database; heavy models come later."""
    providers = Providers(settings.models or default_routes(os.environ))
    policies = read_policies(settings, providers)
    _refuse_unsignable(settings, policies)
    checks = load_checks(settings.checks, policies)
    master_keys(settings)  # before anything is made in the data folder
    log, signer = open_log(settings)
    database = database_of(settings)
    try:
        vault = open_vault(settings, log, database)
    except BaseException:
        log.close()
        raise
    return Foundation(
        settings=settings,
        log=log,
        signer=signer,
        database=database,
        vault=vault,
        policies=policies,
        checks=checks,
        providers=providers,
        presence=Presence(settings.data / GATEWAY) if database.shared else None,
    )


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


def read_policies(settings: Settings, providers: Providers) -> PolicySet:
    """The policies of the settings' folders, else of the current folder, else the shipped ones."""
    policies, prompts = _policy_folders(settings)
    return load_policies(
        policies,
        prompts,
        models=providers.names,
        entities=settings.redaction.entities,
    )


def _policy_folders(settings: Settings) -> tuple[Path, Path]:
    policies, prompts = shipped_policies()
    return settings.policies or policies, settings.prompts or prompts


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


def open_log(settings: Settings) -> tuple[Log, Signer]:
    """Open the log in the data folder, making it and its signing key the first time; projections follow it."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = database_of(settings)
    signer = _signer(settings, database)
    database.prepare()
    log = Log.open(
        database.log_storage(),
        signer,
        checkpoint_file=settings.data / CHECKPOINT,
        max_waiting=settings.limits.waiting_events,
    )
    try:
        database.read(lambda connection: bring_up(log, connection))
    except BaseException:
        log.close()
        raise
    return log, signer


def database_of(settings: Settings) -> Database:
    """PostgreSQL where the settings name it, else the SQLite file in the data folder."""
    address = None if settings.database is None else settings.database.get_secret_value()
    return open_database(settings.data / DATABASE, address)


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


def serve_application(foundation: Foundation, failed: Callable[[Exception], None]) -> ASGIApp:
    """The gateway as an ASGI application; it answers 503 until the models are loaded.

    `failed` is told if they can't be: a gateway that can't load must end, not wait for ever.
    """
    control = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with _control_file(foundation.settings, control):
            loading = asyncio.create_task(_load(app, foundation, failed))
            try:
                yield
            finally:
                loading.cancel()
                with suppress(asyncio.CancelledError):
                    await loading
                await _close(app, foundation)

    return build_application(
        lifespan,
        origin=foundation.settings.origin,
        verifier_keys=(foundation.settings.data / LOG_VKEY).read_text("utf-8").split(),
        control_token=control,
        pages=build_pages(foundation.settings),
    )


async def _load(app: FastAPI, foundation: Foundation, failed: Callable[[Exception], None]) -> None:
    """Load the models, settle what a crash left, then serve and sweep until cancelled."""
    try:
        keeping = Keeping(foundation.log, foundation.database, foundation.vault)
        redactor, missing = await asyncio.gather(
            _load_models(foundation), asyncio.to_thread(keeping.missing_content)
        )
        recorder = foundation.recorder
        cases = CaseLocks()
        in_force = InForce(foundation.policies)
        changes = _policy_changes(app, foundation, in_force, redactor, recorder)
        pipeline = Pipeline(
            database=foundation.database,
            vault=foundation.vault,
            recorder=recorder,
            policies=in_force,
            redactor=redactor,
            providers=foundation.providers,
            cases=cases,
            base_url=foundation.settings.url,
            signing=foundation.signing,
            checks=foundation.checks,
            checks_within_minutes=foundation.settings.checks_within_minutes,
        )
        await _settle_interrupted(foundation, recorder)
        alone = foundation.presence is None
        await recorder.submit(lambda transaction: record_start(transaction, foundation.policies, alone=alone))
    except Exception as error:  # noqa: BLE001 - told to whoever started it
        failed(error)
        return
    witnessing = _witnessing(app, foundation)
    measuring = Measuring(foundation.database)
    metrics: Metrics = app.state.metrics
    noticing = Noticing(
        foundation.settings.notices,
        foundation.database,
        recorder,
        foundation.settings.url,
        failed=lambda channel: metrics.notices_failed.labels(channel).inc(),
    )
    app.state.parts = Parts(
        settings=foundation.settings,
        log=foundation.log,
        database=foundation.database,
        in_force=in_force,
        changes=changes,
        pipeline=pipeline,
        vault=foundation.vault,
        keeping=keeping,
        measuring=measuring,
        cases=cases,
        verifiers=foundation.signer.verifiers,
        oidc=None if foundation.settings.oidc is None else Provider(foundation.settings.oidc),
        content_missing=missing,
        witnessing=witnessing,
    )
    if missing:
        _log.error("content is missing that no event explains; run `countersign check`", advice=missing)
    app.state.metrics.content_missing.set(missing)
    _log.info("ready", policies=[policy.id for policy in foundation.policies])
    running = [
        sweep(pipeline, keeping, foundation.database, measuring, in_force, app.state.metrics),
        changes.run(),
        witnessing.run(),
        noticing.run(),
    ]
    if foundation.presence is not None:
        running.append(foundation.presence.run(recorder, foundation.database))
        running.append(changes.keep_in_step(foundation.database))
    await asyncio.gather(*running)


async def _settle_interrupted(foundation: Foundation, recorder: Recorder) -> None:
    """What a crash left unanswered has failed; where there are other gateways, only what this one left."""
    if foundation.presence is not None:
        await foundation.presence.begin(recorder, foundation.database)
        return
    for advice in await foundation.database.fetch(interrupted):
        await recorder.interrupted(advice)


def _policy_changes(
    app: FastAPI, foundation: Foundation, in_force: InForce, redactor: Redactor, recorder: Recorder
) -> PolicyChanges:
    settings, metrics = foundation.settings, app.state.metrics
    policies, prompts = _policy_folders(settings)
    return PolicyChanges(
        in_force,
        read_folders_with(policies, prompts, foundation.providers.names, settings.redaction.entities),
        policies,
        redactor,
        recorder,
        foundation.checks,
        can_sign=Site.of(settings.url) is not None,
        asked=foundation.reload,
        told=metrics.policy_problems.set,
    )


def _witnessing(app: FastAPI, foundation: Foundation) -> Witnessing:
    metrics: Metrics = app.state.metrics
    witnessing = Witnessing(
        foundation.settings.witnessing,
        foundation.log,
        foundation.signer.verifiers,
        foundation.settings.data / WITNESSED,
        failed=lambda name: metrics.witness_failures.labels(name).inc(),
    )
    metrics.watch_witnessing(lambda: witnessing.age, lambda: witnessing.report(look=False))
    return witnessing


async def _load_models(foundation: Foundation) -> Redactor:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2, "loading") as pool:
        providers = loop.run_in_executor(pool, foundation.providers.load)
        redactor = loop.run_in_executor(pool, Redactor.load, foundation.settings.redaction)
        await providers
        return await redactor


async def _close(app: FastAPI, foundation: Foundation) -> None:
    parts: Parts | None = app.state.parts
    if parts is not None:
        await parts.pipeline.drain()
        if parts.oidc is not None:
            await parts.oidc.aclose()
        if foundation.presence is not None:
            with suppress(GatewayError):  # who can't say goodbye is found to be silent
                await foundation.presence.leave(foundation.recorder)
    await foundation.providers.aclose()
    await asyncio.to_thread(foundation.log.close)


@contextmanager
def _control_file(settings: Settings, token: str) -> Iterator[None]:
    """While the gateway runs, commands at this machine find it, and act as the operator, by this file."""
    path = settings.data / CONTROL
    write_private(path, json.dumps({"base_url": settings.local_url, "token": token}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    fresh = path.with_name(path.name + ".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
