"""Whole answers as servers that speak OpenAI's interface give them: the odd shapes that gateways are known to break on.

Written for these tests, after what users of gateways and servers have reported: members that are missing, null, of
another kind or of a server's own. Each is a name and a body.
"""

from typing import Any, Final

Body = dict[str, Any]

TOP: Final[Body] = {"id": "chatcmpl-7", "object": "chat.completion", "created": 1764000000, "model": "m-1"}
USAGE: Final[Body] = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
CALL: Final[Body] = {
    "id": "call_Zx81",
    "type": "function",
    "function": {"name": "look_up", "arguments": '{"reference": "A-17"}'},
}
FILTER: Final[Body] = {"hate": {"filtered": False, "severity": "safe"}, "violence": {"filtered": False}}


def whole(message: Body, *, choice: Body | None = None, **top: Any) -> Body:
    """A completion with one choice; a member that is `...` is left out."""
    first = {"index": 0, "message": message, "finish_reason": "stop", **(choice or {})}
    return _without_gaps({**TOP, "choices": [_without_gaps(first)], "usage": USAGE, **top})


def says(content: Any = "It is on file.", **more: Any) -> Body:
    """A message of the model."""
    return _without_gaps({"role": "assistant", "content": content, **more})


def _without_gaps(body: Body) -> Body:
    return {name: value for name, value in body.items() if value is not ...}


def calls(*tool_calls: Any, content: Any = None, **choice: Any) -> Body:
    """An answer that calls tools."""
    return whole(says(content, tool_calls=list(tool_calls)), choice={"finish_reason": "tool_calls", **choice})


def _odd_calls() -> dict[str, Body]:
    function = CALL["function"]
    return {
        "tool call, content null": calls(CALL),
        "tool call, content empty": calls(CALL, content=""),
        "tool call, content missing": calls(CALL, content=...),
        "tool call with words": calls(CALL, content="I look it up."),
        "tool call that ends with stop": calls(CALL, finish_reason="stop"),
        "two tool calls": calls(CALL, {**CALL, "id": "call_2"}),
        "tool calls with equal ids": calls(CALL, CALL),
        "tool call with an index": calls({**CALL, "index": 0}),
        "tool call without a type": calls({name: CALL[name] for name in ("id", "function")}),
        "tool call with a short id": calls({**CALL, "id": "D681PevKs"}),
        "tool call with a long id": calls({**CALL, "id": "call_" + "x9" * 60}),
        "tool call with an id of hexadecimal": calls(
            {**CALL, "id": "chatcmpl-tool-040af537f3e14bd6986646facde02ce3"}
        ),
        "tool call with an id of a number": calls({**CALL, "id": "0"}),
        "tool call with an empty id": calls({**CALL, "id": ""}),
        "tool call with a null id": calls({**CALL, "id": None}),
        "tool call without an id": calls({name: CALL[name] for name in ("type", "function")}),
        "tool call with empty arguments": calls({**CALL, "function": {**function, "arguments": ""}}),
        "tool call with an empty object": calls({**CALL, "function": {**function, "arguments": "{}"}}),
        "tool call with arguments that are cut": calls(
            {**CALL, "function": {**function, "arguments": '{"refer'}}
        ),
        "tool call with arguments as an object": calls(
            {**CALL, "function": {**function, "arguments": {"reference": "A-17"}}}
        ),
        "tool call with null arguments": calls({**CALL, "function": {**function, "arguments": None}}),
        "tool call with a list as arguments": calls(
            {**CALL, "function": {**function, "arguments": '["A-17", 2]'}}
        ),
        "tool call without arguments": calls({**CALL, "function": {"name": "look_up"}}),
        "tool call with spaces in its arguments": calls(
            {**CALL, "function": {**function, "arguments": '{ "reference" :\n "A-17" }'}}
        ),
        "tool call with numbers in its arguments": calls(
            {
                **CALL,
                "function": {**function, "arguments": '{"n": 1e400, "m": 1.0, "k": 12345678901234567890}'},
            }
        ),
        "tool call with equal names in its arguments": calls(
            {**CALL, "function": {**function, "arguments": '{"a": 1, "a": 2}'}}
        ),
        "tool call with escapes in its arguments": calls(
            {**CALL, "function": {**function, "arguments": '{"a": "\\u00e9\\/\\n"}'}}
        ),
        "tool call with JSON in its arguments": calls(
            {**CALL, "function": {**function, "arguments": '{"a": "{\\"b\\": [1]}"}'}}
        ),
        "tool call with a signature": calls(
            {**CALL, "extra_content": {"google": {"thought_signature": "Cs4BAX=="}}}
        ),
        "tool call with members of a server": calls(
            {**CALL, "provider_specific_fields": {"thought_signature": "Eg=="}}
        ),
        "custom tool call": calls(
            {"id": "call_c", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}
        ),
        "no tool calls, as an empty list": whole(says(tool_calls=[])),
        "no tool calls, as null": whole(says(tool_calls=None)),
        "function call of old": whole(
            says(None, function_call=function), choice={"finish_reason": "function_call"}
        ),
        "empty function call of old": whole(says(function_call={"name": "", "arguments": ""})),
        "no function call, as null": whole(says(function_call=None)),
    }


