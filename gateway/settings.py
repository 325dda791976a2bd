"""`countersign.yaml` and `COUNTERSIGN_*` variables, validated at start.

Variables win over the file; `__` steps into a section: `COUNTERSIGN_LIMITS__BODY_BYTES=500000`.
The master key comes from `COUNTERSIGN_MASTER_KEY`, a file of its own or AWS KMS, never from `countersign.yaml`.
"""

import re
from pathlib import Path
from typing import Any, Self

import yaml  # type: ignore[import-untyped]  # it ships no types
from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)

from gateway.documents import DocumentLimits
from gateway.errors import SettingsInvalid as SettingsInvalid  # where others look for it
from gateway.identity import OidcSettings
from gateway.notices import NoticeSettings
from gateway.policy import (
    PolicyApproval,
    character_mistake,
    in_words,
    place_of_detail,
    unknown_field,
    yaml_mistake,
)
from gateway.providers import EmbeddingModel, ModelRoute
from gateway.redaction import RedactionSettings
from gateway.telemetry import TelemetrySettings
from gateway.witnessing import WitnessingSettings

SETTINGS_FILE = Path("countersign.yaml")
"""Read where a command is started, if it is there."""

DATABASE = "countersign.db"
LOG_KEY = "log.key"
LOG_VKEY = "log.vkey"
CHECKPOINT = "checkpoint"
CONTROL = "control.json"
WITNESSED = "witnessed"
GATEWAY = "gateway"
DEMO_MASTER_KEY = "master.key"
"""Names inside the data folder; `audit` reads all but `gateway`, `control.json` and the demo's key."""


class Limits(BaseModel, extra="forbid"):
    """Limits on what clients may send and how long they may take."""

    body_bytes: int = Field(default=1_000_000, ge=1_000, description="largest request body")
    audio_bytes: int = Field(
        default=25_000_000, ge=1_000, description="largest request body with recorded speech"
    )
    body_seconds: float = Field(default=30.0, gt=0, description="time for a body to arrive")
    wait_seconds: int = Field(default=300, ge=0, description="longest `Prefer: wait`")
    stop_seconds: float = Field(default=18.0, ge=0, description="time for what runs when the gateway ends")
    waiting_events: int = Field(
        default=4_096, ge=1, description="events that may wait for the log before callers get a 503"
    )
    document_bytes: int = Field(
        default=5_000_000,
        ge=1_000,
        description="largest file within a request; `body_bytes` holds for it too",
    )
    document_pages: int = Field(default=100, ge=1, description="pages that a request's PDFs may have")
    document_characters: int = Field(
        default=1_000_000, ge=1_000, description="characters that a request's documents may hold"
    )
    document_seconds: float = Field(
        default=20.0, gt=0, description="time for a request's documents to be read"
    )

    disk_free_bytes: int = Field(
        default=256 * 2**20,
        ge=0,
        description="the gateway is not ready with less free space in its data folder",
    )

    @property
    def documents(self) -> DocumentLimits:
        """What the documents of one request may hold and cost."""
        return DocumentLimits(
            self.document_bytes, self.document_pages, self.document_characters, self.document_seconds
        )


class MonitoringSettings(BaseModel, extra="forbid"):
    """Who may read `/metrics` and `/info`: people with the role oversight or admin may always."""

    token: SecretStr | None = Field(
        default=None, description="a bearer token for Prometheus, best from an environment variable"
    )
    host: str = Field(
        default="127.0.0.1", description="address of a port of its own, for those who can reach it"
    )
    port: int | None = Field(
        default=None,
        ge=1,
        le=65_535,
        description="that port; it serves metrics, info and health without a credential",
    )


class WebSettings(BaseModel, extra="forbid"):
    """The pages for people, and signing in to them."""

    service_name: str = Field(
        default="Countersign", min_length=1, max_length=60, description="stands on top of each page"
    )
    time_zone: str = Field(default="Europe/London", description="in which the pages tell the time")
    demonstration: bool = Field(
        default=False, description="each page says that people, cases and decisions are made up"
    )
    local_sign_in: bool = Field(
        default=True, description="whether people may sign in with a password kept here"
    )
    idle_minutes: int = Field(default=30, ge=1, description="a session that is left alone ends after this")
    longest_hours: int = Field(default=12, ge=1, description="every session ends after this")
    attempts_per_account: int = Field(default=10, ge=1, description="tries to sign in with one name")
    attempts_per_address: int = Field(default=50, ge=1, description="tries to sign in from one address")
    attempts_minutes: int = Field(
        default=15, ge=1, description="after this the tries are counted from none again"
    )


