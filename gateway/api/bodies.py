"""Reading request bodies: bounded in size and time, strict UTF-8 JSON, refused by name."""

from typing import Any, TypeVar

import orjson
from fastapi import Request
from pydantic import BaseModel, ValidationError

from gateway.errors import GatewayError
from gateway.http import read_body, services_of

M = TypeVar("M", bound=BaseModel)

_MISSING = frozenset({"missing"})


async def read_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, or a `GatewayError` that says what is wrong with it."""
    raw = await read_body(request, services_of(request).settings.limits)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise GatewayError("invalid_json", "The body must be one JSON object in UTF-8.") from None
    if not isinstance(body, dict):
        raise GatewayError("invalid_json", "The body must be one JSON object, with members.")
    return body


async def read_model(request: Request, model: type[M]) -> M:
    """The body as `model`; the first field that is wrong is named, and never its value."""
    body = await read_object(request)
    try:
        return model.model_validate(body)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False, include_context=False)[0]
        param = ".".join(str(step) for step in problem["loc"])
        known = problem["type"] != "extra_forbidden"
        if not param:
            raise GatewayError("invalid_field", f"{problem['msg'].removeprefix('Value error, ')}.") from None
        message = f"`{param}`: {problem['msg']}." if known else f"`{param}` is not a field of this request."
        raise GatewayError("invalid_field", message, param=param) from None
