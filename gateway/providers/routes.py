"""Where a policy's model leads: one entry of `models:` in countersign.yaml, or the environment's own
default.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gateway.money import Amount

DEFAULT_ROUTE: Final = "default"
"""The route that the shipped policies name."""

REHEARSAL: Final = "rehearsal/extract"
"""The built-in model: an extract of the prompt, for rehearsing a policy without buying a model."""

DIRECT: Final = frozenset(
    {
        "azure",
        "cerebras",
        "custom_openai",
        "deepinfra",
        "groq",
        "hosted_vllm",
        "llamafile",
        "lm_studio",
        "nebius",
        "nvidia_nim",
        "openai",
        "openai_like",
        "openrouter",
        "sambanova",
        "together_ai",
    }
)
"""litellm's names of the providers that document their interface as OpenAI's."""

OPENAI_BASE: Final = "https://api.openai.com/v1"

Seconds = Annotated[float, Field(gt=0, le=3600)]
Residency = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z-]{1,31}$")]

KEYED_PROVIDERS: Final[Mapping[str, tuple[str, str]]] = {
    "ANTHROPIC_API_KEY": ("anthropic", "claude-sonnet-4-5"),
    "AZURE_API_KEY": ("azure", "gpt-4o"),
    "GEMINI_API_KEY": ("gemini", "gemini-2.5-flash"),
    "MISTRAL_API_KEY": ("mistral", "mistral-large-latest"),
    "GROQ_API_KEY": ("groq", "openai/gpt-oss-120b"),
}
"""Variable with a key -> the provider's name in litellm and the model that is asked where nobody names one.
"""


class RoutePrice(BaseModel):
    """The price of a route's tokens; it overrides the table that litellm ships."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input_per_million: Amount = Field(description="For a million tokens that are sent: 2.50 USD")
    output_per_million: Amount = Field(description="For a million tokens that the model writes: 10 USD")

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        if self.input_per_million.currency != self.output_per_million.currency:
            raise ValueError("write both amounts in one currency")
        return self


class ModelRoute(BaseModel):
    """One way to one model. Keys are never in the file: `api_key_env` names the variable that holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(description="provider/model as litellm spells it: openai/gpt-4o, ollama_chat/llama3.2")
    api_base: str | None = Field(default=None, description="The server's address, without /chat/completions")
    api_key_env: str | None = Field(
        default=None, description="Name of the environment variable that holds the key"
    )
    api_version: str | None = Field(default=None, description="Azure's api-version")
    timeout_seconds: Seconds = Field(default=120, description="For one whole answer")
    idle_seconds: Seconds = Field(
        default=60, description="Longest silence in a stream, before its first chunk too"
    )
    connect_seconds: Seconds = Field(
        default=5, description="For the connection, and for a free place in the pool"
    )
    retries: int = Field(
        default=1, ge=0, le=5, description="More attempts after the first, before the next route"
    )
    headers: dict[str, str] = Field(default_factory=dict, description="Sent with each request")
    params: dict[str, Any] = Field(default_factory=dict, description="Fields that win over the caller's")
    leaves: bool = Field(
        default=True,
        description="false: the server at api_base is the organisation's own, so what is sent to it does not leave;"
        " `transcriptions` of policies may name such routes only",
    )
    residency: Residency | None = Field(
        default=None, description="Where what is sent stays, by contract with the provider: UK"
    )
    price: RoutePrice | None = Field(
        default=None, description="What its tokens cost; default: the table that litellm ships, in USD"
    )

    @field_validator("model")
    @classmethod
    def _has_provider(cls, model: str) -> str:
        provider, slash, name = model.partition("/")
        if not (provider and slash and name):
            raise ValueError("write it as provider/model, for example openai/gpt-4o")
        return model

    @field_validator("api_base")
    @classmethod
    def _is_http(cls, base: str | None) -> str | None:
        if base is not None and not base.startswith(("https://", "http://")):
            raise ValueError("write an address that starts with https:// or http://")
        return base

    @model_validator(mode="after")
    def _stays_at_an_own_server(self) -> Self:
        if not self.leaves and self.api_base is None:
            raise ValueError("with `leaves: false` say in `api_base` where your own server is")
        return self

    @property
    def provider(self) -> str:
        """The provider's name in litellm: what stands before the first slash."""
        return self.model.partition("/")[0]

    @property
    def target(self) -> str:
        """The model's name at the provider: what stands after the first slash."""
        return self.model.partition("/")[2]


