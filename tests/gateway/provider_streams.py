"""Streams as servers that speak OpenAI's interface send them: odd chunks, events and ends. See provider_answers."""

import json
from typing import Any, Final

from tests.gateway.provider_answers import CALL, FILTER, TOP, USAGE, _without_gaps

Chunk = dict[str, Any]

_TOP: Final[Chunk] = {**TOP, "object": "chat.completion.chunk"}
_USAGE: Final[Chunk] = {**_TOP, "choices": [], "usage": USAGE}
_ROLE: Final[Chunk] = {"role": "assistant", "content": ""}
_WORDS: Final = ("It ", "is on", " file.")


def chunk(delta: Any, finish: Any = None, *, choice: Chunk | None = None, **top: Any) -> Chunk:
    """One chunk with one choice; a member that is `...` is left out."""
    first = {"index": 0, "delta": delta, "finish_reason": finish, **(choice or {})}
    return _without_gaps({**_TOP, "choices": [_without_gaps(first)], **top})


def said(**top: Any) -> list[Chunk]:
    """An ordinary answer."""
    deltas: list[Chunk] = [_ROLE, *({"content": word} for word in _WORDS)]
    return [*(chunk(delta, **top) for delta in deltas), chunk({}, "stop", **top), _USAGE]


def events(
    chunks: list[Any], *, end: bytes = b"data: [DONE]\n\n", line: bytes = b"\n", head: bytes = b"data: "
) -> bytes:
    """As server-sent events."""
    return b"".join(head + json.dumps(one).encode() + line * 2 for one in chunks) + end.replace(b"\n", line)


