"""The fields of a request (OpenAI's API reference, Responses, Create): which are supported, and of which types.

What is not supported is refused by its name, never left out in silence.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.errors import GatewayError

M = TypeVar("M", bound=BaseModel)

REFUSED: Final[Mapping[str, str]] = {
    "conversation": "The gateway keeps no conversations; use `previous_response_id`.",
    "prompt": "The gateway has no prompt templates; the policy that `model` names has its own prompt.",
    "context_management": "The gateway does not shorten a conversation; leave it out.",
    "moderation": "The gateway asks no moderation model; the policy says what is refused.",
    "max_tool_calls": "It limits hosted tools, and the gateway has none; leave it out.",
    "top_logprobs": "Token probabilities are not given through the Responses API; use chat completions.",
    "prompt_cache_options": "It can't be passed on; use `prompt_cache_key`.",
}
"""OpenAI's fields that are not supported, and what to do instead."""
_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}")
_NOT_GIVEN: Final = "message.output_text.logprobs"


class StrictModel(BaseModel):
    """Exactly these members, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TextFormat(StrictModel):
    """`text.format`."""

    type: Literal["text", "json_object", "json_schema"]
    name: str | None = None
    description: str | None = None
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    strict: bool | None = None


class Text(StrictModel):
    """`text`."""

    format: TextFormat | None = None
    verbosity: str | None = None


class Reasoning(StrictModel):
    """`reasoning`; a summary is given wherever the provider gave its reasoning."""

    effort: str | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None


class StreamOptions(StrictModel):
    """`stream_options`."""

    include_obfuscation: Literal[False] | None = None


class ResponseRequest(StrictModel):
    """The supported fields. The items of `input` are checked in `items.py`, tools in `tools.py`."""

    model: Any = None
    input: Annotated[str, Field(min_length=1)] | list[Any]
    instructions: str | None = None
    previous_response_id: str | None = None
    tools: list[Any] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    text: Text | None = None
    reasoning: Reasoning | None = None
    max_output_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    metadata: dict[str, Any] | None = None
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_retention: str | None = None
    service_tier: str | None = None
    truncation: Literal["disabled", "auto"] | None = None
    include: list[str] | None = None
    store: bool | None = None
    background: bool | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None


def read_fields(body: Mapping[str, Any]) -> ResponseRequest:
    """The request's fields; a `GatewayError` that names the first which is wrong or not supported."""
    members = {name: value for name, value in body.items() if value is not None}
    for name in members:
        if name in REFUSED:
            raise GatewayError("invalid_field", f"`{name}` is not supported. {REFUSED[name]}", param=name)
        if name not in ResponseRequest.model_fields:
            known = _NAME.fullmatch(name) is not None
            raise GatewayError(
                "invalid_field",
                "This is not a field that the gateway's Responses API has; docs/responses.md lists them.",
                param=name if known else None,
            )
    fields = read_as(ResponseRequest, members, "")
    if fields.truncation == "auto":
        raise GatewayError(
            "invalid_field", "The gateway leaves out nothing of a long conversation.", param="truncation"
        )
    if _NOT_GIVEN in (fields.include or ()):
        raise GatewayError("invalid_field", f"`{_NOT_GIVEN}` is not supported.", param="include")
    return fields


def read_as(model: type[M], value: Any, place: str) -> M:
    """`value`, which stands at `place`, as `model`; the place that is wrong is named, and never its value."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        steps = list(problem["loc"])
        if problem["type"] == "extra_forbidden":
            param = _joined(place, steps[:-1])
            message = "This has a member that is not supported; docs/responses.md lists those that are."
            raise GatewayError("invalid_field", message, param=param or None) from None
        # A value of none of several types: which of them was tried is no step of the request.
        param = _joined(place, [step for step in steps if not _is_type(step)])
        raise GatewayError("invalid_request", f"`{param}`: {problem['msg']}.", param=param) from None


def _is_type(step: str | int) -> bool:
    return isinstance(step, str) and (
        step in ("str", "bool") or step.startswith(("list[", "dict[", "constrained-"))
    )


def _joined(place: str, steps: list[str | int]) -> str:
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place
