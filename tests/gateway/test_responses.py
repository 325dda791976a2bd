"""An unmodified OpenAI client uses the Responses API: answers, streams, tools, conversations, and errors."""

import json
from typing import Any

import openai
import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from tests.gateway_server import GatewayServer
from tests.provider_server import Fault, ProviderServer
from tests.waiting import wait_for

NINO = "AB123456C"
NOTE = "Ann Lee, NI AB 12 34 56 C, ann.lee@example.org."
ABOUT = {"subjects": '["Ann Lee"]'}
TOOL: Any = {
    "type": "function",
    "name": "case_summary",
    "description": "What the record of a case says.",
    "parameters": {"type": "object", "properties": {"ni_number": {"type": "string"}}},
    "strict": False,
}


def advice_of(response: Any) -> str:
    return str(response.id.removeprefix("resp_"))


def called(call_id: str, **arguments: str) -> dict[str, Any]:
    function = {"name": "case_summary", "arguments": json.dumps(arguments)}
    return {"content": None, "tool_calls": [{"id": call_id, "type": "function", "function": function}]}


def events_of(gateway: GatewayServer, **body: Any) -> list[dict[str, Any]]:
    """As they come over the wire; each is valid for the SDK's types."""
    request = {"model": "use", "input": NOTE, "stream": True, **body}
    with gateway.client() as client, client.stream("POST", "/v1/responses", json=request) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["x-advice-id"].startswith("adv_")
        lines = [line for line in answer.iter_lines() if line]
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert names == [event["type"] for event in events]
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    valid: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for event in events:
        valid.validate_python(event)
    return events


