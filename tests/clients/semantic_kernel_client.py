# /// script
# dependencies = ["semantic-kernel"]
# ///
"""Semantic Kernel."""

import asyncio

from openai import AsyncOpenAI
from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import OpenAIChatCompletion
from semantic_kernel.functions import kernel_function

about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
client = AsyncOpenAI(default_headers=about)  # OPENAI_BASE_URL and OPENAI_API_KEY


class Record:
    @kernel_function
    def look_up(self, reference: str) -> str:
        """What the record says under a reference."""
        return f"Nothing is recorded for {reference}."


async def main() -> None:
    service = OpenAIChatCompletion("notes", async_client=client)
    agent = ChatCompletionAgent(service=service, name="Clerk", plugins=[Record()])
    print(await agent.get_response("What is on file for AB123456C?"))


asyncio.run(main())

# The checks
import openai
from pydantic import BaseModel
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIChatPromptExecutionSettings,
    OpenAIEmbeddingPromptExecutionSettings,
    OpenAITextEmbedding,
)
from semantic_kernel.contents import ChatHistory
from semantic_kernel.exceptions import ServiceResponseException
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
    reference: str
    pages: int


class File:
    @kernel_function
    def look_up(self, reference: str) -> str:
        """What the record says under a reference."""
        return record(reference)


def service(policy: str, **options) -> OpenAIChatCompletion:
    return OpenAIChatCompletion(policy, async_client=AsyncOpenAI(**options))


def history(text: str) -> ChatHistory:
    found = ChatHistory()
    found.add_user_message(text)
    return found


async def ask(text: str = QUESTION, policy: str = "notes", form: object = None, **options) -> str:
    settings = OpenAIChatPromptExecutionSettings(response_format=form)
    return str(await service(policy, **options).get_chat_message_content(history(text), settings))


async def streamed(text: str = QUESTION, policy: str = "notes", form: object = None) -> str:
    settings = OpenAIChatPromptExecutionSettings(response_format=form)
    parts = service(policy).get_streaming_chat_message_content(history(text), settings)
    return "".join([str(part) async for part in parts if part is not None])


def clerk(policy: str) -> ChatCompletionAgent:
    return ChatCompletionAgent(service=service(policy), name="Clerk", plugins=[File()])


def cause(error: BaseException) -> openai.APIStatusError:
    """The client's own exception, which Semantic Kernel wraps."""
    assert isinstance(error.__cause__, openai.APIStatusError)
    return error.__cause__


@feature("chat")
async def chat() -> None:
    for policy in POLICIES:
        assert NINO in await ask(policy=policy)


@feature("stream")
async def stream() -> None:
    for policy in POLICIES:
        assert (await streamed(policy=policy)).endswith(QUESTION)


@feature("tools")
async def tools() -> None:
    for policy in POLICIES:
        check_answer(str(await clerk(policy).get_response(QUESTION)))
        words = [str(part.message) async for part in clerk(policy).invoke_stream(QUESTION)]
        check_answer("".join(words))


@feature("structured")
async def structured() -> None:
    for policy in POLICIES:
        text = await ask(policy=policy, form=Summary)
        assert Summary.model_validate_json(text) == Summary(reference=NINO, pages=3)


@feature("errors")
async def errors() -> None:
    for one in (ask, streamed):
        long = await refused_later(ServiceResponseException, lambda one=one: one(TOO_LONG))
        assert cause(long).code == "context_length_exceeded"
        many = await refused_later(ServiceResponseException, lambda one=one: one(TOO_MANY))
        assert cause(many).code == "rate_limit_exceeded"


@feature("held")
async def held() -> None:
    for one in (ask, streamed):
        error = await refused_later(
            ServiceResponseException, lambda one=one: one(policy="letters", form=Summary)
        )
        assert cause(error).code == "advice_held"


@feature("receipt")
async def receipt() -> None:
    assert NINO not in await ask(policy="letters")


@feature("released")
async def released_after_a_decision() -> None:
    try:
        await clerk("letters").get_response(QUESTION)
        raise AssertionError("nothing was held")
    except ServiceResponseException as error:
        advice = cause(error).body["advice"]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
async def timeout() -> None:
    before = asked()
    try:
        await ask(SLOW, timeout=1, max_retries=0)
        raise AssertionError("no time-out")
    except ServiceResponseException:
        pass
    assert (await ask(SLOW)).endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    task = asyncio.create_task(streamed(BIT_BY_BIT))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert NINO in await ask()


@feature("embeddings")
async def embeddings() -> None:
    for policy in SEARCHES:
        embedder = OpenAITextEmbedding(policy, async_client=AsyncOpenAI(default_headers=about))
        check_vectors(await embedder.generate_embeddings(list(NAMED)))
        for more in ({"dimensions": 2}, {"encoding_format": "float"}):
            settings = OpenAIEmbeddingPromptExecutionSettings(**more)
            vectors = await embedder.generate_embeddings(list(NAMED), settings)
            check_vectors(vectors, more.get("dimensions", 3))
    without = OpenAITextEmbedding("notes", async_client=AsyncOpenAI())
    error = await refused_later(
        ServiceResponseException, lambda: without.generate_embeddings(list(NAMED)), times=0
    )
    assert cause(error).code == "embeddings_not_allowed"


run()
