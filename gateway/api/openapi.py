"""The OpenAPI document: what FastAPI derives from the routes, with bodies, credentials, errors and examples.

The examples stand in `openapi_examples.json`, by method and path: a `request`, and an answer for each status.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from gateway.api.messages.error_answer import answers_in_anthropics_shape
from gateway.errors import CODES, GatewayError

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_SCHEMAS: Final = "#/components/schemas/{model}"
_WITHOUT_CREDENTIAL: Final = frozenset({"/health/live", "/health/ready"})
_CREDENTIALS: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An application's key, a person's token, or an identity provider's token for a person.",
    },
    "x-api-key": {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
        "description": "An application's key, as Anthropic's clients send it.",
    },
}
_ERROR: Final = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "code", "param"],
            "properties": {
                "message": {"type": "string", "description": "What is wrong, and what to do."},
                "type": {"type": "string"},
                "code": {"type": "string", "enum": sorted(CODES)},
                "param": {"type": ["string", "null"], "description": "The field that is wrong."},
            },
        }
    },
}
_ANTHROPIC_ERROR: Final = {
    "type": "object",
    "required": ["type", "error"],
    "properties": {
        "type": {"const": "error"},
        "error": {
            "type": "object",
            "required": ["type", "message"],
            "properties": {"type": {"type": "string"}, "message": {"type": "string"}},
        },
    },
}


def takes(model: type[BaseModel], media_type: str = "application/json") -> Callable[[Endpoint], Endpoint]:
    """Say that an endpoint reads its body as `model`."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__["body_model"] = model
        endpoint.__dict__["body_media_type"] = media_type
        return endpoint

    return mark


def body_model(route: APIRoute) -> type[BaseModel] | None:
    """As what a route reads its body; None where it has none."""
    model: type[BaseModel] | None = getattr(route.endpoint, "body_model", None)
    return model


def describe(app: FastAPI, routes: Sequence[APIRoute]) -> dict[str, Any]:
    """The document of `routes`, which are the API's."""
    document = get_openapi(title=app.title, version=app.version, routes=routes)
    models = [model for model in map(body_model, routes) if model is not None]
    names, definitions = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template=_SCHEMAS
    )
    examples = json.loads(Path(__file__).with_name("openapi_examples.json").read_text("utf-8"))
    for route in routes:
        for method in sorted(route.methods or ()):
            operation = document["paths"][route.path_format][method.lower()]
            model = body_model(route)
            if model is not None:
                media_type = route.endpoint.__dict__["body_media_type"]
                content = {media_type: {"schema": names[model, "validation"]}}
                operation["requestBody"] = {"required": True, "content": content}
                if "stream" in model.model_fields:
                    operation["responses"]["200"]["content"]["text/event-stream"] = {}
            _add_errors(operation, route.path_format)
            _add_credentials(operation, route.path_format)
            _add_examples(operation, examples.get(f"{method} {route.path_format}", {}))
    document["components"] = {
        "schemas": {**definitions.get("$defs", {}), "Error": _ERROR, "AnthropicError": _ANTHROPIC_ERROR},
        "responses": dict(_error_responses()),
        "securitySchemes": _CREDENTIALS,
    }
    return document


def _add_errors(operation: dict[str, Any], path: str) -> None:
    kind = "Anthropic" if answers_in_anthropics_shape(path) else ""
    answers = {status: answer for status, answer in operation["responses"].items() if status < "4"}
    for status in sorted({status for status, _ in CODES.values()}):
        answers[str(status)] = {"$ref": f"#/components/responses/{kind}Error{status}"}
    operation["responses"] = answers


def _error_responses() -> Iterator[tuple[str, dict[str, Any]]]:
    for status in sorted({status for status, _ in CODES.values()}):
        codes = {code: meaning for code, (of, meaning) in CODES.items() if of == status}
        examples = {
            code: {"summary": meaning, "value": GatewayError(code, meaning).body()}
            for code, meaning in codes.items()
        }
        description = "; ".join(f"`{code}`" for code in codes)
        yield f"Error{status}", _response(description, "Error", {"examples": examples})
        yield f"AnthropicError{status}", _response(description, "AnthropicError", {})


def _response(description: str, schema: str, more: dict[str, Any]) -> dict[str, Any]:
    content = {"schema": {"$ref": _SCHEMAS.format(model=schema)}, **more}
    return {"description": description, "content": {"application/json": content}}


def _add_credentials(operation: dict[str, Any], path: str) -> None:
    if path in _WITHOUT_CREDENTIAL:
        return
    operation["security"] = [{"bearer": []}]
    if answers_in_anthropics_shape(path):
        operation["security"].append({"x-api-key": []})


def _add_examples(operation: dict[str, Any], examples: dict[str, Any]) -> None:
    for status, example in examples.items():
        if status == "request":
            next(iter(operation["requestBody"]["content"].values()))["example"] = example
        else:
            answer = operation["responses"].setdefault(status, {"description": "Successful Response"})
            answer.setdefault("content", {}).setdefault("application/json", {})["example"] = example
