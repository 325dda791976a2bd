# /// script
# dependencies = ["litellm"]
# ///
"""LiteLLM's Python library."""

import os

import litellm

answer = litellm.completion(
    model="openai/notes",  # openai/ and a policy
    api_base=os.environ["OPENAI_BASE_URL"],
    api_key=os.environ["OPENAI_API_KEY"],
    messages=[{"role": "user", "content": "Ann Lee called on Monday."}],
    extra_headers={"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'},
)
print(answer.choices[0].message.content)

# The checks
import asyncio
import base64
import json
import re
import struct

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
}
FUNCTION = {"name": "look_up", "description": "What the record says.", "parameters": PARAMETERS}
TOOLS = [{"type": "function", "function": FUNCTION}]


class Summary(BaseModel):
    reference: str
    pages: int


def ask(text: str | list = QUESTION, policy: str = "notes", **more):
    messages = [{"role": "user", "content": text}] if isinstance(text, str) else text
    return litellm.completion(f"openai/{policy}", messages, **more)


def final(policy: str, stream: bool):
    messages = [{"role": "user", "content": QUESTION}]
    for _ in range(2):
        answer = ask(messages, policy, tools=TOOLS, stream=stream)
        if stream:
            answer = litellm.stream_chunk_builder(list(answer), messages=messages)
        message = answer.choices[0].message
        messages.append(message.model_dump())
        for call in message.tool_calls or ():
            result = record(**json.loads(call.function.arguments))
            messages.append({"role": "tool", "tool_call_id": call.id, "content": result})
    return message.content


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        answer = ask(policy=policy)
        assert NINO in answer.choices[0].message.content
        assert answer.usage.total_tokens == 30
        assert answer.decision_support["status"] == "pending"


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        chunks = list(ask(policy=policy, stream=True, stream_options={"include_usage": True}))
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text.endswith(QUESTION)
        assert litellm.stream_chunk_builder(chunks).usage.total_tokens == 30


@feature("tools")
def tools() -> None:
    for policy in POLICIES:
        for stream in (False, True):
            check_answer(final(policy, stream))


@feature("structured")
def structured() -> None:
    for policy in POLICIES:
        text = ask(policy=policy, response_format=Summary).choices[0].message.content
        assert Summary.model_validate_json(text) == Summary(reference=NINO, pages=3)


@feature("errors")
def errors() -> None:
    for stream in (False, True):
        refused(litellm.ContextWindowExceededError, lambda: ask(TOO_LONG, stream=stream))
        refused(litellm.RateLimitError, lambda: ask(TOO_MANY, stream=stream))


@feature("held")
def held() -> None:
    for stream in (False, True):
        error = refused(
            litellm.exceptions.APIError,
            lambda: ask(f"{QUESTION} {stream}", "letters", response_format=Summary, stream=stream),
        )
        assert error.status_code == 409, error.status_code
        assert "This advice is held" in str(error)


@feature("receipt")
def receipt() -> None:
    answer = ask(policy="letters")
    assert NINO not in answer.choices[0].message.content
    assert answer.decision_support["status"] == "pending"


@feature("released")
def released_after_a_decision() -> None:
    try:
        final("letters", stream=False)
        raise AssertionError("nothing was held")
    except litellm.exceptions.APIError as error:
        advice = re.search(r"/v1/advice/(\w+)", str(error))[1]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        ask(SLOW, timeout=1, max_retries=0)
        raise AssertionError("no time-out")
    except litellm.Timeout:
        pass
    assert ask(SLOW).choices[0].message.content.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    async def read() -> None:
        question = [{"role": "user", "content": BIT_BY_BIT}]
        async for _ in await litellm.acompletion("openai/notes", question, stream=True):
            reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert NINO in ask().choices[0].message.content


@feature("embeddings")
async def embeddings() -> None:
    headers = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
    for policy in SEARCHES:
        request = {"model": f"openai/{policy}", "input": list(NAMED), "extra_headers": headers}
        shorter = {"dimensions": 2, "allowed_openai_params": ["dimensions"]}
        for more in ({}, {"encoding_format": "float"}, shorter):
            for made in (
                litellm.embedding(**request, **more),
                await litellm.aembedding(**request, **more),
            ):
                check_vectors([one["embedding"] for one in made.data], more.get("dimensions", 3))
        raw = litellm.embedding(**request, encoding_format="base64")
        packed = [base64.b64decode(one["embedding"]) for one in raw.data]
        check_vectors([struct.unpack("<3f", one) for one in packed])
    error = refused(
        litellm.exceptions.APIError,
        lambda: litellm.embedding("openai/notes", list(NAMED)),
        times=0,
    )
    assert error.status_code == 403
    assert "embeddings" in str(error)


run()
