"""Requests of the kinds that gateways were reported to change, drop or refuse. Written for these tests; what was
reported is their shape.
"""

from typing import Any, Final

from tests.gateway.provider_answers import CALL

Body = dict[str, Any]

USER: Final[Body] = {"role": "user", "content": "Is it on file?"}
_PARAMETERS: Final[Body] = {"type": "object", "properties": {"reference": {"type": "string"}}}


def _asks(*before: Body, **fields: Any) -> Body:
    return {"messages": [*before, USER], **fields}


def _tool(name: str = "look_up", parameters: Any = None, **more: Any) -> Body:
    given = _PARAMETERS if parameters is None else parameters
    return {"type": "function", "function": {"name": name, "parameters": given, **more}}


def _round(result: Any, **call: Any) -> Body:
    called = {"role": "assistant", "content": None, "tool_calls": [{**CALL, **call}]}
    answered = {"role": "tool", "tool_call_id": call.get("id", CALL["id"]), "content": result}
    return {"messages": [USER, called, answered], "tools": [_tool()]}


def _schema(schema: Body, **more: Any) -> Body:
    wanted = {"name": "found", "schema": schema, **more}
    return _asks(response_format={"type": "json_schema", "json_schema": wanted})


_SAID: Final[Body] = {"role": "assistant", "content": "Yes."}

