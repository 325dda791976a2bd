# /// script
# dependencies = ["langgraph", "langchain", "langchain-openai"]
# ///
"""LangChain and LangGraph."""

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI

about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
model = ChatOpenAI(model="notes", default_headers=about)  # OPENAI_API_BASE and OPENAI_API_KEY


def look_up(reference: str) -> str:
    """What the record says under a reference."""
    return f"Nothing is recorded for {reference}."


agent = create_agent(model, [look_up])
turns = agent.invoke({"messages": [("user", "What is on file for AB123456C?")]})["messages"]
print(turns[-1].content, turns[-1].response_metadata)

# The checks
import asyncio
import os
from typing import TypedDict
from unittest import mock

import openai
import requests
import tiktoken
from langchain.agents.structured_output import ProviderStrategy, ToolStrategy
from langchain_core.exceptions import ContextOverflowError, ModelRateLimitError
from langchain_openai import OpenAIEmbeddings
from langgraph.graph import END, START, StateGraph
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


def question(text: str = QUESTION) -> dict:
    return {"messages": [("user", text)]}


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        answer = ChatOpenAI(model=policy).invoke(QUESTION)
        assert NINO in answer.content
        assert answer.usage_metadata["total_tokens"] == 30


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        whole = None
        for chunk in ChatOpenAI(model=policy, stream_usage=True).stream(QUESTION):
            whole = chunk if whole is None else whole + chunk
        assert whole.content.endswith(QUESTION), whole
        assert whole.usage_metadata["total_tokens"] == 30, whole
        assert whole.response_metadata["finish_reason"] == "stop", whole


@feature("tools")
def tools() -> None:
    for policy in POLICIES:
        agent = create_agent(ChatOpenAI(model=policy), [look_up_file])
        turns = agent.invoke(question())["messages"]
        assert [turn.type for turn in turns] == ["human", "ai", "tool", "ai"]
        check_answer(turns[-1].content)
        words = [
            piece.text
            for piece, about in agent.stream(question(), stream_mode="messages")
            if about["langgraph_node"] == "model"
        ]
        check_answer("".join(words))
    agent = create_agent(ChatOpenAI(model="notes", use_responses_api=True), [look_up_file])
    check_answer(agent.invoke(question())["messages"][-1].text)


@feature("structured")
def structured() -> None:
    wanted = Summary(reference=NINO, pages=3)
    for policy in POLICIES:
        model = ChatOpenAI(model=policy)
        for method in ("json_schema", "function_calling", "json_mode"):
            found = model.with_structured_output(Summary, method=method).invoke(QUESTION)
            assert found == wanted, (policy, method, found)
        for strategy in (ToolStrategy(Summary), ProviderStrategy(Summary)):
            state = create_agent(model, [look_up_file], response_format=strategy).invoke(question())
            assert state["structured_response"] == wanted


@feature("errors")
def errors() -> None:
    model = ChatOpenAI(model="notes")
    for ask in (model.invoke, lambda text: list(model.stream(text))):
        refused(ContextOverflowError, lambda ask=ask: ask(TOO_LONG))
        refused(ModelRateLimitError, lambda ask=ask: ask(TOO_MANY))


@feature("held")
def held() -> None:
    model = ChatOpenAI(model="letters").with_structured_output(Summary)
    error = refused(openai.ConflictError, lambda: model.invoke(QUESTION))
    assert error.code == "advice_held"
    assert error.body["review_url"]
    assert refused(openai.ConflictError, lambda: list(model.stream(QUESTION))).code == "advice_held"


@feature("receipt")
def receipt() -> None:
    answer = ChatOpenAI(model="letters", include_response_headers=True).invoke(QUESTION)
    assert NINO not in answer.content
    assert answer.response_metadata["headers"]["x-advice-status"] == "pending"


@feature("released")
def released_after_a_decision() -> None:
    """As a node of a graph that ends where the answer is held."""

    class State(TypedDict, total=False):
        advice: str

    def ask(_: State) -> State:
        try:
            create_agent(ChatOpenAI(model="letters"), [look_up_file]).invoke(question())
        except openai.ConflictError as error:
            return {"advice": error.body["advice"]}
        raise AssertionError("nothing was held")

    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_edge(START, "ask")
    graph.add_edge("ask", END)
    advice = graph.compile().invoke({})["advice"]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        ChatOpenAI(model="notes", timeout=1, max_retries=0).invoke(SLOW)
    except openai.APITimeoutError:
        pass
    assert ChatOpenAI(model="notes").invoke(SLOW).content.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
async def cancel() -> None:
    async def read() -> None:
        async for _ in ChatOpenAI(model="notes").astream(BIT_BY_BIT):
            reading.set()

    reading = asyncio.Event()
    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert NINO in (await ChatOpenAI(model="notes").ainvoke(QUESTION)).content


@feature("embeddings")
async def embeddings() -> None:
    for policy in SEARCHES:
        for more in ({}, {"model_kwargs": {"encoding_format": "float"}}):
            embedder = OpenAIEmbeddings(
                model=policy, check_embedding_ctx_length=False, default_headers=about, **more
            )
            check_vectors(embedder.embed_documents(list(NAMED)))
            check_vectors([embedder.embed_query(text) for text in NAMED])
            check_vectors(await embedder.aembed_documents(list(NAMED)))
    without = OpenAIEmbeddings(model="notes", check_embedding_ctx_length=False)
    error = refused(openai.PermissionDeniedError, lambda: without.embed_documents(list(NAMED)), times=0)
    assert error.code == "embeddings_not_allowed"
    check_tokens()


def check_tokens() -> None:
    """As it comes it sends numbers of tokens, and before that fetches what they stand for."""
    embedder = OpenAIEmbeddings(model="search-notes", default_headers=about)
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "TIKTOKEN_CACHE_DIR": ""}
    with mock.patch.dict(os.environ, nowhere):
        refused(requests.ConnectionError, lambda: embedder.embed_documents(list(NAMED)), times=0)
    # An encoding of single bytes, so that the check needs no download.
    ranks = {bytes([number]): number for number in range(256)}
    single = tiktoken.Encoding("cl100k_base", pat_str=r"(?s).", mergeable_ranks=ranks, special_tokens={})
    with mock.patch.dict(tiktoken.registry.ENCODINGS, {"cl100k_base": single}):
        error = refused(
            openai.UnprocessableEntityError, lambda: embedder.embed_documents(list(NAMED)), times=0
        )
    assert error.code == "unreadable_content"
    assert "check_embedding_ctx_length=False" in error.message


run()
