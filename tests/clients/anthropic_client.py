# /// script
# dependencies = ["anthropic"]
# ///
"""Anthropic's Python client, on the Messages API."""

from anthropic import Anthropic

about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
client = Anthropic(default_headers=about)  # ANTHROPIC_BASE_URL without /v1, and ANTHROPIC_API_KEY
answer = client.messages.create(
    model="notes",  # a policy
    max_tokens=500,
    messages=[{"role": "user", "content": "Ann Lee called on Monday."}],
)
print(answer.content[0].text)
print(answer.decision_support["review_url"])

# The checks
import anthropic
from anthropic import beta_tool
from pydantic import BaseModel
from trial import (
    BIT_BY_BIT,
    NINO,
    POLICIES,
    QUESTION,
    SLOW,
    TOO_LONG,
    TOO_MANY,
    accept,
    asked,
    check_answer,
    feature,
    record,
    refused,
    released,
    run,
)

SCHEMA = {
    "type": "object",
    "properties": {"reference": {"type": "string"}},
    "required": ["reference"],
    "additionalProperties": False,
}
TOOL = {"name": "look_up", "description": "What the record says.", "input_schema": SCHEMA}
FORM = {"name": "summary", "description": "The answer.", "input_schema": SCHEMA}


class Summary(BaseModel):
    reference: str
    pages: int


def ask(text: str = QUESTION, policy: str = "notes", **more):
    messages = [{"role": "user", "content": text}]
    return client.messages.create(**{"model": policy, "max_tokens": 100, "messages": messages, **more})


def streamed(policy: str, messages: list, **more):
    with client.messages.stream(model=policy, max_tokens=100, messages=messages, **more) as events:
        return events.get_final_message()


def final(policy: str, stream: bool):
    messages = [{"role": "user", "content": QUESTION}]
    for _ in range(2):
        more = {"messages": messages, "tools": [TOOL]}
        message = streamed(policy, **more) if stream else ask(policy=policy, **more)
        messages.append({"role": "assistant", "content": message.content})
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": record(**block.input)}
            for block in message.content
            if block.type == "tool_use"
        ]
        if results:
            assert message.stop_reason == "tool_use"
            messages.append({"role": "user", "content": results})
    return message


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        answer = ask(policy=policy)
        assert NINO in answer.content[0].text
        assert answer.usage.output_tokens == 9


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        message = streamed(policy, [{"role": "user", "content": QUESTION}])
        assert message.content[0].text.endswith(QUESTION)
        assert message.usage.output_tokens == 9


@feature("tools")
def tools() -> None:
    for policy in POLICIES:
        for stream in (False, True):
            check_answer(final(policy, stream).content[0].text)

    @beta_tool
    def look_up(reference: str) -> str:
        """What the record says under a reference."""
        return record(reference)

    question = [{"role": "user", "content": QUESTION}]
    runner = client.beta.messages.tool_runner(
        model="notes", max_tokens=100, tools=[look_up], messages=question
    )
    check_answer(runner.until_done().content[0].text)


@feature("structured")
def structured() -> None:
    for policy in POLICIES:
        choice = {"type": "tool", "name": "summary"}
        block = ask(policy=policy, tools=[FORM], tool_choice=choice).content[0]
        assert block.input == {"reference": NINO}
        parsed = client.messages.parse(
            model=policy,
            max_tokens=100,
            messages=[{"role": "user", "content": QUESTION}],
            output_format=Summary,
        )
        assert parsed.parsed_output == Summary(reference=NINO, pages=3)


@feature("errors")
def errors() -> None:
    for stream in (False, True):
        long = refused(anthropic.BadRequestError, lambda: ask(TOO_LONG, stream=stream))
        assert long.body["error"]["code"] == "context_length_exceeded"
        refused(anthropic.RateLimitError, lambda: ask(TOO_MANY, stream=stream))


@feature("held")
def held() -> None:
    choice = {"type": "tool", "name": "summary"}
    for stream in (False, True):
        error = refused(
            anthropic.ConflictError,
            lambda: ask(policy="letters", tools=[FORM], tool_choice=choice, stream=stream),
        )
        assert error.body["error"]["code"] == "advice_held"
        assert error.body["error"]["review_url"]


@feature("receipt")
def receipt() -> None:
    answer = ask(policy="letters")
    assert NINO not in answer.content[0].text
    assert answer.decision_support["status"] == "pending"


@feature("released")
def released_after_a_decision() -> None:
    try:
        final("letters", stream=False)
        raise AssertionError("nothing was held")
    except anthropic.ConflictError as error:
        advice = error.body["error"]["advice"]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        client.with_options(timeout=1, max_retries=0).messages.create(
            model="notes", max_tokens=100, messages=[{"role": "user", "content": SLOW}]
        )
    except anthropic.APITimeoutError:
        pass
    assert ask(SLOW).content[0].text.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
def cancel() -> None:
    question = [{"role": "user", "content": BIT_BY_BIT}]
    with client.messages.stream(model="notes", max_tokens=100, messages=question) as events:
        for _ in events.text_stream:
            break
    assert NINO in ask().content[0].text


run()
