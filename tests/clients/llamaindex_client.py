# /// script
# dependencies = ["llama-index-core", "llama-index-embeddings-openai-like", "llama-index-llms-openai-like"]
# ///
"""LlamaIndex, with the class for servers that speak OpenAI's interface: its OpenAI class knows OpenAI's models only."""

import asyncio
import os

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.llms.openai_like import OpenAILike

server = {"api_base": os.environ["OPENAI_BASE_URL"], "api_key": os.environ["OPENAI_API_KEY"]}
about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
kind = {"is_chat_model": True, "is_function_calling_model": True}
model = OpenAILike(model="notes", default_headers=about, **kind, **server)


def look_up(reference: str) -> str:
    """What the record says under a reference."""
    return f"Nothing is recorded for {reference}."


async def main() -> None:
    agent = FunctionAgent(llm=model, tools=[look_up])
    print(await agent.run("What is on file for AB123456C?"))


asyncio.run(main())

# The checks
import openai
from llama_index.core.llms import ChatMessage
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
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


class Summary(BaseModel):
    """What the record says."""

    reference: str
    pages: int


def look_up_file(reference: str) -> str:
    """What the record says under a reference."""
    return record(reference)


def llm(policy: str = "notes", **more) -> OpenAILike:
    return OpenAILike(model=policy, **kind, **server, **more)


def user(text: str = QUESTION) -> list:
    return [ChatMessage(role="user", content=text)]


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        assert NINO in llm(policy).chat(user()).message.content


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        parts = list(llm(policy).stream_chat(user()))
        assert parts[-1].message.content.endswith(QUESTION)


@feature("tools")
async def tools() -> None:
    for policy in POLICIES:
        for streaming in (False, True):
            agent = FunctionAgent(llm=llm(policy), tools=[look_up_file], streaming=streaming)
            check_answer(str(await agent.run(QUESTION)))


@feature("structured")
def structured() -> None:
    wanted = Summary(reference=NINO, pages=3)
    for policy in POLICIES:
        for native in (False, True):
            model = llm(policy, should_use_structured_outputs=native)
            assert model.as_structured_llm(Summary).chat(user()).raw == wanted


@feature("errors")
def errors() -> None:
    for ask in (llm().chat, lambda messages: list(llm().stream_chat(messages))):
        long = refused(openai.BadRequestError, lambda ask=ask: ask(user(TOO_LONG)))
        assert long.code == "context_length_exceeded"
        try:  # LlamaIndex repeats every 429 itself
            ask(user(TOO_MANY))
            raise AssertionError("nothing was raised")
        except openai.RateLimitError as many:
            assert many.code == "rate_limit_exceeded"


@feature("held")
def held() -> None:
    for native in (False, True):
        model = llm("letters", should_use_structured_outputs=native).as_structured_llm(Summary)
        error = refused(openai.ConflictError, lambda model=model: model.chat(user()))
        assert error.code == "advice_held"


@feature("receipt")
def receipt() -> None:
    answer = llm("letters").chat(user())
    assert NINO not in answer.message.content
    assert answer.raw.decision_support["status"] == "pending"


@feature("released")
async def released_after_a_decision() -> None:
    try:
        await FunctionAgent(llm=llm("letters"), tools=[look_up_file]).run(QUESTION)
        raise AssertionError("nothing was held")
    except openai.ConflictError as error:
        advice = error.body["advice"]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        llm(timeout=1, max_retries=0).chat(user(SLOW))
        raise AssertionError("no time-out")
    except openai.APITimeoutError:
        pass
    assert llm().chat(user(SLOW)).message.content.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    async def read() -> None:
        async for _ in await llm().astream_chat(user(BIT_BY_BIT)):
            reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert NINO in llm().chat(user()).message.content


@feature("embeddings")
async def embeddings() -> None:
    def embedder(policy: str, **more) -> OpenAILikeEmbedding:
        return OpenAILikeEmbedding(model_name=policy, default_headers=about, **server, **more)

    for policy in SEARCHES:
        for more in ({}, {"additional_kwargs": {"encoding_format": "float"}}):
            one = embedder(policy, **more)
            check_vectors(one.get_text_embedding_batch(list(NAMED)))
            check_vectors(await one.aget_text_embedding_batch(list(NAMED)))
            check_vectors([one.get_query_embedding(text) for text in NAMED])
    error = refused(
        openai.PermissionDeniedError,
        lambda: embedder("notes").get_text_embedding_batch(list(NAMED)),
        times=0,
    )
    assert error.code == "embeddings_not_allowed"


run()
