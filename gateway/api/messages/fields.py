"""The fields of a request of the Messages API (Anthropic's API reference, Create a Message): their types, and which
can't be passed on.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from gateway.errors import GatewayError

_NAME: Final = re.compile(r"[a-z_]{1,40}")
_SENT_AS_HEADERS: Final = "`case`, `subjects` and `on_behalf_of` are sent as `X-Countersign-…` headers."

_NO_THREADS: Final[Mapping[str, dict[str, Any]]] = {
    "thread": {"details": {"error_code": "thread_unsupported_request", "unsupported": ["thread"]}}
}
"""What tells Anthropic's client to send the whole conversation with each request, as the gateway keeps none."""


_MESSAGES: Final = {
    "type": "array",
    "items": {"type": "object"},
    "minItems": 1,
    "description": "As Anthropic's",
}


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    user_id: str | None = None


class _Thinking(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["disabled"]


class _Format(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: Literal["json_schema"]
    schema_: dict[str, Any] = Field(alias="schema")


class _OutputConfig(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    format: _Format | None = None


class MessageRequest(BaseModel):
    """The fields of a request."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: str
    messages: Annotated[list[Any], Field(min_length=1), WithJsonSchema(_MESSAGES)]
    system: str | list[Any] | None = None
    max_tokens: int | None = Field(None, ge=1)
    stop_sequences: list[str] | None = None
    stream: bool | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    tools: list[Any] | None = None
    tool_choice: dict[str, Any] | None = None
    metadata: _Metadata | None = None
    thinking: _Thinking | None = None
    service_tier: Literal["auto"] | None = None
    output_config: _OutputConfig | None = None
    cache_control: Any = None


def check_fields(body: Mapping[str, Any], *, max_tokens: bool) -> None:
    """A 400 `GatewayError` that names the first field that is wrong, missing, or none that can be passed on."""
    try:
        MessageRequest.model_validate(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        _refuse(problem["type"], [str(step) for step in problem["loc"]], problem["msg"])
    if max_tokens and body.get("max_tokens") is None:
        _refuse("missing", ["max_tokens"], "Field required")


def _refuse(kind: str, steps: list[str], message: str) -> NoReturn:
    steps = steps[:1] if steps[0] == "system" else steps  # not which of its two types was tried
    field = ".".join(step if _NAME.fullmatch(step) else "*" for step in steps)
    if kind == "extra_forbidden":
        hint = f" {_SENT_AS_HEADERS}" if steps[0] == "metadata" else ""
        raise invalid(
            field, f"can't be passed on to a model here; leave it out.{hint}", **_NO_THREADS.get(field, {})
        )
    if field == "thinking.type":
        raise invalid("thinking", "can't be passed on to a model here; leave it out.")
    if kind == "missing":
        raise invalid(field, "is missing.")
    raise invalid(field, f"is not as it must be: {message}.")


def invalid(field: str, what: str, **details: Any) -> GatewayError:
    """A 400 about a field."""
    return GatewayError("invalid_request", f"`{field}` {what}", param=field, **details)


def the_object(value: Any, field: str) -> Mapping[str, Any]:
    """`value`, which must be an object."""
    if not isinstance(value, dict):
        raise invalid(field, "must be an object.")
    return value


def the_string(value: Any, field: str) -> str:
    """`value`, which must be a string."""
    if not isinstance(value, str):
        raise invalid(field, "must be a string.")
    return value
