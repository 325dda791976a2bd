"""`POST /v1/embeddings`, as OpenAI's."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema

from gateway.api.bodies import read_object
from gateway.api.callers import caller_of
from gateway.api.disconnection import while_connected
from gateway.api.error_answers import JSONAnswer
from gateway.api.openapi import takes
from gateway.errors import GatewayError
from gateway.http import services_of
from gateway.providers import in_format
from gateway.steps import CONTEXT_FIELDS, EmbeddingCall, require_application

router = APIRouter()

_MAX_INPUTS: Final = 2048
"""As OpenAI's."""


_INPUT: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    "description": "One text, or a list of them",
}


class EmbeddingRequest(BaseModel):
    """The fields of a request."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: str
    input: Annotated[Any, WithJsonSchema(_INPUT)]
    dimensions: int | None = Field(None, ge=1, le=100_000)
    encoding_format: Literal["float", "base64"] | None = None
    user: str | None = None
    metadata: dict[str, Any] | None = None


@router.post("/v1/embeddings")
@takes(EmbeddingRequest)
async def embeddings(request: Request) -> Response:
    """Make texts into vectors. `model` names a policy that has `embeddings`."""
    services = services_of(request)
    application = require_application(await caller_of(request))  # before the body is read
    body = await read_object(request)
    _check_fields(body)
    fields = {name: value for name, value in body.items() if value is not None}
    call = EmbeddingCall(
        application=application,
        body={**fields, "input": _texts(body.get("input"))},
        headers={name: value for name, value in request.headers.items() if name.startswith("x-countersign-")},
    )
    answered = await while_connected(request, services.pipeline.embed(call))
    embedded = answered.embedded
    encoding = body.get("encoding_format") or "float"
    data = [
        {"object": "embedding", "index": at, "embedding": in_format(vector, encoding)}
        for at, vector in enumerate(embedded.vectors)
    ]
    usage = {"prompt_tokens": 0, "total_tokens": 0, **embedded.usage}
    model = embedded.body.get("model", embedded.model)
    return JSONAnswer(
        {"object": "list", "data": data, "model": model, "usage": usage}, headers=answered.headers
    )


def _check_fields(body: dict[str, Any]) -> None:
    try:
        EmbeddingRequest.model_validate(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            raise GatewayError(
                "invalid_request",
                "The request has a field that can't be passed on to a model for embeddings; leave it out.",
                param=field if field.isidentifier() and len(field) <= 40 else None,
            ) from None
        raise GatewayError("invalid_request", f"`{field}`: {problem['msg']}.", param=field) from None
    for name in body.get("metadata") or ():
        if name not in CONTEXT_FIELDS:
            raise GatewayError(
                "invalid_request",
                "`metadata` may hold `case`, `subjects` and `on_behalf_of`.",
                param="metadata",
            )


def _texts(value: Any) -> list[str]:
    """`input` as a list of texts."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not 1 <= len(texts) <= _MAX_INPUTS:
        raise GatewayError(
            "invalid_request",
            f"`input` must be a string, or a list of 1 to {_MAX_INPUTS} strings.",
            param="input",
        )
    for at, text in enumerate(texts):
        field = "input" if isinstance(value, str) else f"input[{at}]"
        if isinstance(text, int | list):
            raise GatewayError(
                "unreadable_content",
                "Arrays of tokens can't be read, so they are not sent. Send the text"
                " (with LangChain: check_embedding_ctx_length=False).",
                param="input" if isinstance(text, int) else field,
            )
        if not isinstance(text, str) or not text:
            raise GatewayError(
                "invalid_request", f"`{field}` must be a string that is not empty.", param=field
            )
    return texts
