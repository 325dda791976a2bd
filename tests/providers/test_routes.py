"""Which model is asked when nobody configured one, and what an entry of `models:` may say."""

import pytest
from pydantic import ValidationError

from gateway.providers import ModelRoute, Providers, RouteInvalid, default_routes


def route(**environ: str) -> ModelRoute:
    return default_routes(environ)["default"]


def test_without_a_key_or_a_server_the_rehearsal_model_answers() -> None:
    assert route().model == "rehearsal/extract"


def test_openais_key_alone_leads_to_openai() -> None:
    assert (route(OPENAI_API_KEY="k").provider, route(OPENAI_API_KEY="k").api_base) == ("openai", None)


@pytest.mark.parametrize("variable", ["OPENAI_API_BASE", "OPENAI_BASE_URL"])
def test_openais_base_leads_to_that_server_with_the_key_or_without(variable: str) -> None:
    with_key = route(**{variable: "http://127.0.0.1:1/v1", "OPENAI_API_KEY": "k"})
    assert (with_key.api_base, with_key.api_key_env) == ("http://127.0.0.1:1/v1", "OPENAI_API_KEY")
    assert route(**{variable: "http://127.0.0.1:1/v1"}).api_key_env is None


def test_a_server_of_ones_own_comes_before_other_keys() -> None:
    assert route(OPENAI_API_BASE="http://127.0.0.1:1", ANTHROPIC_API_KEY="k").provider == "openai"


def test_azure_takes_its_address_and_version_from_the_environment() -> None:
    azure = route(AZURE_API_KEY="k", AZURE_API_BASE="https://a.example", AZURE_API_VERSION="2024-06-01")
    assert (azure.provider, azure.api_base, azure.api_version) == ("azure", "https://a.example", "2024-06-01")


def test_ollama_is_asked_in_openais_interface_and_without_a_key() -> None:
    ollama = route(OLLAMA_API_BASE="http://127.0.0.1:11434/")
    assert (ollama.provider, ollama.api_base) == ("openai", "http://127.0.0.1:11434/v1")
    assert ollama.api_key_env is None


@pytest.mark.parametrize(
    ("environ", "wanted", "model"),
    [
        ({"OPENAI_API_KEY": "k"}, "gpt-4o-mini", "openai/gpt-4o-mini"),
        ({"OPENAI_API_KEY": "k"}, "openai/gpt-4o-mini", "openai/gpt-4o-mini"),
        ({"OPENAI_API_KEY": "k"}, "anthropic/claude-x", "anthropic/claude-x"),
        ({"OPENAI_API_BASE": "http://127.0.0.1:1"}, "meta-llama/Llama-3", "openai/meta-llama/Llama-3"),
        ({"ANTHROPIC_API_KEY": "k"}, "claude-x", "anthropic/claude-x"),
        ({}, "rehearsal/other", "rehearsal/other"),
    ],
)
def test_countersign_model_names_another_model(environ: dict[str, str], wanted: str, model: str) -> None:
    assert route(**environ, COUNTERSIGN_MODEL=wanted).model == model


def test_another_provider_comes_with_its_own_key_and_address() -> None:
    environ = {"ANTHROPIC_API_KEY": "k", "AZURE_API_KEY": "a", "AZURE_API_BASE": "https://a.example"}
    azure = route(**environ, COUNTERSIGN_MODEL="azure/our-gpt")
    assert (azure.model, azure.api_base, azure.api_key_env) == (
        "azure/our-gpt",
        "https://a.example",
        "AZURE_API_KEY",
    )
    ollama = route(OLLAMA_API_BASE="http://127.0.0.1:11434", COUNTERSIGN_MODEL="ollama_chat/llama3.2")
    assert ollama.api_base == "http://127.0.0.1:11434"


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "gpt-4o"},
        {"model": "openai/"},
        {"model": "openai/x", "api_key": "sk-1"},
        {"model": "openai/x", "api_base": "ftp://x"},
        {"model": "openai/x", "retries": -1},
        {"model": "openai/x", "timeout_seconds": 0},
    ],
)
def test_a_route_that_can_not_work_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModelRoute.model_validate(fields)


def test_a_named_key_that_is_not_set_is_found_at_start() -> None:
    providers = Providers({"m": ModelRoute(model="openai/x", api_key_env="NO_SUCH_KEY")}, environ={})
    with pytest.raises(RouteInvalid, match=r"models\.m\.api_key_env: the variable NO_SUCH_KEY is not set"):
        providers.load()


def test_azure_without_its_address_is_found_at_start() -> None:
    with pytest.raises(RouteInvalid, match=r"models\.m\.api_base"):
        Providers({"m": ModelRoute(model="azure/x")}, environ={"AZURE_API_KEY": "k"}).load()


def test_a_provider_that_litellm_does_not_know_is_found_at_start() -> None:
    with pytest.raises(RouteInvalid, match=r"models\.m\.model: litellm knows no provider 'nobody'"):
        Providers({"m": ModelRoute(model="nobody/x")}, environ={}).load()


def test_litellm_says_where_a_known_provider_lives() -> None:
    Providers({"m": ModelRoute(model="groq/x")}, environ={"GROQ_API_KEY": "k"}).load()


@pytest.mark.parametrize("model", ["openai/x", "anthropic/x", "groq/x"])
def test_a_missing_key_of_a_provider_that_wants_one_is_found_at_start(model: str) -> None:
    with pytest.raises(RouteInvalid, match=r"models\.m: set [A-Z]+_API_KEY, or api_key_env, or api_base"):
        Providers({"m": ModelRoute.model_validate({"model": model})}, environ={}).load()
