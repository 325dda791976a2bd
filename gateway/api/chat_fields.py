"""The types of a chat completion request's plain fields (OpenAI's API reference, Chat Completions, Create).

Only what the gateway acts on itself, or what would otherwise come back as a provider's failure: ranges, and fields
that are new, stay the provider's to judge. Messages and tools are checked where they are read.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import GatewayError

_Choices = Annotated[int, Field(ge=1, le=128)]


class _ChatFields(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    n: _Choices | None = None
    temperature: float | None = None
    top_p: float | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    parallel_tool_calls: bool | None = None
    store: bool | None = None
    user: str | None = None
    reasoning_effort: str | None = None
    service_tier: str | None = None
    tools: list[Any] | None = None
    functions: list[Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    function_call: str | dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None


class ChatRequest(_ChatFields):
    """A request as the OpenAPI document describes it; OpenAI's other fields are passed on."""

    model: str = Field(description="The id of a policy")
    messages: list[dict[str, Any]] = Field(min_length=1, description="As OpenAI's")
    metadata: dict[str, Any] | None = Field(
        None, description="`case`, `subjects` and `on_behalf_of` are for the gateway, the rest is passed on"
    )


def check_fields(body: Mapping[str, Any]) -> None:
    """A 400 `GatewayError` that names the first field of the wrong type, and never its value."""
    try:
        _ChatFields.model_validate(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = str(problem["loc"][0])
        raise GatewayError("invalid_request", f"`{field}`: {problem['msg']}.", param=field) from None