def _odd_content() -> dict[str, Body]:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Let me see."}]}
    citation = {
        "type": "url_citation",
        "url_citation": {"start_index": 3, "end_index": 9, "title": "Act", "url": "https://example.org/act"},
    }
    return {
        "content empty": whole(says("")),
        "content null": whole(says(None)),
        "content missing": whole(says(...)),
        "content as parts": whole(
            says([{"type": "text", "text": "It is "}, {"type": "text", "text": "on file."}])
        ),
        "content as parts with thinking": whole(says([thinking, {"type": "text", "text": "On file."}])),
        "content as a reference": whole(
            says([{"type": "text", "text": "See"}, {"type": "reference", "reference_ids": [1, 2]}])
        ),
        "content as no parts": whole(says([])),
        "role missing": whole(says(role=...)),
        "role null": whole(says(role=None)),
        "refusal": whole(says(None, refusal="I can't help with that.")),
        "refusal null": whole(says(refusal=None)),
        "refusal empty": whole(says(refusal="")),
        "reasoning_content": whole(says(reasoning_content="First I look.\n\nThen I say.")),
        "reasoning_content null": whole(says(reasoning_content=None)),
        "reasoning": whole(says(reasoning="First I look.")),
        "reasoning_details": whole(
            says(
                reasoning_details=[
                    {"type": "reasoning.encrypted", "data": "gAAA==", "format": "x", "index": 0}
                ]
            )
        ),
        "thinking_blocks": whole(
            says(thinking_blocks=[{"type": "thinking", "thinking": "Hm.", "signature": "Er=="}])
        ),
        "annotations": whole(says("See the Act.", annotations=[citation])),
        "annotations empty": whole(says(annotations=[])),
        "audio null": whole(says(audio=None)),
        "images": whole(
            says(images=[{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}])
        ),
        "context of Azure": whole(
            says(context={"citations": [{"content": "On file.", "filepath": "a.pdf"}], "intent": "[]"})
        ),
        "members of a server in the message": whole(
            says(provider_specific_fields={"citations": None}, prefix=False)
        ),
        "line and paragraph separators": whole(says("a\u2028b\u2029c\x85d")),
        "control characters": whole(says("a\u0000b\u001bc\u007f")),
        "emoji and combined letters": whole(says("👩‍👩‍👧 é e\u0301 한국어 שלום")),
        "byte order mark": whole(says("\ufeffIt is on file.")),
        "angle brackets": whole(says("<think>a</think> <b>&amp;</b> <PERSON> <X_1>")),
        "what looks like a pseudonym": whole(says("<PERSON_1> and <UK_NINO_7> and <PERSON_")),
        "what looks like an escape": whole(says('C:\\new\\u0041 \\" {{name}} %s {0}')),
        "JSON in the content": whole(says('{"a": "b\\n", "c": [1, 2.50, 1e5]}')),
        "fenced JSON": whole(says('```json\n{"a": 1}\n```')),
        "data lines in the content": whole(says("data: [DONE]\n\ndata: {}\n\n")),
        "blank content": whole(says(" \n\t ")),
        "long content": whole(says("A line of words. " * 3000)),
    }


