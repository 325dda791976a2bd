"""Whatever the pieces in which an answer comes, its events are valid, in order, and join to the whole answer."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from gateway.api.responses.events import EventWriter
from gateway.api.responses.response import ResponseForm
from gateway.errors import GatewayError
from gateway.steps import Transcript, as_chunks

ADVICE = "adv_01a225d0102d6db35e87ea2879af"
FORM = ResponseForm(ADVICE, {"model": "use", "input": "Hello"})
EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
TOP = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}

DELTAS = st.lists(
    st.one_of(
        st.builds(lambda text: {"content": text}, st.text(max_size=8)),
        st.builds(lambda text: {"refusal": text}, st.text(max_size=8)),
        st.builds(lambda text: {"reasoning_content": text}, st.text(max_size=8)),
        st.builds(
            lambda index, text: {"tool_calls": [{"index": index, "function": {"arguments": text}}]},
            st.integers(0, 2),
            st.text(max_size=8),
        ),
    ),
    max_size=12,
)


def streamed(deltas: list[dict[str, Any]], finish: str) -> list[dict[str, Any]]:
    """As providers do: calls are counted as they come, and the first piece of each has its id and name."""
    named: dict[int, int] = {}
    chunks = []
    for delta in deltas:
        for call in delta.get("tool_calls", ()):
            is_new = call["index"] not in named
            call["index"] = named.setdefault(call["index"], len(named))
            if is_new:
                call |= {"id": f"call_x{call['index']}", "type": "function"}
                call["function"]["name"] = "find_slot"
        chunks.append({**TOP, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    chunks.append({**TOP, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    return [*chunks, {**TOP, "choices": [], "usage": USAGE}]


def events_of(chunks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    writer = EventWriter(FORM)
    return [*writer.begin(), *(event for chunk in chunks for event in writer.feed(chunk)), *writer.end()]


def check(events: list[dict[str, Any]]) -> None:
    for event in events:
        EVENT.validate_python(event)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))


def joined(events: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for event in events:
        if event["type"].endswith(".delta"):
            key = (event["item_id"], event["type"].removesuffix(".delta"))
            texts[key] = texts.get(key, "") + event["delta"]
    return texts


def said_in(items: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    texts: dict[tuple[str, str], str] = {}
    for item in items:
        for part in (*item.get("content", ()), *item.get("summary", ())):
            name = {
                "output_text": "output_text",
                "refusal": "refusal",
                "summary_text": "reasoning_summary_text",
            }
            texts[item["id"], f"response.{name[part['type']]}"] = part.get("text") or part.get("refusal")
        if item.get("arguments"):
            texts[item["id"], "response.function_call_arguments"] = item["arguments"]
    return texts


@given(DELTAS, st.sampled_from(["stop", "tool_calls", "length", "content_filter"]))
def test_events_are_valid_and_join_to_the_whole(deltas: list[dict[str, Any]], finish: str) -> None:
    chunks = streamed(deltas, finish)
    events = events_of(chunks)
    check(events)
    last = events[-1]["response"]
    status = "incomplete" if finish in ("length", "content_filter") else "completed"
    assert (events[-1]["type"], last["status"]) == (f"response.{status}", status)
    assert joined(events) == said_in(last["output"])
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert done == last["output"]
    assert last["usage"]["total_tokens"] == 10


@given(DELTAS, st.sampled_from(["stop", "length"]))
def test_a_streamed_answer_and_the_same_fetched_say_the_same(
    deltas: list[dict[str, Any]], finish: str
) -> None:
    transcript = Transcript()
    chunks = streamed(deltas, finish)
    for chunk in deepcopy(chunks):
        transcript.add(chunk)
    whole = FORM.completed(transcript.completion())
    Response.model_validate(whole)
    last = events_of(chunks)[-1]["response"]
    assert said_in(last["output"]) == said_in(whole["output"])
    assert {name: last[name] for name in last if name != "output"} == {
        name: whole[name] for name in whole if name != "output"
    }


@given(DELTAS)
def test_a_whole_answer_played_as_events_gives_the_same_output(deltas: list[dict[str, Any]]) -> None:
    transcript = Transcript()
    for chunk in streamed(deltas, "stop"):
        transcript.add(chunk)
    completion = transcript.completion()
    events = events_of(as_chunks(completion, include_usage=True))
    check(events)
    assert events[-1]["response"] == FORM.completed(completion)


@given(DELTAS)
def test_an_answer_that_breaks_off_ends_as_failed_with_what_was_said(deltas: list[dict[str, Any]]) -> None:
    writer = EventWriter(FORM)
    chunks = streamed(deltas, "stop")[:-2]
    events = [*writer.begin(), *(event for chunk in chunks for event in writer.feed(chunk))]
    events += writer.fail(GatewayError("provider_cut", "It broke off."))
    check(events)
    error, failed = events[-2:]
    assert (error["type"], error["code"]) == ("error", "provider_cut")
    assert failed["response"]["status"] == "failed"
    assert failed["response"]["error"] == {"code": "server_error", "message": "It broke off."}
    assert said_in(failed["response"]["output"]) == joined(events)


def test_held_advice_is_created_and_queued_and_nothing_more() -> None:
    events = list(EventWriter(FORM).queued({"status": "pending"}))
    check(events)
    assert [event["type"] for event in events] == ["response.created", "response.queued"]
    assert events[-1]["response"]["decision_support"] == {"status": "pending"}


def test_reasoning_in_parts_as_mistral_writes_it_is_told_from_the_answer() -> None:
    thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    message = {"role": "assistant", "content": [thought, {"type": "text", "text": "Yes."}]}
    completion = {"choices": [{"message": message, "finish_reason": "stop"}]}
    reasoning, words = FORM.completed(completion)["output"]
    assert (reasoning["summary"][0]["text"], words["content"][0]["text"]) == ("Hm.", "Yes.")


def test_usage_has_its_details() -> None:
    usage = {
        **USAGE,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    completion = {"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}], "usage": usage}
    assert FORM.completed(completion)["usage"] == {
        "input_tokens": 7,
        "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 0},
        "output_tokens": 3,
        "output_tokens_details": {"reasoning_tokens": 2},
        "total_tokens": 10,
    }
