"""Answers and streams of the kinds that users of gateways, servers and SDKs have reported, beside those of
`provider_answers` and `provider_streams`. Written for these tests; what was reported is their shape.
"""

from typing import Any, Final

from tests.gateway.provider_answers import CALL, FILTER, TOP, USAGE, Body, calls, says, whole
from tests.gateway.provider_streams import chunk, events, said

_FUNCTION: Final[Body] = CALL["function"]
_LAST: Final = said()[-2]
_FIRST: Final = said()[0]
_OFFSETS: Final[Body] = {"check_offset": 4, "start_offset": 0, "end_offset": 9}


def _with(function: Body, **more: Any) -> Body:
    return {**CALL, "function": {**_FUNCTION, **function}, **more}


WHOLE: Final[dict[str, Body]] = {
    "finish reason error": whole(
        says('{"found": ["A-1'),
        choice={"finish_reason": "error"},
        usage={"prompt_tokens": None, "completion_tokens": None, "total_tokens": 0},
    ),
    "error in a choice": whole(
        says(""), choice={"finish_reason": "error", "error": {"code": 502, "message": "Upstream"}}
    ),
    "content null that stopped": whole(
        says(None, refusal=None), usage={"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    ),
    "reasoning twice": whole(says(reasoning="I look.", reasoning_content="I look.")),
    "reasoning as text and details": whole(
        says(
            reasoning="I look.",
            reasoning_details=[
                {"type": "reasoning.text", "text": "I look.", "signature": None, "format": None, "index": 0},
                {"type": "reasoning.summary", "summary": "Looked.", "id": "rs_1", "index": 1},
            ],
        )
    ),
    "reasoning details as text": whole(says(reasoning_details="I look.")),
    "redacted thinking": whole(says(thinking_blocks=[{"type": "redacted_thinking", "data": "EmwKAhgB=="}])),
    "words that hold a call": whole(says('<tool_call>\n{"name": "look_up", "arguments": {}}\n</tool_call>')),
    "words that hold thinking": whole(says("<think>\nI look.\n</think>\n\nIt is on file.")),
    "call beside a function call of old": calls(CALL, content=None) | {"x": 1},
    "call of a name with dots": calls(_with({"name": "files.look_up"})),
    "call of a name with a slash": calls(_with({"name": "files/look-up"})),
    "call of a name that begins with functions": calls(_with({"name": "functions.look_up:0"})),
    "call with an id of a function": calls({**CALL, "id": "functions.look_up:0"}),
    "call with a null type": calls({**CALL, "type": None}),
    "call with an empty type": calls({**CALL, "type": ""}),
    "call with nulls beside": calls({**CALL, "index": None, "thought_signature": None}),
    "call with arguments in words": calls(_with({"arguments": "A-17"})),
    "call with the arguments null as text": calls(_with({"arguments": "null"})),
    "call with arguments that are JSON twice": calls(_with({"arguments": '"{\\"reference\\": \\"A-17\\"}"'})),
    "call with two objects as arguments": calls(_with({"arguments": '{"a": 1}{"a": 2}'})),
    "call with a line break in a string of its arguments": calls(_with({"arguments": '{"a": "one\ntwo"}'})),
    "call with a comma too many": calls(_with({"arguments": '{"a": 1,}'})),
    "call with single quotes": calls(_with({"arguments": "{'a': 1}"})),
    "call with a fence around its arguments": calls(_with({"arguments": '```json\n{"a": 1}\n```'})),
    "call that ends with length": calls(_with({"arguments": '{"a": "on'}), finish_reason="length"),
    "call with reasoning": whole(
        says(None, tool_calls=[CALL], reasoning_content="I look."), choice={"finish_reason": "tool_calls"}
    ),
    "twenty calls": calls(*({**CALL, "id": f"call_{at}"} for at in range(20))),
    "web search in the message": whole(
        says("See [1].", annotations=[{"type": "url_citation", "url": "https://example.org/act"}])
    ),
    "audio of nothing": whole(says(audio={})),
    "parsed beside the content": whole(says('{"found": true}', parsed={"found": True})),
    "name in the message": whole(says(name="helper")),
    "filter that failed": whole(
        says(), choice={"content_filter_results": {"error": {"code": "content_filter_error"}, **FILTER}}
    ),
    "nothing but choices": {"choices": [{"message": {"content": "On file."}}]},
    "token ids": whole(says(), choice={"token_ids": [1, 2, 3]}, prompt_token_ids=[4]),
    "usage with counts in parts": whole(says(), usage={**USAGE, "prompt_tokens": 9.0}),
    "model of another name": whole(says(), model="some-model-2026-01-01"),
    "members in another order": dict(reversed(whole(says()).items())),
}

_PIECES: Final[list[Body]] = [
    chunk({"role": "assistant", "content": None}),
    chunk(
        {"tool_calls": [{"index": 0, **CALL, "function": {"name": "look_up", "arguments": '{"reference'}}]}
    ),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": '": "A-17"}'}}]}),
    chunk({}, "tool_calls"),
]


def _piece(function: Body, at: int = 0, **more: Any) -> Body:
    return chunk({"tool_calls": [{"index": at, **more, "function": function}]})


STREAMED: Final[dict[str, bytes]] = {
    "filter results without a delta": events(
        [
            *said()[:3],
            chunk(..., choice={"content_filter_offsets": _OFFSETS, "content_filter_results": FILTER}, id=""),
            *said()[3:],
        ]
    ),
    "filter results without a delta at the end": events(
        [*said()[:-1], chunk(..., choice={"content_filter_results": FILTER}, id="", object="", created=0)]
    ),
    "delta null": events([_FIRST, chunk(None), *said()[1:]]),
    "message in place of the delta": events([_FIRST, *said()[1:-2], chunk({}, "stop", choice={"text": ""})]),
    "text and ids of tokens": events(
        [chunk({"content": "On file.", "token_id": 315}, choice={"text": "On file."}), _LAST]
    ),
    "tool calls null with words": events(
        [chunk({"role": "assistant", "content": "On file.", "tool_calls": None}), _LAST]
    ),
    "signs of a call to come": events(
        [_FIRST, *(chunk({}, tool_call_generating=True) for _ in range(3)), *_PIECES[1:]]
    ),
    "usage empty in each chunk": events([{**one, "usage": {}} for one in said()[:-1]] + said()[-1:]),
    "type missing in the first piece": events(
        [_PIECES[0], _piece({"name": "look_up", "arguments": "{}"}, id="call_1"), _PIECES[-1]]
    ),
    "type null in later pieces": events(
        [*_PIECES[:2], _piece({"name": None, "arguments": '": "A-17"}'}, id=None, type=None), _PIECES[-1]]
    ),
    "name in each piece": events(
        [*_PIECES[:2], _piece({"name": "look_up", "arguments": '": "A-17"}'}), _PIECES[-1]]
    ),
    "name before arguments": events(
        [
            _PIECES[0],
            _piece({"name": "look_up"}, id="call_1", type="function"),
            _piece({"arguments": "{}"}),
            _PIECES[-1],
        ]
    ),
    "name empty at first": events(
        [
            _PIECES[0],
            _piece({"name": "", "arguments": ""}, id="call_1", type="function"),
            _piece({"name": "look_up", "arguments": "{}"}),
            _PIECES[-1],
        ]
    ),
    "calls with a gap between their indices": events(
        [
            _PIECES[0],
            _piece(_FUNCTION, 0, id="call_1", type="function"),
            _piece(_FUNCTION, 2, id="call_2", type="function"),
            _PIECES[-1],
        ]
    ),
    "calls in another order": events(
        [
            _PIECES[0],
            _piece(_FUNCTION, 1, id="call_2", type="function"),
            _piece(_FUNCTION, 0, id="call_1", type="function"),
            _PIECES[-1],
        ]
    ),
    "calls of a list that is empty in each chunk": events(
        [chunk({"content": "On file.", "tool_calls": []}), _LAST]
    ),
    "call before words": events([*_PIECES[:-1], chunk({"content": "I looked."}), _PIECES[-1]]),
    "call with reasoning before": events(
        [chunk({"role": "assistant", "reasoning_content": "I look."}), *_PIECES[1:]]
    ),
    "call that ends with length": events([*_PIECES[:2], chunk({}, "length")]),
    "call with arguments by the letter": events(
        [
            *_PIECES[:1],
            _piece({"name": "look_up", "arguments": ""}, id="call_1", type="function"),
            *(_piece({"arguments": letter}) for letter in '{"a": "one \\"two\\" é"}'),
            _PIECES[-1],
        ]
    ),
    "reasoning null with words": events(
        [chunk({"content": word, "reasoning_content": None, "reasoning": None}) for word in ("On ", "file.")]
        + [_LAST]
    ),
    "reasoning with empty words": events(
        [chunk({"content": "", "reasoning_content": "I look."}), *said()[1:]]
    ),
    "reasoning details in pieces": events(
        [
            chunk(
                {"content": "", "reasoning_details": [{"type": "reasoning.text", "text": text, "index": 0}]}
            )
            for text in ("I ", "look.")
        ]
        + said()[1:]
    ),
    "refusal in pieces": events(
        [_FIRST, chunk({"refusal": "I can't "}), chunk({"refusal": "help."}), chunk({}, "stop")]
    ),
    "finish reason content_filter": events([*said()[:2], chunk({}, "content_filter")]),
    "finish reason length without words": events([chunk({"role": "assistant"}), chunk({}, "length")]),
    "words with the finish reason in all": events([chunk({"content": "On file."}, "length")]),
    "service tier and padding": events(
        [{**one, "service_tier": "default", "obfuscation": "q8Zk"} for one in said()]
    ),
    "system fingerprint in the first chunk": events([{**_FIRST, "system_fingerprint": "fp_1"}, *said()[1:]]),
    "usage with null choices": events([*said()[:-1], {**TOP, "choices": None, "usage": USAGE}]),
    "provider in each chunk": events(
        [
            {**one, "provider": "Example", "native_finish_reason": None} if one["choices"] else one
            for one in said()
        ]
    ),
    "processing comments": b": PROCESSING\n\n: PROCESSING\n\n" + events(said()),
    "retry and id": b"retry: 3000\nid: 1\n\n" + events(said()),
    "events that are messages": events(said(), head=b"event: message\ndata: "),
    "a blank line first": b"\n\n" + events(said()),
    "ends with CRLF and comments": events(said(), line=b"\r\n") + b": end\r\n\r\n",
    "three choices mixed": events(
        [
            *(
                chunk({"content": f"{word} {at}. "}, choice={"index": at})
                for word in "ab"
                for at in (2, 0, 1)
            ),
            *(chunk({}, "stop", choice={"index": at}) for at in (1, 2, 0)),
        ]
    ),
    "one of two choices ends long before": events(
        [
            chunk({"content": "On "}),
            chunk({"content": "No."}, "stop", choice={"index": 1}),
            chunk({"content": "file."}),
            _LAST,
        ]
    ),
}
