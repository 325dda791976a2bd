# /// script
# dependencies = ["pydantic-ai-slim[openai]"]
# ///
"""Pydantic AI, over chat completions and over the Responses API."""

from pydantic_ai import Agent

about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
agent = Agent("openai-chat:notes", model_settings={"extra_headers": about})


@agent.tool_plain
def look_up(reference: str) -> str:
    """What the record says under a reference."""
    return f"Nothing is recorded for {reference}."


print(agent.run_sync("What is on file for AB123456C?").output)

# The checks
import asyncio

from openai import AsyncOpenAI
from pydantic import BaseModel
from pydantic_ai import Embedder, NativeOutput, PromptedOutput, ToolOutput
from pydantic_ai.exceptions import (
    ModelAPIError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelRateLimitError,
)
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider
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
    refused_later,
    released,
    run,
)


class Summary(BaseModel):
    """What the record says."""

    reference: str
    pages: int


def models(policy: str, **options) -> list:
    provider = OpenAIProvider(openai_client=AsyncOpenAI(**options))
    return [kind(policy, provider=provider) for kind in (OpenAIChatModel, OpenAIResponsesModel)]


def each() -> list:
    return [model for policy in POLICIES for model in models(policy)]


def look_up_file(reference: str) -> str:
    """What the record says under a reference."""
    return record(reference)


async def streamed(agent: Agent, text: str = QUESTION):
    async with agent.run_stream(text) as result:
        return await result.get_output(), result.usage


@feature("chat")
async def chat() -> None:
    for model in each():
        result = await Agent(model).run(QUESTION)
        assert NINO in result.output
        assert result.usage.total_tokens == 30


@feature("stream")
async def stream() -> None:
    for model in each():
        output, usage = await streamed(Agent(model))
        assert output.endswith(QUESTION)
        assert usage.total_tokens == 30, usage


@feature("tools")
async def tools() -> None:
    for model in each():
        agent = Agent(model, tools=[look_up_file])
        check_answer((await agent.run(QUESTION)).output)
        check_answer((await streamed(agent))[0])


@feature("structured")
async def structured() -> None:
    wanted = Summary(reference=NINO, pages=3)
    for model in each():
        for output in (ToolOutput(Summary), NativeOutput(Summary), PromptedOutput(Summary)):
            agent = Agent(model, output_type=output)
            assert (await agent.run(QUESTION)).output == wanted
            assert (await streamed(agent))[0] == wanted
        agent = Agent(model, output_type=Summary, tools=[look_up_file])
        assert (await agent.run(QUESTION)).output == wanted


@feature("errors")
async def errors() -> None:
    for model in models("notes"):
        agent = Agent(model)
        for ask in (agent.run, lambda text, a=agent: streamed(a, text)):
            await refused_later(ModelContextWindowExceededError, lambda ask=ask: ask(TOO_LONG))
            await refused_later(ModelRateLimitError, lambda ask=ask: ask(TOO_MANY))


@feature("held")
async def held() -> None:
    for model in models("letters"):
        agent = Agent(model, output_type=Summary)
        for ask in (agent.run, lambda text, a=agent: streamed(a, text)):
            error = await refused_later(ModelHTTPError, lambda ask=ask: ask(QUESTION))
            assert (error.status_code, error.body["code"]) == (409, "advice_held")
            assert error.body["review_url"]


@feature("receipt")
async def receipt() -> None:
    assert NINO not in (await Agent(models("letters")[0]).run(QUESTION)).output


@feature("released")
async def released_after_a_decision() -> None:
    for model in models("letters"):
        try:
            await Agent(model, tools=[look_up_file]).run(QUESTION)
            raise AssertionError("nothing was held")
        except ModelHTTPError as error:
            accept(error.body["advice"])
            check_answer(released(error.body["advice"])["choices"][0]["message"]["content"])


@feature("timeout")
async def timeout() -> None:
    for hasty, patient in zip(models("notes", timeout=1, max_retries=0), models("notes"), strict=True):
        before = asked()
        try:
            await Agent(hasty).run(SLOW)
        except ModelAPIError:
            pass
        assert (await Agent(patient).run(SLOW)).output.endswith(SLOW)
        assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    for model in models("notes"):
        reading = asyncio.Event()

        async def read(model=model, reading=reading) -> None:
            async with Agent(model).run_stream(BIT_BY_BIT) as result:
                async for _ in result.stream_text():
                    reading.set()

        task = asyncio.create_task(read())
        await reading.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        assert NINO in (await Agent(model).run(QUESTION)).output


@feature("embeddings")
async def embeddings() -> None:
    settings = {"extra_headers": about}
    for policy in SEARCHES:
        for length in (3, 2):
            embedder = Embedder(f"openai:{policy}", settings={**settings, "dimensions": length})
            check_vectors((await embedder.embed_documents(NAMED)).embeddings, length)
        check_vectors((await Embedder(f"openai:{policy}", settings=settings).embed_query(NAMED)).embeddings)
        floats = {**settings, "extra_body": {"encoding_format": "float"}}
        check_vectors((await Embedder(f"openai:{policy}", settings=floats).embed_query(NAMED)).embeddings)
    error = await refused_later(
        ModelHTTPError, lambda: Embedder("openai:notes").embed_documents(NAMED), times=0
    )
    assert (error.status_code, error.body["code"]) == (403, "embeddings_not_allowed")


run()
