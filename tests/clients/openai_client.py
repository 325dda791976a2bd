# /// script
# dependencies = ["openai"]
# ///
"""OpenAI's Python client."""

import json

from openai import OpenAI

client = OpenAI()  # OPENAI_BASE_URL and OPENAI_API_KEY: the gateway's /v1, the application's key
about = {"case": "2026/0042", "subjects": '["Ann Lee"]'}
answer = client.chat.completions.create(
    model="notes",  # a policy
    messages=[{"role": "user", "content": "Ann Lee called on Monday."}],
    metadata=about,
)
print(answer.choices[0].message.content)
print(answer.decision_support["review_url"])

# The checks
import base64
import struct

import openai
from pydantic import BaseModel
from trial import (
    BIT_BY_BIT,
    NAMED,
    NINO,
    POLICIES,
    QUESTION,
    SEARCHES,
    SLOW,
    TOO_LONG,
    TOO_MANY,
    accept,
    asked,
    check_answer,
    check_vectors,
    feature,
    record,
    refused,
    released,
    run,
)

PARAMETERS = {
    "type": "object",
    "properties": {"reference": {"type": "string"}},
    "required": ["reference"],
    "additionalProperties": False,
}
FUNCTION = {"name": "look_up", "description": "What the record says.", "parameters": PARAMETERS}
TOOLS = [{"type": "function", "function": {**FUNCTION, "strict": True}}]


class Summary(BaseModel):
    reference: str
    pages: int


def user(text: str) -> list:
    return [{"role": "user", "content": text}]


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        answer = client.chat.completions.create(model=policy, messages=user(QUESTION))
        assert NINO in answer.choices[0].message.content
        assert answer.usage.total_tokens == 30
        assert answer.decision_support["status"] == "pending"


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        options = {"include_usage": True}
        chunks = list(
            client.chat.completions.create(
                model=policy, messages=user(QUESTION), stream=True, stream_options=options
            )
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text.endswith(QUESTION), text
        assert sum(chunk.usage is not None for chunk in chunks) == 1, chunks
        assert [chunk for chunk in chunks if getattr(chunk, "decision_support", None)]


@feature("tools")
def tools() -> None:
    for policy in POLICIES:
        for streamed in (False, True):
            messages = user(QUESTION)
            for _ in range(2):
                message = turn(policy, messages, streamed)
                messages.append(message)
                for call in message.tool_calls or ():
                    result = record(**json.loads(call.function.arguments))
                    messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
            check_answer(messages[-1].content)
    items = user(QUESTION)
    for _ in range(2):
        response = client.responses.create(
            model="notes", input=items, tools=[{"type": "function", **FUNCTION}]
        )
        items += response.output
        for call in response.output:
            if call.type == "function_call":
                result = record(**json.loads(call.arguments))
                items.append({"type": "function_call_output", "call_id": call.call_id, "output": result})
    check_answer(response.output_text)


def turn(policy: str, messages: list, streamed: bool):
    if not streamed:
        answer = client.chat.completions.create(model=policy, messages=messages, tools=TOOLS)
        return answer.choices[0].message
    with client.chat.completions.stream(model=policy, messages=messages, tools=TOOLS) as events:
        return events.get_final_completion().choices[0].message


@feature("structured")
def structured() -> None:
    for policy in POLICIES:
        parsed = client.chat.completions.parse(model=policy, messages=user(QUESTION), response_format=Summary)
        assert parsed.choices[0].message.parsed == Summary(reference=NINO, pages=3)
        with client.chat.completions.stream(
            model=policy, messages=user(QUESTION), response_format=Summary
        ) as events:
            final = events.get_final_completion()
        assert final.choices[0].message.parsed == Summary(reference=NINO, pages=3)
    response = client.responses.parse(model="notes", input=QUESTION, text_format=Summary)
    assert response.output_parsed == Summary(reference=NINO, pages=3)


@feature("errors")
def errors() -> None:
    for streamed in (False, True):
        for policy in POLICIES:
            request = {"model": policy, "messages": user(TOO_LONG), "stream": streamed}
            long = refused(openai.BadRequestError, lambda r=request: client.chat.completions.create(**r))
            assert long.code == "context_length_exceeded", policy
        many = refused(
            openai.RateLimitError,
            lambda: client.chat.completions.create(model="notes", messages=user(TOO_MANY), stream=streamed),
        )
        assert many.code == "rate_limit_exceeded"


@feature("held")
def held() -> None:
    for streamed in (False, True):
        error = refused(
            openai.ConflictError,
            lambda: client.chat.completions.create(
                model="letters",
                messages=user(QUESTION),
                response_format={"type": "json_object"},
                stream=streamed,
            ),
        )
        assert error.code == "advice_held"
        assert error.body["review_url"]


@feature("receipt")
def receipt() -> None:
    raw = client.chat.completions.with_raw_response.create(model="letters", messages=user(QUESTION))
    assert raw.status_code == 202
    assert raw.parse().decision_support["status"] == "pending"
    assert NINO not in raw.parse().choices[0].message.content


@feature("released")
def released_after_a_decision() -> None:
    messages = user(QUESTION)
    message = (
        client.chat.completions.create(model="letters", messages=messages, tools=TOOLS).choices[0].message
    )
    messages.append(message)
    call = message.tool_calls[0]
    messages.append({"role": "tool", "tool_call_id": call.id, "content": record(NINO)})
    error = refused(
        openai.ConflictError,
        lambda: client.chat.completions.create(model="letters", messages=messages, tools=TOOLS),
    )
    accept(error.body["advice"])
    check_answer(released(error.body["advice"])["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        client.with_options(timeout=1, max_retries=0).chat.completions.create(
            model="notes", messages=user(SLOW)
        )
    except openai.APITimeoutError:
        pass
    answer = client.chat.completions.create(model="notes", messages=user(SLOW))
    assert answer.choices[0].message.content.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
def cancel() -> None:
    with client.chat.completions.create(model="notes", messages=user(BIT_BY_BIT), stream=True) as events:
        for number, _ in enumerate(events):
            if number == 2:
                break
    answer = client.chat.completions.create(model="notes", messages=user(QUESTION))
    assert NINO in answer.choices[0].message.content


@feature("embeddings")
def embeddings() -> None:
    for policy in SEARCHES:
        for more in ({}, {"encoding_format": "float"}, {"dimensions": 2}):  # base64, unless it says otherwise
            made = client.embeddings.create(model=policy, input=NAMED, extra_body={"metadata": about}, **more)
            check_vectors([one.embedding for one in made.data], more.get("dimensions", 3))
            assert [one.index for one in made.data] == [0, 1]
        raw = client.embeddings.create(
            model=policy, input=NAMED, extra_body={"metadata": about}, encoding_format="base64"
        )
        packed = [base64.b64decode(one.embedding) for one in raw.data]
        check_vectors([struct.unpack("<3f", one) for one in packed])
    error = refused(
        openai.PermissionDeniedError,
        lambda: client.embeddings.create(model="notes", input=NAMED),
        times=0,
    )
    assert error.code == "embeddings_not_allowed"


run()