_FIELDS: Final[dict[str, Body]] = {
    "two choices": _asks(n=2),
    "one choice": _asks(n=1),
    "seed of 63 bits": _asks(seed=2**63 - 1),
    "bias of tokens": _asks(logit_bias={"50256": -100, "15": 1}),
    "stop as text": _asks(stop="\n\n"),
    "stop as a list": _asks(stop=["\n", "END", "</s>"]),
    "stop as an empty list": _asks(stop=[]),
    "limits of old and new": _asks(max_tokens=5, max_completion_tokens=5),
    "limit of nothing": _asks(max_tokens=None, max_completion_tokens=None),
    "temperature of a whole number": _asks(temperature=1, top_p=1),
    "penalties": _asks(presence_penalty=-2.0, frequency_penalty=0.5),
    "top tokens": _asks(logprobs=True, top_logprobs=20),
    "no tokens": _asks(logprobs=False),
    "effort": _asks(reasoning_effort="minimal", verbosity="low"),
    "thinking": _asks(thinking={"type": "enabled", "budget_tokens": 1024}, enable_thinking=True),
    "tier": _asks(service_tier="auto", store=False),
    "stored": _asks(store=True),
    "cache": _asks(prompt_cache_key="k1", prompt_cache_retention="24h"),
    "modalities": _asks(modalities=["text"]),
    "prediction": _asks(prediction={"type": "content", "content": "It is on file."}),
    "web search": _asks(web_search_options={"search_context_size": "low"}),
    "fields of vLLM": _asks(
        top_k=-1,
        repetition_penalty=1.05,
        skip_special_tokens=False,
        ignore_eos=True,
        min_tokens=0,
        guided_json={"type": "object"},
    ),
    "fields of llama.cpp": _asks(mirostat=2, mirostat_tau=5.0, mirostat_eta=0.1, tfs_z=1.0, n_probs=0),
    "fields of SGLang": _asks(lora_path=None, top_h=0.4, vllm_xargs={}, mm_processor_kwargs={}, num_beams=1),
    "fields of OpenRouter": _asks(
        provider={"order": ["a", "b"], "allow_fallbacks": False}, transforms=[], route="fallback"
    ),
    "fields of Ollama": _asks(keep_alive="5m", options={"num_ctx": 8192, "num_gpu": 1}, think=True),
    "fields of Mistral": _asks(safe_prompt=True, random_seed=7, prompt_mode=None),
    "fields of Azure": _asks(data_sources=[], enhancements=None),
    "a field of next year": _asks(next_year={"deep": [1, None, {"x": [True, 0.5]}]}),
    "tool choice none": _asks(tools=[_tool()], tool_choice="none"),
    "tool choice auto": _asks(tools=[_tool()], tool_choice="auto"),
    "tool choice required": _asks(tools=[_tool()], tool_choice="required"),
    "tool choice of some": _asks(
        tools=[_tool()],
        tool_choice={
            "type": "allowed_tools",
            "allowed_tools": {
                "mode": "auto",
                "tools": [{"type": "function", "function": {"name": "look_up"}}],
            },
        },
    ),
    "one call at a time": _asks(tools=[_tool()], parallel_tool_calls=False),
    "functions of old": _asks(
        functions=[{"name": "look_up", "parameters": _PARAMETERS}], function_call={"name": "look_up"}
    ),
    "JSON of any kind": _asks(
        {"role": "system", "content": "Answer in JSON."}, response_format={"type": "json_object"}
    ),
    "text as the format": _asks(response_format={"type": "text"}),
    "a schema": _schema({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}, strict=True),
    "a schema with references": _schema(
        {"$ref": "#/$defs/A", "$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}}}
    ),
    "a schema with limits": _schema(
        {"type": "array", "minItems": 1, "items": {"type": "number", "multipleOf": 0.01, "maximum": 1e10}}
    ),
    "a schema with a default of null": _schema({"type": "object", "properties": {"a": {"default": None}}}),
    "a schema of true": _schema({"type": "object", "properties": {"a": True}, "additionalProperties": False}),
}

_TOOLS: Final[dict[str, Body]] = {
    "a name with dots": _asks(tools=[_tool("files.look_up")]),
    "a name with a dash": _asks(tools=[_tool("look-up")]),
    "names in capitals and digits": _asks(tools=[_tool("LookUp2")]),
    "a description of nothing": _asks(tools=[_tool(description="")]),
    "a description of null": _asks(tools=[_tool(description=None)]),
    "parameters of nothing": _asks(tools=[_tool(parameters={})]),
    "parameters without properties": _asks(tools=[_tool(parameters={"type": "object", "properties": {}})]),
    "parameters with their schema": _asks(
        tools=[_tool(parameters={"$schema": "http://json-schema.org/draft-07/schema#", **_PARAMETERS})]
    ),
    "parameters with a member called type": _asks(
        tools=[
            _tool(
                parameters={"type": "object", "properties": {"type": {"type": "string", "enum": ["a", "b"]}}}
            )
        ]
    ),
    "parameters with unions": _asks(
        tools=[
            _tool(
                parameters={
                    "type": "object",
                    "properties": {"a": {"oneOf": [{"type": "integer"}, {"type": "null"}]}},
                }
            )
        ]
    ),
    "a custom tool": _asks(tools=[{"type": "custom", "custom": {"name": "sql", "format": {"type": "text"}}}]),
    "a custom tool with a grammar": _asks(
        tools=[
            {
                "type": "custom",
                "custom": {
                    "name": "sql",
                    "format": {
                        "type": "grammar",
                        "grammar": {"syntax": "lark", "definition": 'start: "a"'},
                    },
                },
            }
        ]
    ),
    "a hundred tools": _asks(tools=[_tool(f"tool_{at}") for at in range(100)]),
    "cache marks on a tool": _asks(tools=[{**_tool(), "cache_control": {"type": "ephemeral", "ttl": "1h"}}]),
}

_MESSAGES: Final[dict[str, Body]] = {
    "result as parts": _round([{"type": "text", "text": "On file."}]),
    "result of null": _round("null"),
    "result with lines": _round("one\r\ntwo\n\n\tthree "),
    "result as a list in JSON": _round('[{"a": 1}, {"a": 2.0}]'),
    "arguments of nothing": _round("On file.", function={"name": "look_up", "arguments": "{}"}),
    "arguments with blanks": _round(
        "On file.", function={"name": "look_up", "arguments": '{ "reference" : "A-17" }'}
    ),
    "arguments in words": _round("On file.", function={"name": "look_up", "arguments": "A-17"}),
    "arguments as JSON in JSON": _round(
        "On file.", function={"name": "look_up", "arguments": '{"a": "{\\"b\\": 1}"}'}
    ),
    "id of nine letters": _round("On file.", id="D681PevKs"),
    "signature with the call": _round(
        "On file.", extra_content={"google": {"thought_signature": "Cs4BAX=="}}
    ),
    "round with empty words": {
        "messages": [
            USER,
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            _round("On file.")["messages"][2],
        ]
    },
    "round without content": {
        "messages": [USER, {"role": "assistant", "tool_calls": [CALL]}, _round("On file.")["messages"][2]]
    },
    "two rounds": {"messages": [*_round("On file.")["messages"], _SAID, USER]},
    "system as parts": _asks({"role": "system", "content": [{"type": "text", "text": "Be brief."}]}),
    "system twice": _asks(
        {"role": "system", "content": "Be brief."}, {"role": "system", "content": "Be kind."}
    ),
    "system with a mark for the cache": _asks(
        {
            "role": "system",
            "content": [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        }
    ),
    "developer and system": _asks(
        {"role": "developer", "content": "Be brief."}, {"role": "system", "content": "Be kind."}
    ),
    "answer as parts": _asks(USER, {"role": "assistant", "content": [{"type": "text", "text": "Yes."}]}),
    "answer with a refusal as a part": _asks(
        USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": "I can't."}]}
    ),
    "answer with tool calls of null": _asks(USER, {**_SAID, "tool_calls": None}),
    "answer with its reasoning": _asks(USER, {**_SAID, "reasoning": "I look."}),
    "answer with thinking blocks": _asks(
        USER, {**_SAID, "thinking_blocks": [{"type": "thinking", "thinking": "Hm.", "signature": "Er=="}]}
    ),
    "answer with annotations": _asks(USER, {**_SAID, "annotations": []}),
    "answer of nothing": _asks(USER, {"role": "assistant", "content": ""}),
    "blanks around": {"messages": [{"role": "user", "content": "  Is it?  \n"}]},
    "lines of all kinds": {"messages": [{"role": "user", "content": "a\r\nb\rc\u2028d\x0be"}]},
    "marks of Markdown": {"messages": [{"role": "user", "content": "# A\n\n* b\n\n```py\nx = '<a>'\n```\n"}]},
    "marks of templates": {
        "messages": [{"role": "user", "content": "{{x}} {x} %s ${x} <|im_start|> [INST]"}]
    },
    "escapes": {"messages": [{"role": "user", "content": 'C:\\temp\\new "x" \\u0041 \\\\'}]},
    "part of nothing": {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text", "text": "Is it?"}]}
        ]
    },
}

REPORTED: Final[dict[str, Body]] = {**_FIELDS, **_TOOLS, **_MESSAGES}