class Settings(BaseSettings):
    """Everything that an operator sets. Paths are relative to the current folder."""

    model_config = SettingsConfigDict(
        env_prefix="COUNTERSIGN_", env_nested_delimiter="__", extra="forbid", yaml_file=None
    )

    data: Path = Field(
        Path(".countersign"), description="folder of the database, the log's keys and checkpoint"
    )
    database: SecretStr | None = Field(
        None,
        description="PostgreSQL for several gateways on one log, postgresql://role@host/name; default: the SQLite file"
        " in the data folder",
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8080, ge=0, le=65_535, description="port to listen on")
    base_url: str | None = Field(
        None, description="how callers reach the gateway, for links; default: host and port"
    )
    origin: str = Field(
        "countersign.example/log", description="the log's name in its checkpoints; never change it"
    )
    policies: Path | None = Field(
        None, description="folder of policies; default: ./policies, else the shipped ones"
    )
    prompts: Path | None = Field(
        None, description="folder of prompts; default: ./prompts, else the shipped ones"
    )
    policy: PolicyApproval = PolicyApproval()
    checks: Path | None = Field(
        None, description="folder of seeded checks, for policies that mix them in; callers never see it"
    )
    checks_within_minutes: float = Field(
        15,
        ge=0,
        description="maximum random delay, in minutes, before a seeded check is inserted after a request",
    )
    models: dict[str, ModelRoute] = Field(
        default_factory=dict, description="routes by name; default: what the environment's keys allow"
    )
    embedding_models: dict[str, EmbeddingModel] = Field(
        default_factory=dict, description="models in the gateway's own process that make embeddings, by name"
    )
    redaction: RedactionSettings = RedactionSettings()
    limits: Limits = Limits()
    notices: NoticeSettings = NoticeSettings()
    witnessing: WitnessingSettings = WitnessingSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    web: WebSettings = WebSettings()
    oidc: OidcSettings | None = Field(
        None, description="an OpenID Connect provider whose people sign in here; none by default"
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$")
    master_key: SecretStr | None = Field(
        None, description="32 bytes in URL-safe base64, from the environment only; older ones may follow it"
    )
    master_key_file: Path | None = Field(
        None, description="a file with such keys, one a line, newest first; never in the data folder"
    )
    master_key_kms: str | None = Field(
        None, description="a key in AWS KMS by its id, ARN or alias; it goes before the others"
    )

    @field_validator("database")
    @classmethod
    def _is_postgresql(cls, address: SecretStr | None) -> SecretStr | None:
        if address is not None and not address.get_secret_value().startswith(
            ("postgresql://", "postgres://")
        ):
            raise ValueError("must begin with postgresql://; leave it out for SQLite in the data folder")
        return address

    @model_validator(mode="after")
    def _names_are_clear(self) -> Self:
        if both := sorted(self.models.keys() & self.embedding_models.keys()):
            raise ValueError(
                f"embedding_models: {', '.join(both)} stands under models too; give it another name"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then variables, then the file."""
        return init_settings, env_settings, YamlConfigSettingsSource(settings_cls)

    @property
    def url(self) -> str:
        """`base_url`, or what host and port make."""
        return (self.base_url or self.local_url).rstrip("/")

    @property
    def local_url(self) -> str:
        """How the gateway is reached from its own machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}"


def load_settings(file: Path | None = None, **overrides: Any) -> Settings:
    """Read the settings from `file`, else from `countersign.yaml` here if there is one."""
    path = file or (SETTINGS_FILE if SETTINGS_FILE.is_file() else None)
    if file is not None and not file.is_file():
        raise SettingsInvalid(f"{file}: there is no such file")

    class FromFile(Settings):
        model_config = SettingsConfigDict(yaml_file=path)

    try:
        if path is not None:
            _check_yaml(path)
            _refuse_key_in_file(path)
        return FromFile(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsInvalid(_explain(path, error)) from None
    except SettingsInvalid:
        raise
    except (ValueError, TypeError):
        raise SettingsInvalid(
            f"{path or 'COUNTERSIGN_* variables'}: these settings can't be used: a section has text where it must"
            " have fields"
        ) from None


def _check_yaml(file: Path) -> None:
    """Whether it is YAML with fields at all; a place and plain words where it is not."""
    try:
        text = file.read_text("utf-8-sig")
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError):
        raise SettingsInvalid(
            f"{file}: it can't be read; check its permissions, and save it as UTF-8"
        ) from None
    except yaml.MarkedYAMLError as error:
        (line, column), words = yaml_mistake(error, text)
        raise SettingsInvalid(f"{file}:{line}:{column} {words}") from None
    except yaml.YAMLError as error:
        (line, column), words = character_mistake(error, text)
        raise SettingsInvalid(f"{file}:{line}:{column} {words}") from None
    if data is not None and not isinstance(data, dict):
        raise SettingsInvalid(f"{file}: must hold fields, such as `port: 8080`, each on a line of its own")


def _refuse_key_in_file(file: Path) -> None:
    if re.search(r"^\s*master_key\s*:", file.read_text("utf-8-sig"), re.MULTILINE):
        raise SettingsInvalid(f"{file}: master_key belongs in COUNTERSIGN_MASTER_KEY, never in a file")


def _explain(file: Path | None, error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        steps = place_of_detail(Settings, problem)
        unknown = problem["type"] == "extra_forbidden"
        words = unknown_field(Settings, steps) if unknown else in_words(problem)
        line = f"  {'.'.join(map(str, steps))}: {words}" if steps else f"  {words}"
        if line not in lines:
            lines.append(line)
    return f"{file or 'COUNTERSIGN_* variables'}: these settings can't be used:\n" + "\n".join(lines)