def _odd_choices() -> dict[str, Body]:
    token = {"token": "It", "logprob": -0.31, "bytes": [73, 116], "top_logprobs": []}
    second = {"index": 1, "message": says("Another."), "finish_reason": "length"}
    return {
        "finish reason null": whole(says(), choice={"finish_reason": None}),
        "finish reason empty": whole(says(), choice={"finish_reason": ""}),
        "finish reason missing": whole(says(), choice={"finish_reason": ...}),
        "finish reason of a server": whole(
            says(), choice={"finish_reason": "eos_token", "native_finish_reason": "STOP"}
        ),
        "finish reason length": whole(says("It is on"), choice={"finish_reason": "length"}),
        "finish reason content_filter": whole(says(""), choice={"finish_reason": "content_filter"}),
        "stop reason of a server": whole(says(), choice={"stop_reason": None, "matched_stop": 151645}),
        "finish details": whole(says(), choice={"finish_details": {"type": "stop", "stop": "<|end|>"}}),
        "logprobs null": whole(says(), choice={"logprobs": None}),
        "logprobs with null content": whole(says(), choice={"logprobs": {"content": None, "refusal": None}}),
        "logprobs without content": whole(says(), choice={"logprobs": {"content": [], "refusal": []}}),
        "logprobs": whole(says("It"), choice={"logprobs": {"content": [token], "refusal": None}}),
        "logprobs with others": whole(
            says("It"), choice={"logprobs": {"content": [{**token, "top_logprobs": [token]}]}}
        ),
        "logprobs without bytes": whole(
            says("It"), choice={"logprobs": {"content": [{"token": "It", "logprob": -9999.0}]}}
        ),
        "index missing": whole(says(), choice={"index": ...}),
        "index of one": whole(says(), choice={"index": 1}),
        "two choices": {**whole(says()), "choices": [whole(says())["choices"][0], second]},
        "choices in another order": {**whole(says()), "choices": [second, whole(says())["choices"][0]]},
        "choices with equal indices": {**whole(says()), "choices": [second, second]},
        "filter results": whole(says(), choice={"content_filter_results": FILTER}),
        "a delta beside the message": whole(says(), choice={"delta": {}}),
        "text beside the message": whole(says(), choice={"text": ""}),
        "seed of a choice": whole(says(), choice={"seed": 12345678901234567}),
    }


def _odd_tops() -> dict[str, Body]:
    details = {
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": None},
        "completion_tokens_details": None,
    }
    return {
        "id missing": whole(says(), id=...),
        "id null": whole(says(), id=None),
        "id empty": whole(says(), id=""),
        "id of a number": whole(says(), id=17),
        "object missing": whole(says(), object=...),
        "object of another name": whole(says(), object="text_completion"),
        "created missing": whole(says(), created=...),
        "created null": whole(says(), created=None),
        "created in parts of a second": whole(says(), created=1764000000.25),
        "created as text": whole(says(), created="1764000000"),
        "model missing": whole(says(), model=...),
        "model empty": whole(says(), model=""),
        "model as a path": whole(says(), model="/models/Qwen3-8B-AWQ/"),
        "usage missing": whole(says(), usage=...),
        "usage null": whole(says(), usage=None),
        "usage empty": whole(says(), usage={}),
        "usage with nulls": whole(
            says(), usage={"prompt_tokens": 9, "completion_tokens": None, "total_tokens": None}
        ),
        "usage with details": whole(says(), usage={**USAGE, **details}),
        "usage in parts": whole(says(), usage={**USAGE, "cost": 0.0000125, "queue_time": 0.1}),
        "usage as text": whole(says(), usage={"prompt_tokens": "9"}),
        "usage less than nothing": whole(says(), usage={"prompt_tokens": -1, "completion_tokens": 0}),
        "usage of hundreds of digits": whole(says(), usage={**USAGE, "total_tokens": 2**62}),
        "service_tier": whole(says(), service_tier="flex"),
        "service_tier null": whole(says(), service_tier=None),
        "system_fingerprint null": whole(says(), system_fingerprint=None),
        "filter results of the prompt": whole(
            says(), prompt_filter_results=[{"prompt_index": 0, "content_filter_results": FILTER}]
        ),
        "prompt_logprobs": whole(
            says(), prompt_logprobs=None, kv_transfer_params=None, prompt_token_ids=None
        ),
        "citations": whole(says("See [1]."), citations=["https://example.org/act"], search_results=[]),
        "times of a server": whole(
            says(), x_groq={"id": "req_01"}, time_info={"queue_time": 1e-05}, timings={"predicted_ms": 12.5}
        ),
        "warnings": whole(says(), warnings=[], error=None),
        "provider": whole(says(), provider="Example", gen_id="g-1"),
        "members of next year": whole(says(), next_year={"deep": [1, None, {"é": [True, -0.0, 1e-07]}]}),
        "a decision of its own": whole(says(), metadata={"decision": "none"}, store=False),
    }


ANSWERS: Final[dict[str, Body]] = {**_odd_content(), **_odd_calls(), **_odd_choices(), **_odd_tops()}
