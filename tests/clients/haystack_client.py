# /// script
# dependencies = ["haystack-ai"]
# ///
"""Haystack."""

import os

from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import tool

about = {"X-Countersign-Case": "2026/0042", "X-Countersign-Subjects": '["Ann Lee"]'}
server = {"api_base_url": os.environ["OPENAI_BASE_URL"]}  # and OPENAI_API_KEY
asked_for = {"extra_headers": about}
generator = OpenAIChatGenerator(model="notes", generation_kwargs=asked_for, **server)


@tool
def look_up(reference: str) -> str:
    """What the record says under a reference."""
    return f"Nothing is recorded for {reference}."


question = ChatMessage.from_user("What is on file for AB123456C?")
print(Agent(chat_generator=generator, tools=[look_up]).run([question])["last_message"].text)

# The checks
import openai
from haystack import Document
from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
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
    reference: str
    pages: int


@tool
def look_up_file(reference: str) -> str:
    """What the record says under a reference."""
    return record(reference)


def ask(text: str = QUESTION, policy: str = "notes", **more):
    replies = OpenAIChatGenerator(model=policy, **server, **more).run([ChatMessage.from_user(text)])
    return replies["replies"][0]


def final(policy: str, **more) -> str:
    generator = OpenAIChatGenerator(model=policy, **server, **more)
    agent = Agent(chat_generator=generator, tools=[look_up_file], raise_on_tool_invocation_failure=True)
    return agent.run([ChatMessage.from_user(QUESTION)])["last_message"].text


@feature("chat")
def chat() -> None:
    for policy in POLICIES:
        answer = ask(policy=policy)
        assert NINO in answer.text
        assert answer.meta["usage"]["total_tokens"] == 30


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        parts = []
        answer = ask(policy=policy, streaming_callback=parts.append)
        assert answer.text.endswith(QUESTION)
        assert "".join(part.content for part in parts) == answer.text


@feature("tools")
def tools() -> None:
    for policy in POLICIES:
        check_answer(final(policy))
        check_answer(final(policy, streaming_callback=lambda _: None))


@feature("structured")
def structured() -> None:
    for policy in POLICIES:
        text = ask(policy=policy, generation_kwargs={"response_format": Summary}).text
        assert Summary.model_validate_json(text) == Summary(reference=NINO, pages=3)


@feature("errors")
def errors() -> None:
    for more in ({}, {"streaming_callback": lambda _: None}):
        long = refused(openai.BadRequestError, lambda more=more: ask(TOO_LONG, **more))
        assert long.code == "context_length_exceeded"
        many = refused(openai.RateLimitError, lambda more=more: ask(TOO_MANY, **more))
        assert many.code == "rate_limit_exceeded"


@feature("held")
def held() -> None:
    wanted = {"generation_kwargs": {"response_format": Summary}}
    error = refused(openai.ConflictError, lambda: ask(policy="letters", **wanted))
    assert error.code == "advice_held"
    assert error.body["review_url"]


@feature("receipt")
def receipt() -> None:
    assert NINO not in ask(policy="letters").text


@feature("released")
def released_after_a_decision() -> None:
    try:
        final("letters")
        raise AssertionError("nothing was held")
    except openai.ConflictError as error:
        advice = error.body["advice"]
    accept(advice)
    check_answer(released(advice)["choices"][0]["message"]["content"])


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        ask(SLOW, timeout=1, max_retries=0)
        raise AssertionError("no time-out")
    except openai.APITimeoutError:
        pass
    assert ask(SLOW).text.endswith(SLOW)
    assert asked() == before + 1


@feature("cancel")
def cancel() -> None:
    class Enough(Exception):
        pass

    def stop(_: object) -> None:
        raise Enough

    try:
        ask(BIT_BY_BIT, streaming_callback=stop)
        raise AssertionError("it went on")
    except Enough:
        pass
    assert NINO in ask().text


@feature("embeddings")
def embeddings() -> None:
    headed = {**server, "http_client_kwargs": {"headers": about}}
    for policy in SEARCHES:
        for more in ({}, {"dimensions": 2}):
            embedder = OpenAITextEmbedder(model=policy, **headed, **more)
            vectors = [embedder.run(text)["embedding"] for text in NAMED]
            check_vectors(vectors, more.get("dimensions", 3))
        several = OpenAIDocumentEmbedder(model=policy, raise_on_failure=True, progress_bar=False, **headed)
        documents = several.run([Document(content=text) for text in NAMED])["documents"]
        check_vectors([document.embedding for document in documents])
    quiet = OpenAIDocumentEmbedder(model="notes", progress_bar=False, **server)
    assert quiet.run([Document(content=NAMED[0])])["documents"][0].embedding is None
    error = refused(
        openai.PermissionDeniedError,
        lambda: OpenAITextEmbedder(model="notes", **server).run(NAMED[0]),
        times=0,
    )
    assert error.code == "embeddings_not_allowed"


run()