class EmbeddingModel(BaseModel):
    """A model in the gateway's own process that makes embeddings: one entry of `embedding_models:`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: Path = Field(description="has model.onnx, here or in onnx/, tokenizer.json and config.json")


def default_routes(environ: Mapping[str, str]) -> dict[str, ModelRoute]:
    """The routes when countersign.yaml has no `models:`, from what `environ` holds: one, named `default`.

    In this order: OPENAI_API_BASE or OPENAI_BASE_URL, OPENAI_API_KEY, a key of KEYED_PROVIDERS,
    OLLAMA_API_BASE; with none of them the rehearsal model. COUNTERSIGN_MODEL names another model of that
    provider, or, as provider/model, of another one.
    """
    route = _from_environment(environ)
    model_name = environ.get("COUNTERSIGN_MODEL", "")
    provider, slash, model = model_name.partition("/")
    if slash and provider in _known_providers(environ):
        route = route if provider == route.provider else _of_provider(environ, provider, model)
        model_name = model
    return {
        DEFAULT_ROUTE: route.model_copy(update={"model": f"{route.provider}/{model_name}"})
        if model_name
        else route
    }


def conventional_key(provider: str) -> str:
    """The variable in which a provider's key usually lies, as litellm and the providers' own clients
    have it.
    """
    return f"{provider.upper()}_API_KEY"


def _known_providers(environ: Mapping[str, str]) -> frozenset[str]:
    """Prefixes that make COUNTERSIGN_MODEL a whole route; at a server of one's own, names may hold any
    slash.
    """
    own_server = environ.get("OPENAI_API_BASE") or environ.get("OPENAI_BASE_URL")
    if own_server:
        return frozenset({"openai", "rehearsal"})
    return frozenset({"openai", "rehearsal", "ollama_chat", *(name for name, _ in KEYED_PROVIDERS.values())})


def _from_environment(environ: Mapping[str, str]) -> ModelRoute:
    base = environ.get("OPENAI_API_BASE") or environ.get("OPENAI_BASE_URL")
    key = "OPENAI_API_KEY" if environ.get("OPENAI_API_KEY") else None
    if base or key:
        return ModelRoute(model="openai/gpt-4o", api_base=base or None, api_key_env=key)
    for variable, (provider, model) in KEYED_PROVIDERS.items():
        if environ.get(variable):
            return _keyed(environ, variable, provider, model)
    if ollama := environ.get("OLLAMA_API_BASE"):
        # Ollama speaks OpenAI's interface under /v1, with nothing to translate.
        return ModelRoute(model="openai/llama3.2", api_base=f"{ollama.rstrip('/')}/v1", timeout_seconds=600)
    return ModelRoute(model=REHEARSAL)


def _of_provider(environ: Mapping[str, str], provider: str, model: str) -> ModelRoute:
    """The route to another provider than the environment's first, with what the environment says of it."""
    for variable, (keyed, _) in KEYED_PROVIDERS.items():
        if keyed == provider and environ.get(variable):
            return _keyed(environ, variable, provider, model)
    base = environ.get("OLLAMA_API_BASE") if provider == "ollama_chat" else None
    return ModelRoute(model=f"{provider}/{model}", api_base=base or None)


def _keyed(environ: Mapping[str, str], variable: str, provider: str, model: str) -> ModelRoute:
    prefix = provider.upper()
    return ModelRoute(
        model=f"{provider}/{model}",
        api_key_env=variable,
        api_base=environ.get(f"{prefix}_API_BASE") or None,
        api_version=environ.get(f"{prefix}_API_VERSION") or None,
    )