def _odd_chunks() -> dict[str, bytes]:
    first, *rest = said()
    last = rest[-2]
    token = {"token": "It", "logprob": -0.3, "bytes": [73, 116], "top_logprobs": []}
    return {
        "plain": events(said()),
        "role in each chunk": events(
            [chunk({"role": "assistant", "content": word}) for word in _WORDS] + [last]
        ),
        "role null": events([chunk({"role": None, "content": "On file.", "tool_calls": None}), last]),
        "no role": events([chunk({"content": "On file."}), last]),
        "role alone": events([chunk({"role": "assistant"}), *rest]),
        "role twice": events([first, first, *rest]),
        "content null": events([chunk({"role": "assistant", "content": None}), *rest]),
        "empty deltas between": events([first, chunk({}), *rest[:2], chunk({}), *rest[2:]]),
        "empty words between": events([first, chunk({"content": ""}), *rest]),
        "one chunk": events([chunk({"role": "assistant", "content": "On file."}, "stop")]),
        "last words with the finish reason": events([first, chunk({"content": "On file."}, "stop"), _USAGE]),
        "finish reason empty until the end": events(
            [chunk({"content": word}, "") for word in _WORDS] + [last]
        ),
        "finish reason missing until the end": events(
            [chunk({"content": word}, ...) for word in _WORDS] + [last]
        ),
        "finish reason twice": events([first, *rest[:-1], last, _USAGE]),
        "finish reason of a server": events([first, rest[0], chunk({}, "eos")]),
        "finish reason with empty words": events([first, rest[0], chunk({"content": ""}, "stop")]),
        "finish reason with a stop reason": events(
            [first, rest[0], chunk({"content": ""}, "stop", choice={"stop_reason": None})]
        ),
        "choices null at first": events([{**_TOP, "choices": None, "prompt_filter_results": []}, *said()]),
        "choices empty at first": events(
            [
                {
                    **_TOP,
                    "id": "",
                    "model": "",
                    "created": 0,
                    "object": "",
                    "choices": [],
                    "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": FILTER}],
                },
                *said(),
            ]
        ),
        "choices missing at the end": events([*said()[:-1], {**_TOP, "usage": USAGE}]),
        "choices empty between": events([first, {**_TOP, "choices": []}, *rest]),
        "usage in each chunk": events(
            [chunk({"content": word}, usage=USAGE) for word in _WORDS] + [last, _USAGE]
        ),
        "usage null in each chunk": events(said(usage=None)),
        "usage with the finish reason": events([*said()[:-2], chunk({}, "stop", usage=USAGE)]),
        "usage twice": events([*said(), _USAGE]),
        "usage before the finish reason": events([first, rest[0], _USAGE, last]),
        "usage with details": events(
            [*said()[:-1], {**_USAGE, "usage": {**USAGE, "prompt_tokens_details": None}}]
        ),
        "usage of a server": events([*said()[:-1], {**_USAGE, "x_groq": {"id": "req_1", "usage": USAGE}}]),
        "filter results in each chunk": events(
            [chunk({"content": word}, choice={"content_filter_results": FILTER}) for word in _WORDS]
            + [chunk({}, "stop", choice={"content_filter_results": {}})]
        ),
        "filter results after the end": events(
            [
                *said()[:-1],
                {
                    **_TOP,
                    "choices": [
                        {
                            "index": 0,
                            "finish_reason": None,
                            "delta": {},
                            "content_filter_offsets": {"check_offset": 9, "start_offset": 9, "end_offset": 9},
                            "content_filter_results": FILTER,
                        }
                    ],
                },
            ]
        ),
        "id missing": events([{name: one[name] for name in one if name != "id"} for one in said()]),
        "id another in each chunk": events([{**one, "id": f"c-{at}"} for at, one in enumerate(said())]),
        "created null": events(said(created=None)),
        "model missing": events([{name: one[name] for name in one if name != "model"} for one in said()]),
        "index missing": events(
            [chunk({"content": word}, choice={"index": ...}) for word in _WORDS]
            + [chunk({}, "stop", choice={"index": ...})]
        ),
        "logprobs null": events(
            [chunk({"content": word}, choice={"logprobs": None}) for word in _WORDS] + [last]
        ),
        "logprobs": events(
            [chunk({"content": "It"}, choice={"logprobs": {"content": [token], "refusal": None}}), last]
        ),
        "two choices": events(
            [chunk({"content": word}, choice={"index": at}) for word in _WORDS for at in (0, 1)]
            + [chunk({}, "stop", choice={"index": at}) for at in (1, 0)]
        ),
        "two choices in one chunk": events(
            [
                {
                    **_TOP,
                    "choices": [
                        {"index": at, "delta": {"content": "On file."}, "finish_reason": "stop"}
                        for at in (0, 1)
                    ],
                }
            ]
        ),
        "refusal": events(
            [
                chunk({"role": "assistant", "refusal": ""}),
                chunk({"refusal": "I can't"}),
                chunk({"refusal": " help."}),
                last,
            ]
        ),
        "reasoning_content": events(
            [
                chunk({"role": "assistant", "reasoning_content": ""}),
                chunk({"reasoning_content": "I look. "}),
                chunk({"reasoning_content": "Hm.", "content": None}),
                *rest,
            ]
        ),
        "reasoning": events(
            [
                chunk({"content": "", "reasoning": "The user"}),
                chunk({"content": "", "reasoning": " asks."}),
                *rest,
            ]
        ),
        "content as parts": events(
            [
                chunk(
                    {
                        "role": "assistant",
                        "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}],
                    }
                ),
                chunk({"content": "On file."}),
                last,
            ]
        ),
        "annotations at the end": events(
            [
                first,
                rest[0],
                chunk(
                    {
                        "annotations": [
                            {
                                "type": "url_citation",
                                "url_citation": {
                                    "start_index": 0,
                                    "end_index": 2,
                                    "title": "Act",
                                    "url": "https://example.org",
                                },
                            }
                        ]
                    }
                ),
                last,
            ]
        ),
        "citations in each chunk": events(said(citations=["https://example.org/act"])),
        "padding of OpenAI": events(
            said(obfuscation="x9KqTz", service_tier="default", system_fingerprint="fp_1")
        ),
        "members of a server": events(
            [
                chunk(
                    {"content": "On file.", "provider_specific_fields": None},
                    choice={"token_ids": None},
                    prompt_token_ids=None,
                ),
                last,
            ]
        ),
        "letters beyond ASCII": events(
            [chunk({"content": word}) for word in ("Zw", "ölf 😀", "\u2028 Zeilen ", "\ud83d\ude00")] + [last]
        ),
        "one letter at a time": events(
            [chunk({"content": letter}) for letter in "It is on file: <b>."] + [last]
        ),
        "what begins like a pseudonym": events(
            [chunk({"content": word}) for word in ("a <", "PER", "SON", " b <UK_N", "INO> <PERSON_")] + [last]
        ),
        "no words": events([first, last]),
    }