def test_the_sdk_gets_an_answer_with_its_caveats_and_the_names_put_back(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    response = gateway.openai().responses.create(
        model="use", input=NOTE, instructions="Be brief.", metadata={**ABOUT, "topic": "letters"}
    )
    assert (response.status, response.output_text) == ("completed", NOTE)
    assert (response.model, response.instructions, response.metadata) == (
        "use",
        "Be brief.",
        {"topic": "letters"},
    )
    told = response.model_dump()["decision_support"]
    assert response.id == f"resp_{told['advice_id']}"
    assert (told["status"], told["caveats"][0]["id"]) == ("pending", "not-a-decision")
    assert response.usage is not None
    assert response.usage.total_tokens == response.usage.input_tokens + response.usage.output_tokens > 0
    sent = provider.requests[-1].json
    assert [message["role"] for message in sent["messages"]] == ["system", "system", "user"]
    assert b"Ann" not in provider.received
    assert gateway.types(advice_of(response)) == ["advice.requested", "advice.received", "advice.shown"]


def test_a_fetched_response_is_the_one_that_was_given(gateway: GatewayServer) -> None:
    asked = {"model": "use", "input": NOTE, "temperature": 0.5, "tools": [TOOL], "user": "u-1"}
    with gateway.client() as client:
        given = client.post("/v1/responses", json=asked)
        fetched = client.get(f"/v1/responses/{given.json()['id']}")
    assert fetched.json() == given.json()
    Response.model_validate(given.json())
    assert given.json()["tools"] == [TOOL]
    assert fetched.headers["x-advice-id"] == given.headers["x-advice-id"]


@pytest.mark.parametrize("characters", [1, 3, 8, 1000])
def test_a_stream_says_the_same_in_valid_events(
    gateway: GatewayServer, provider: ProviderServer, characters: int
) -> None:
    provider.chunk_characters = characters
    events = events_of(gateway, metadata=ABOUT)
    kinds = [event["type"] for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert (
        "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta") == NOTE
    )
    last = events[-1]["response"]
    assert last["output"][0]["content"][0]["text"] == NOTE
    assert last["decision_support"]["caveats"][0]["id"] == "not-a-decision"
    assert last["usage"]["output_tokens"] > 0
    with gateway.client() as client:
        assert client.get(f"/v1/responses/{last['id']}").json() == last
    assert b"Ann" not in provider.received


def test_the_sdks_own_stream_works(gateway: GatewayServer) -> None:
    with gateway.openai().responses.stream(model="use", input=NOTE, metadata=ABOUT) as events:
        kinds = [event.type for event in events]
        assert events.get_final_response().output_text == NOTE
    assert kinds[-1] == "response.completed"


def test_words_arrive_before_the_answer_has_ended(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(hang_after=3))
    body = {"model": "use", "stream": True, "input": "One two three four five six"}
    with gateway.client() as client, client.stream("POST", "/v1/responses", json=body) as answer:
        advice = answer.headers["x-advice-id"]
        assert any('"delta":"One two' in line for line in answer.iter_lines())
        with gateway.client() as other:
            assert other.get(f"/v1/responses/resp_{advice}").json()["status"] == "in_progress"
    wait_for(lambda: "advice.received" in gateway.types(advice))
    received = gateway.events(advice)[-2]
    assert (received["type"], received["complete"]) == ("advice.received", False)


class Slot(BaseModel):
    person: str
    day: str


def test_the_sdks_parse_gets_its_type(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.answer = '{"person": "<PERSON_1>", "day": "Tuesday"}'
    response = gateway.openai().responses.parse(
        model="use",
        input='Ann "Nan" Lee wants Tuesday.',
        metadata={"subjects": json.dumps(['Ann "Nan" Lee'])},
        text_format=Slot,
    )
    assert response.output_parsed == Slot(person='Ann "Nan" Lee', day="Tuesday")
    wanted = provider.requests[-1].json["response_format"]
    assert (wanted["type"], wanted["json_schema"]["strict"]) == ("json_schema", True)


IDS = {"OpenAI": "call_9fK2mQ7dTz1LxVbR4sWc8YpA", "Anthropic": "toolu_01A09q90qw90lq917835lq9b"}


@pytest.mark.parametrize("maker", IDS)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("continued", [False, True], ids=["sent again", "continued"])
def test_a_loop_with_a_tool_ends_with_an_answer(
    gateway: GatewayServer, provider: ProviderServer, maker: str, stream: bool, continued: bool
) -> None:
    provider.answers.extend(
        [called(IDS[maker], ni_number="<UK_NINO_1>"), {"content": "Nothing is recorded for <UK_NINO_1>."}]
    )
    client = gateway.openai().responses
    asked: list[Any] = [{"role": "user", "content": f"What is on file for {NINO}?"}]
    about = {"case": f"loop-{maker}-{stream}-{continued}"}
    first = turn(client, stream, input=asked, tools=[TOOL], metadata=about)
    (call,) = [item for item in first.output if item.type == "function_call"]
    assert (call.call_id, json.loads(call.arguments)) == (IDS[maker], {"ni_number": NINO})
    output: Any = {"type": "function_call_output", "call_id": call.call_id, "output": f'{{"NI": "{NINO}"}}'}
    if continued:
        more = {"input": [output], "previous_response_id": first.id}
    else:
        more = {"input": [*asked, *first.output, output]}
    second = turn(client, stream, **more, tools=[TOOL], metadata=about)
    assert second.output_text == f"Nothing is recorded for {NINO}."
    assert NINO.encode() not in provider.received
    said = provider.requests[-1].json["messages"]
    assert [message["role"] for message in said] == ["system", "user", "assistant", "tool"]
    assert said[2]["tool_calls"][0]["id"] == said[3]["tool_call_id"] == "call_1"


def turn(client: Any, stream: bool, **body: Any) -> Any:
    if not stream:
        return client.create(model="use", **body)
    with client.stream(model="use", **body) as events:
        return events.get_final_response()


def test_arguments_of_a_call_arrive_in_pieces_with_the_names_put_back(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    provider.answers.append(called("call_a1", ni_number="<UK_NINO_1>"))
    events = events_of(gateway, input=f"For {NINO}.", tools=[TOOL])
    pieces = [event["delta"] for event in events if event["type"] == "response.function_call_arguments.delta"]
    (done,) = [event for event in events if event["type"] == "response.function_call_arguments.done"]
    assert "".join(pieces) == done["arguments"] == json.dumps({"ni_number": NINO})
    assert (len(pieces) > 1, done["name"]) == (True, "case_summary")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_refusal_and_reasoning_are_items_of_their_own(
    gateway: GatewayServer, provider: ProviderServer, stream: bool
) -> None:
    message = {
        "reasoning_content": "It asks for <PERSON_1>.",
        "content": None,
        "refusal": "Not about <PERSON_1>.",
    }
    finished = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    if stream:
        chunks = [
            {"choices": [{"index": 0, "delta": {"reasoning_content": "It asks for <PERS"}}]},
            {"choices": [{"index": 0, "delta": {"reasoning_content": "ON_1>."}}]},
            {
                "choices": [
                    {"index": 0, "delta": {"refusal": "Not about <PERSON_1>."}, "finish_reason": "stop"}
                ]
            },
        ]
        raw = b"".join(b"data: " + json.dumps(chunk).encode() + b"\n\n" for chunk in chunks)
        provider.faults.append(Fault(body=raw + b"data: [DONE]\n\n"))
        response = events_of(gateway, input="Ann Lee?", metadata=ABOUT)[-1]["response"]
    else:
        provider.faults.append(Fault(body=json.dumps(finished).encode()))
        response = (
            gateway.openai().responses.create(model="use", input="Ann Lee?", metadata=ABOUT).model_dump()
        )
    thought, words = response["output"]
    assert thought["summary"] == [{"type": "summary_text", "text": "It asks for Ann Lee."}]
    assert words["content"] == [{"type": "refusal", "refusal": "Not about Ann Lee."}]


@pytest.mark.parametrize(
    ("finish", "reason"), [("length", "max_output_tokens"), ("content_filter", "content_filter")]
)
def test_an_answer_that_was_cut_short_is_incomplete(
    gateway: GatewayServer, provider: ProviderServer, finish: str, reason: str
) -> None:
    message = {"role": "assistant", "content": "Half an"}
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    provider.faults.append(Fault(body=json.dumps(body).encode()))
    response = gateway.openai().responses.create(model="use", input="Hello", max_output_tokens=2)
    assert (response.status, response.output_text) == ("incomplete", "Half an")
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == reason
    assert provider.requests[-1].json["max_completion_tokens"] == 2


# A conversation


def test_a_response_is_continued_without_its_instructions(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    client = gateway.openai().responses
    about = {"case": "responses-1", "subjects": '["Ann Lee"]'}
    first = client.create(model="use", input=NOTE, instructions="Speak as a pirate.", metadata=about)
    second = client.create(
        model="use",
        input="And in short?",
        instructions="Be brief.",
        previous_response_id=first.id,
        metadata=about,
    )
    said = [(message["role"], message["content"]) for message in provider.requests[-1].json["messages"]]
    assert [role for role, _ in said] == ["system", "system", "user", "assistant", "user"]
    assert said[1][1] == "Be brief."
    assert said[2][1] == said[3][1] == "<PERSON_1>, NI <UK_NINO_1>, <EMAIL_ADDRESS_1>."
    assert second.previous_response_id == first.id
    third = client.create(model="use", input="Thanks.", previous_response_id=second.id, metadata=about)
    assert len(provider.requests[-1].json["messages"]) == 6
    items = client.input_items.list(third.id).data
    assert [item.content[0].text for item in items] == ["Thanks."]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "why", ["unknown", "no id", "other case", "no case", "chat", "not stored", "deleted"]
)
def test_what_cannot_be_continued_from_is_a_404(gateway: GatewayServer, why: str) -> None:
    client = gateway.openai().responses
    about = {"case": f"continue-{why}"}
    response = client.create(model="use", input="Hello", store=why != "not stored", metadata=about).id
    match why:
        case "unknown":
            response = f"{response}0"
        case "no id":
            response = response.removeprefix("resp_")
        case "other case":
            about = {"case": "continue-other"}
        case "no case":
            about = {}
        case "chat":
            response = f"resp_{gateway.ask(model='use', metadata=about).headers['x-advice-id']}"
        case "deleted":
            client.delete(response)
    with pytest.raises(openai.NotFoundError) as refused:
        client.create(model="use", input="More", previous_response_id=response, metadata=about)
    assert (refused.value.code, refused.value.param) == ("unknown_response", "previous_response_id")


def test_another_applications_response_does_not_exist(gateway: GatewayServer) -> None:
    response = gateway.openai().responses.create(model="use", input="Hello").id
    other = gateway.openai(gateway.other_key).responses
    for attempt in (other.retrieve, other.delete, other.input_items.list):
        with pytest.raises(openai.NotFoundError) as refused:
            attempt(response)
        assert refused.value.code == "unknown_response"
    with pytest.raises(openai.NotFoundError):
        other.create(model="use", input="More", previous_response_id=response)


def test_input_items_are_listed_in_pages(gateway: GatewayServer) -> None:
    client = gateway.openai().responses
    asked: Any = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}, "Three"]
    asked[2] = {"role": "user", "content": [{"type": "input_text", "text": "Three"}]}
    response = client.create(model="use", input=asked)
    texts = [item.content[0].text for item in client.input_items.list(response.id, order="asc", limit=2)]  # type: ignore[union-attr]
    assert texts == ["One", "Two", "Three"]
    assert client.input_items.list(response.id, limit=2).has_more  # type: ignore[attr-defined]


# Errors


def test_an_error_names_the_place_that_the_caller_wrote(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    bad = {"type": "input_text", "text": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg"}
    good = {"type": "input_text", "text": "See:"}
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        gateway.openai().responses.create(
            model="use",
            instructions="Be brief.",
            input=[{"role": "user", "content": [good, bad]}],  # type: ignore[list-item,misc]
        )
    assert (refused.value.code, refused.value.param) == ("unreadable_content", "input[0].content[1].text")
    tool = {**TOOL, "name": "getQuilpDetails"}
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        gateway.openai().responses.create(model="use", input="Mr Daniel Quilp came.", tools=[tool])
    assert refused.value.param == "tools[0].name"
    assert provider.requests == []


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_a_providers_failure_has_openais_shape_and_is_on_record(
    gateway: GatewayServer, provider: ProviderServer, stream: bool
) -> None:
    provider.faults.append(Fault(status=429, headers={"Retry-After": "7"}))
    with pytest.raises(openai.RateLimitError) as limited:
        gateway.openai().responses.create(model="use", input=NOTE, stream=stream)
    assert (limited.value.code, limited.value.param) == ("provider_rate_limited", "input")
    assert gateway.events()[-1]["type"] == "advice.failed"


def test_a_cut_stream_ends_with_error_and_failed(gateway: GatewayServer, provider: ProviderServer) -> None:
    provider.faults.append(Fault(cut_after=4))
    events = events_of(gateway, metadata=ABOUT)
    assert [event["type"] for event in events[-2:]] == ["error", "response.failed"]
    assert events[-2]["code"].startswith("provider_")
    failed = events[-1]["response"]
    assert failed["output"][0]["status"] == "incomplete"
    with gateway.client() as client:
        fetched = client.get(f"/v1/responses/{failed['id']}").json()
    assert (fetched["status"], fetched["output"], fetched["error"]["code"]) == ("failed", [], "server_error")


def test_a_person_cannot_ask_and_streaming_a_stored_response_is_refused(gateway: GatewayServer) -> None:
    with gateway.client("ana") as client:
        assert client.post("/v1/responses", json={"model": "use", "input": "x"}).status_code == 403
    with gateway.client() as client:
        response = client.post("/v1/responses", json={"model": "use", "input": "x"}).json()["id"]
        refused = client.get(f"/v1/responses/{response}", params={"stream": "true"})
    assert (refused.status_code, refused.json()["error"]["param"]) == (422, "stream")


def test_an_idempotency_key_gives_the_same_response_and_takes_no_other(
    gateway: GatewayServer, provider: ProviderServer
) -> None:
    key = {"Idempotency-Key": "responses-1"}
    body = {"model": "use", "input": "Hello"}
    with gateway.client() as client:
        first, again = (client.post("/v1/responses", json=body, headers=key) for _ in range(2))
        other = client.post("/v1/responses", json={**body, "store": False}, headers=key)
        messages = [{"role": "user", "content": "Hello"}]
        chat = client.post("/v1/chat/completions", json={"model": "use", "messages": messages}, headers=key)
    assert first.json() == again.json()
    assert len(provider.requests) == 1
    assert other.json()["error"]["code"] == chat.json()["error"]["code"] == "idempotency_key_reused"
