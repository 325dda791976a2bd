"""JSON Schemas of the files that people write, for editors: draft 2020-12."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel

from gateway.policy.schema import PolicyFile, PromptFile
from gateway.policy.shared_parts import SHARED, SharedFile

_NAME: Final = {"type": "string", "description": "The name of a part in shared/"}


def policy_schema() -> str:
    """The text of policies/policy.schema.json."""
    schema = PolicyFile.model_json_schema()
    parts = schema["$defs"]
    for kind in ("Refusal", "Caveat"):
        say = parts[kind]["properties"]["say"]
        named = {
            "type": "object",
            "properties": {SHARED: _NAME, "say": say},
            "required": [SHARED],
            "additionalProperties": False,
        }
        parts[kind] = {"anyOf": [parts[kind], named]}
    for kind in ("Redaction", "Review"):
        several = {"anyOf": [_NAME, {"type": "array", "items": _NAME}]}
        parts[kind]["properties"] = {SHARED: several, **parts[kind]["properties"]}
    return _text(schema)


def shared_schema() -> str:
    """The text of policies/shared.schema.json."""
    return _text(SharedFile.model_json_schema())


def prompt_schema() -> str:
    """Of the front matter of a prompt."""
    return _text(PromptFile.model_json_schema())


def schema_of(model: type[BaseModel]) -> str:
    """Of settings."""
    return _text(model.model_json_schema())


SCHEMAS: Final[Mapping[str, Callable[[], str]]] = {
    "policy": policy_schema,
    "shared": shared_schema,
    "prompt": prompt_schema,
}


def _text(schema: Mapping[str, Any]) -> str:
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