def _call(delta: Chunk, **more: Any) -> Chunk:
    return chunk({"tool_calls": [{"index": 0, **delta, **more}]})


def _odd_calls() -> dict[str, bytes]:
    name = {"name": "look_up", "arguments": ""}
    first = chunk(
        {"role": "assistant", "content": None, "tool_calls": [{**CALL, "index": 0, "function": name}]}
    )
    pieces = [_call({"function": {"arguments": piece}}) for piece in ('{"refer', 'ence": "A', '-17"}')]
    end = chunk({}, "tool_calls")
    without_index = [{**CALL, "id": one} for one in ("call_a", "call_b")]
    return {
        "tool call": events([first, *pieces, end, _USAGE]),
        "tool call whole in one chunk": events(
            [chunk({"role": "assistant", "tool_calls": [{**CALL, "index": 0}]}), end]
        ),
        "tool call whole with the finish reason": events(
            [chunk({"content": "", "tool_calls": [{**CALL, "index": 0}]}, "tool_calls", usage=USAGE)]
        ),
        "tool call after words": events([chunk({"content": "I look."}), first, *pieces, end]),
        "tool call with ids in each piece": events(
            [
                first,
                *(
                    _call({"id": CALL["id"], "type": "function", "function": {"arguments": piece}})
                    for piece in ('{"reference": ', '"A-17"}')
                ),
                end,
            ]
        ),
        "tool call with null ids in pieces": events(
            [
                first,
                *(
                    _call({"id": None, "type": None, "function": {"name": None, "arguments": piece}})
                    for piece in ('{"reference": ', '"A-17"}')
                ),
                end,
            ]
        ),
        "tool call with empty names in pieces": events(
            [
                first,
                *(
                    _call({"id": "", "function": {"name": "", "arguments": piece}})
                    for piece in ('{"reference": ', '"A-17"}')
                ),
                end,
            ]
        ),
        "tool call without arguments": events([first, end]),
        "tool call with empty pieces": events(
            [
                first,
                _call({"function": {"arguments": ""}}),
                *pieces,
                _call({"function": {"arguments": ""}}),
                end,
            ]
        ),
        "two tool calls": events(
            [first, *pieces, chunk({"tool_calls": [{**CALL, "id": "call_2", "index": 1}]}), end]
        ),
        "two tool calls in one chunk": events(
            [chunk({"tool_calls": [{**CALL, "index": 0}, {**CALL, "id": "call_2", "index": 1}]}), end]
        ),
        "two tool calls with pieces mixed": events(
            [
                chunk(
                    {
                        "tool_calls": [
                            {**CALL, "id": f"call_{at}", "index": at, "function": name} for at in (0, 1)
                        ]
                    }
                ),
                *(
                    chunk({"tool_calls": [{"index": at, "function": {"arguments": piece}}]})
                    for piece in ('{"a": ', "1}")
                    for at in (1, 0)
                ),
                end,
            ]
        ),
        "tool calls that begin with one": events([chunk({"tool_calls": [{**CALL, "index": 1}]}), end]),
        "tool call without an index": events([chunk({"role": "assistant", "tool_calls": [CALL]}), end]),
        "two tool calls without indices in one chunk": events([chunk({"tool_calls": without_index}), end]),
        "two tool calls without indices in two chunks": events(
            [*(chunk({"tool_calls": [one]}) for one in without_index), end]
        ),
        "two tool calls with the index zero": events(
            [*(chunk({"tool_calls": [{**one, "index": 0}]}) for one in without_index), end]
        ),
        "no tool calls, as an empty list": events(
            [chunk({"content": "On file.", "tool_calls": []}), chunk({"tool_calls": []}, "stop")]
        ),
        "tool call with a signature": events(
            [
                chunk(
                    {
                        "tool_calls": [
                            {**CALL, "index": 0, "extra_content": {"google": {"thought_signature": "Cs=="}}}
                        ]
                    }
                ),
                end,
            ]
        ),
        "tool call that ends with stop": events([first, *pieces, chunk({}, "stop")]),
        "empty function call at the end": events(
            [first, *pieces, chunk({"function_call": {"name": "", "arguments": ""}}, "tool_calls")]
        ),
        "function call of old": events(
            [
                chunk({"role": "assistant", "content": None, "function_call": name}),
                *(chunk({"function_call": {"arguments": piece}}) for piece in ('{"a"', ": 1}")),
                chunk({}, "function_call"),
            ]
        ),
    }


