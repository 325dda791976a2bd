"""The fields of a chat completion request (OpenAI's API reference, Chat Completions, Create).

The fields listed here carry no text of their own: names of members, and values that belong to a fixed set. Everything
else is text.
"""

import re
from collections.abc import Mapping
from typing import Final

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+")

_REQUEST: Final = """
    audio dimensions encoding_format frequency_penalty function_call functions logit_bias logprobs
    max_completion_tokens max_tokens messages metadata modalities model n parallel_tool_calls prediction
    presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format safety_identifier seed
    service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
    web_search_options top_k min_p repetition_penalty thinking budget_tokens extra_body
"""
_OF_SERVERS: Final = """
    ignore_eos lora_path min_k mirostat mirostat_eta mirostat_lr mirostat_tau mm_processor_kwargs n_probs num_beams
    num_ctx num_gpu num_predict num_thread tfs_z top_a top_h typical_p vllm_xargs
"""
"""Fields of vLLM, SGLang, llama.cpp, Ollama and the like that could be taken for names."""
_INSIDE: Final = """
    role content name tool_calls tool_call_id id type function arguments refusal text description parameters strict
    custom format grammar definition syntax input json_schema schema include_usage include_obfuscation mode
    allowed_tools search_context_size user_location approximate city country region timezone annotations
    reasoning reasoning_content reasoning_details thinking_blocks cache_control ttl index url_citation
"""
_JSON_SCHEMA: Final = """
    $schema $id $ref $defs $anchor $comment definitions properties required items prefixItems additionalProperties
    additionalItems unevaluatedProperties unevaluatedItems patternProperties propertyNames dependentSchemas
    dependentRequired enum const default examples title pattern minimum maximum exclusiveMinimum exclusiveMaximum
    multipleOf minLength maxLength minItems maxItems uniqueItems minProperties maxProperties minContains maxContains
    contains allOf anyOf oneOf not if then else nullable readOnly writeOnly deprecated contentMediaType
    contentEncoding contentSchema $dynamicRef $dynamicAnchor $vocabulary discriminator propertyName mapping
"""

_SCHEMAS: Final = """
    items prefixItems additionalProperties additionalItems unevaluatedProperties unevaluatedItems propertyNames
    contains allOf anyOf oneOf not if then else contentSchema
"""
_GRAMMAR: Final = """
    enum const default format required dependentRequired type $ref $id $schema $anchor $dynamicRef $dynamicAnchor
    contentMediaType contentEncoding discriminator
"""

_PARTS: Final = "image_url input_image input_audio audio file input_file video_url video document"

SCHEMAS: Final = frozenset(_SCHEMAS.split())
"""Keywords of JSON Schema (draft 2020-12) whose value is a schema or a list of schemas."""

NAMED_SCHEMAS: Final = frozenset(["properties", "$defs", "definitions", "dependentSchemas"])
"""Keywords whose members are schemas by a name of the caller's."""

GRAMMAR: Final = frozenset(_GRAMMAR.split())
"""Keywords whose values an answer must fit, so that they are no prose."""

KNOWN_NAMES: Final = frozenset(f"{_REQUEST}{_OF_SERVERS}{_INSIDE}{_JSON_SCHEMA}".split())
"""Names of members that pass as they are, and may stand in an error."""

NO_HINT: Final = KNOWN_NAMES - frozenset(["name", "input", "city", "country", "region", "timezone", "user"])
"""Names that say nothing of what their value is; other names are read with it ("date_of_birth": "3 April 1985")."""

ABOUT: Final = frozenset(["description", "title", "$comment"])
"""Names of prose about something, with which no name of a member is read."""

_SETS: Final = {
    "role": "system developer user assistant tool function",
    "encoding_format": "float base64",
    "type": "text refusal function custom json_object json_schema grammar content approximate allowed_tools ephemeral "
    "object array string number integer boolean null enabled disabled auto",
    "tool_choice": "none auto required",
    "function_call": "none auto",
    "mode": "auto required",
    "reasoning_effort": "none minimal low medium high xhigh max",
    "verbosity": "low medium high",
    "service_tier": "auto default flex scale priority",
    "search_context_size": "low medium high",
    "prompt_cache_retention": "in-memory in_memory 24h",
    "syntax": "lark regex",
    "format": "date-time date time duration email idn-email hostname ipv4 ipv6 uri uri-reference uuid regex int32 "
    "int64 float double",
    "ttl": "5m 1h",
    "$schema": "https://json-schema.org/draft/2020-12/schema https://json-schema.org/draft/2019-09/schema "
    "http://json-schema.org/draft-07/schema# http://json-schema.org/draft-07/schema",
}
CONTROL: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(words.split()) for name, words in _SETS.items()
}
"""Values that pass as they are, by the name of their member. Any other value there is text."""

READABLE_PARTS: Final = frozenset(["text", "refusal"])
"""Types of content parts that can be read: each is also the member that holds the text."""

NAMED_PARTS: Final = frozenset(_PARTS.split())
"""Types of content parts that can't be read, and that an error may name."""


def in_words(name: str) -> str:
    """A member's name as words: `dateOfBirth` and `date_of_birth` are "date of birth"."""
    return _HUMP.sub(" ", name).strip().lower()


def hint_of(name: str, around: str) -> str:
    """What a value is read with: the words of its member's name, or of the one around it."""
    if name in ABOUT:
        return ""
    return around if not name or name in NO_HINT else in_words(name)
