# /// script
# dependencies = ["openai-agents"]
# ///
"""The OpenAI Agents SDK, over the Responses API as it comes, and over chat completions."""

from agents import Agent, ModelSettings, Runner, function_tool, set_tracing_disabled

set_tracing_disabled(True)  # traces go to OpenAI, past the gateway


@function_tool
def look_up(reference: str) -> str:
    """What the record says under a reference."""
    return f"Nothing is recorded for {reference}."


about = ModelSettings(metadata={"case": "2026/0042", "subjects": '["Ann Lee"]'})
agent = Agent("Clerk", model="notes", tools=[look_up], model_settings=about)
print(Runner.run_sync(agent, "What is on file for AB123456C?").final_output)

# The checks
import asyncio

import openai
from agents import OpenAIChatCompletionsModel, OpenAIResponsesModel
from openai import AsyncOpenAI
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
    refused_later,
    released,
    run,
)


class Summary(BaseModel):
    reference: str
    pages: int


@function_tool(failure_error_function=None)
def look_up_file(reference: str) -> str:
    """What the record says under a reference."""
    return record(reference)


def models(policy: str, **options) -> list:
    client = AsyncOpenAI(**options)
    return [kind(policy, client) for kind in (OpenAIResponsesModel, OpenAIChatCompletionsModel)]


def each() -> list:
    return [model for policy in POLICIES for model in models(policy)]


async def streamed(agent: Agent, text: str = QUESTION):
    result = Runner.run_streamed(agent, text)
    words = [
        event.data.delta
        async for event in result.stream_events()
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
    ]
    return "".join(words), result


@feature("chat")
async def chat() -> None:
    for model in each():
        result = await Runner.run(Agent("Clerk", model=model), QUESTION)
        assert NINO in result.final_output
        assert result.context_wrapper.usage.total_tokens == 30


@feature("stream")
async def stream() -> None:
    for model in each():
        words, result = await streamed(
            Agent("Clerk", model=model, model_settings=ModelSettings(include_usage=True))
        )
        assert words == result.final_output
        assert words.endswith(QUESTION)
        assert result.context_wrapper.usage.total_tokens == 30


@feature("tools")
async def tools() -> None:
    for model in each():
        agent = Agent("Clerk", model=model, tools=[look_up_file])
        check_answer((await Runner.run(agent, QUESTION)).final_output)
        check_answer((await streamed(agent))[1].final_output)


@feature("structured")
async def structured() -> None:
    for model in each():
        agent = Agent("Clerk", model=model, output_type=Summary)
        assert (await Runner.run(agent, QUESTION)).final_output == Summary(reference=NINO, pages=3)
        assert (await streamed(agent))[1].final_output == Summary(reference=NINO, pages=3)


@feature("errors")
async def errors() -> None:
    for model in models("notes"):
        agent = Agent("Clerk", model=model)
        for ask in (Runner.run, streamed):
            long = await refused_later(openai.BadRequestError, lambda ask=ask, a=agent: ask(a, TOO_LONG))
            assert long.code == "context_length_exceeded"
            many = await refused_later(openai.RateLimitError, lambda ask=ask, a=agent: ask(a, TOO_MANY))
            assert many.code == "rate_limit_exceeded"


@feature("held")
async def held() -> None:
    for model in models("letters"):
        agent = Agent("Clerk", model=model, output_type=Summary)
        for ask in (Runner.run, streamed):
            error = await refused_later(openai.ConflictError, lambda ask=ask, a=agent: ask(a, QUESTION))
            assert error.code == "advice_held"
            assert error.body["review_url"]


@feature("receipt")
async def receipt() -> str:
    chat = models("letters")[1]
    assert NINO not in (await Runner.run(Agent("Clerk", model=chat), QUESTION)).final_output
    queued = await Runner.run(Agent("Clerk", model=models("letters")[0]), QUESTION, max_turns=1)
    assert queued.final_output == "", queued.final_output
    return "yes"


@feature("released")
async def released_after_a_decision() -> None:
    for model in models("letters"):
        try:
            await Runner.run(Agent("Clerk", model=model, tools=[look_up_file]), QUESTION)
            raise AssertionError("nothing was held")
        except openai.ConflictError as error:
            accept(error.body["advice"])
            check_answer(released(error.body["advice"])["choices"][0]["message"]["content"])


@feature("timeout")
async def timeout() -> None:
    for hasty, patient in zip(models("notes", timeout=1, max_retries=0), models("notes"), strict=True):
        before = asked()
        try:
            await Runner.run(Agent("Clerk", model=hasty), SLOW)
        except openai.APITimeoutError:
            pass
        assert (await Runner.run(Agent("Clerk", model=patient), SLOW)).final_output.endswith(SLOW)
        assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    for model in models("notes"):
        result = Runner.run_streamed(Agent("Clerk", model=model), BIT_BY_BIT)
        async for event in result.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                result.cancel()
        assert NINO in (await Runner.run(Agent("Clerk", model=model), QUESTION)).final_output
    await asyncio.sleep(0)


run()