def _odd_events() -> dict[str, bytes]:
    halves = [json.dumps(one).encode().partition(b', "choices"') for one in said()]
    several = b"".join(b"data: " + a + b",\ndata: " + b[2:] + c + b"\n\n" for a, b, c in halves)
    return {
        "lines end with CRLF": events(said(), line=b"\r\n"),
        "lines end with CR": events(said(), line=b"\r"),
        "no space after data": events(said(), head=b"data:"),
        "names and ids of events": events(said(), head=b"event: message\nid: 7\nretry: 10\ndata: "),
        "comments": b": OPENROUTER PROCESSING\n\n: ping\n\n" + events(said(), head=b": keep-alive\ndata: "),
        "comment at the end": events(said(), end=b": bye\n\ndata: [DONE]\n\n"),
        "data in several lines": several + b"data: [DONE]\n\n",
        "blank lines between": events(said(), head=b"\n\n\ndata: "),
        "byte order mark": b"\xef\xbb\xbf" + events(said()),
        "no [DONE]": events(said(), end=b""),
        "no blank line at the end": events(said(), end=b"data: [DONE]"),
        "[DONE] twice": events(said(), end=b"data: [DONE]\n\ndata: [DONE]\n\n"),
        "words after [DONE]": events(said(), end=b"data: [DONE]\n\ndata: {}\n\n"),
        "[DONE] with a space": events(said(), end=b"data: [DONE] \n\n"),
        "empty data": events(said(), head=b"data:\n\ndata: "),
        "an empty object": events([{}, *said()]),
        "error null": events(said(error=None)),
    }


STREAMS: Final[dict[str, bytes]] = {**_odd_chunks(), **_odd_calls(), **_odd_events()}

BROKEN: Final[dict[str, bytes]] = {
    "error as an event": events([*said()[:3], {"error": {"message": "PROVIDER", "code": 500}}], end=b""),
    "error with choices": events([*said()[:3], {**_TOP, "choices": [], "error": {"message": "PROVIDER"}}]),
    "error as text": events([*said()[:3], {"error": "PROVIDER"}], end=b""),
    "error as a named event": events(
        said()[:3], end=b'event: error\ndata: {"error": {"message": "PROVIDER"}}\n\n'
    ),
    "cut within a chunk": events(said())[:400],
    "no end": events(said()[:3], end=b""),
    "not JSON": events(said()[:3], end=b"data: {'single': 'quotes'}\n\n"),
    "a list": events([*said()[:3], [1, 2]], end=b""),
}
"""What ends in an error for anyone who reads it, and is never a whole answer."""
