# /// script
# dependencies = ["instructor"]
# ///
"""instructor, in the modes that OpenAI's client has."""

import instructor
from openai import OpenAI
from pydantic import BaseModel


class Summary(BaseModel):
    reference: str
    pages: int


client = instructor.from_openai(OpenAI())  # OPENAI_BASE_URL and OPENAI_API_KEY
question = [{"role": "user", "content": "Summarise the file of AB123456C."}]
about = {"case": "2026/0042", "subjects": '["Ann Lee"]'}
print(client.create(model="notes", messages=question, response_model=Summary, metadata=about))

# The checks
import json

import openai
from instructor.core.exceptions import InstructorRetryException
from trial import (
    NINO,
    POLICIES,
    QUESTION,
    SLOW,
    TOO_LONG,
    TOO_MANY,
    accept,
    asked,
    feature,
    refused,
    released,
    run,
)

MODES = (
    instructor.Mode.TOOLS,
    instructor.Mode.TOOLS_STRICT,
    instructor.Mode.JSON,
    instructor.Mode.JSON_SCHEMA,
    instructor.Mode.MD_JSON,
)
WANTED = {"reference": NINO, "pages": 3}


def ask(text: str = QUESTION, policy: str = "notes", mode=instructor.Mode.TOOLS, **options):
    client = instructor.from_openai(OpenAI(**options), mode=mode)
    question = [{"role": "user", "content": text}]
    return client.create(model=policy, messages=question, response_model=Summary).model_dump()


@feature("stream")
def stream() -> None:
    for policy in POLICIES:
        parts = client.create_partial(
            model=policy, messages=[{"role": "user", "content": QUESTION}], response_model=Summary
        )
        assert list(parts)[-1].model_dump() == WANTED


@feature("structured")
def structured() -> None:
    for policy in POLICIES:
        for mode in MODES[:-1]:
            assert ask(policy=policy, mode=mode) == WANTED, (policy, mode)
    responses = instructor.from_openai(OpenAI(), mode=instructor.Mode.RESPONSES_TOOLS)
    assert (
        responses.create(
            model="notes", messages=[{"role": "user", "content": QUESTION}], response_model=Summary
        ).model_dump()
        == WANTED
    )


def cause(error: BaseException):
    """The client's own exception, as instructor hands it on or wraps it."""
    while error is not None and not isinstance(error, openai.APIStatusError):
        error = getattr(error, "__cause__", None) or getattr(error, "__context__", None)
    return error


@feature("errors")
def errors() -> None:
    assert cause(refused(InstructorRetryException, lambda: ask(TOO_LONG))).code == "context_length_exceeded"
    assert cause(refused(InstructorRetryException, lambda: ask(TOO_MANY))).code == "rate_limit_exceeded"


@feature("held")
def held() -> None:
    for mode in MODES[:-1]:
        error = cause(
            refused(
                InstructorRetryException,
                lambda mode=mode: ask(f"{QUESTION} ({mode.value})", "letters", mode),
            )
        )
        assert error.code == "advice_held", mode


@feature("released")
def released_after_a_decision() -> None:
    try:
        ask(policy="letters")
        raise AssertionError("nothing was held")
    except InstructorRetryException as error:
        advice = cause(error).body["advice"]
    accept(advice)
    call = released(advice)["choices"][0]["message"]["tool_calls"][0]
    assert json.loads(call["function"]["arguments"]) == WANTED
    assert ask(policy="letters") == WANTED  # the same request again gets what was accepted


@feature("timeout")
def timeout() -> None:
    before = asked()
    try:
        ask(SLOW, timeout=1, max_retries=0)
        raise AssertionError("no time-out")
    except (openai.APITimeoutError, InstructorRetryException):
        pass
    assert ask(SLOW)["pages"] == 3
    assert asked() == before + 1


run()
