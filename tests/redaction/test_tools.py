"""Tools, schemas and ids of calls keep their meaning: only what is known to be personal is taken out of them."""

import json
import random
import string
from typing import Any

import pytest

from gateway.redaction import InvalidRequest, Pseudonym, Redactor, Restorer, Unreadable
from tests.redaction.conftest import answer, user

NINO, NHS, EMAIL = "AB123456C", "9434765919", "j.quilp@example.org"
_NAMES = """
get_offender_details search_case_notes create_risk_assessment update_address list_appointments get_case_summary
CaseSummary RiskAssessment OffenderDetails getCaseNotes createAppointment find_person lookupVictim RecordDecision
SentencePlan PreSentenceReport calculate_release_date check_licence_conditions send_letter draft_letter
summarise_record extract_entities get_weather current_time web_search run_query SearchResults ChatResponse
UserProfile PersonDetails AddressLookup HearingDates CourtOutcome OrderSummary ContactLog MissedAppointments
HomeVisit NextOfKin MedicalHistory EmploymentStatus GetHMPPSCase NDeliusLookup oasys-sections mappa_level
get_pnc_record
verify_nhs_number lookup_ni_number validate_postcode parse_date Classification ExtractedFacts FinalAnswer
StructuredOutput
mark_complete grant_access bill_of_costs May_report Summary Jordan_export rose_chart will_check BailConditions
CurfewHours victim_personal_statement HousingReferral SubstanceMisuse MentalHealthTreatment restorativeJustice
PaymentPlan
submit_ViSOR_update Timeline
"""
NAMES = _NAMES.split()
_random = random.Random(20260)


def tool(name: str = "look_up", schema: Any = None, **more: Any) -> dict[str, Any]:
    schema = {"type": "object", "properties": {}} if schema is None else schema
    return {"type": "function", "function": {"name": name, "parameters": schema, **more}}


def _letters(count: int) -> str:
    return "".join(_random.choices(string.ascii_letters + string.digits, k=count))


IDS = {
    "OpenAI": [f"call_{_letters(24)}" for _ in range(200)],
    "Anthropic": [f"toolu_01{_letters(22)}" for _ in range(200)],
    "Mistral": [_letters(9) for _ in range(200)],
    "digits, as some servers count": [str(_random.randrange(10**9, 10**10)) for _ in range(200)],
}


def loop(*ids: str) -> dict[str, Any]:
    """A turn of an agent with a call for each id, and its results in the other order."""
    called = [
        {"id": one, "type": "function", "function": {"name": "look_up", "arguments": "{}"}} for one in ids
    ]
    results = [{"role": "tool", "tool_call_id": one, "content": "done"} for one in reversed(ids)]
    return {
        "messages": [
            {"role": "user", "content": "Help."},
            {"role": "assistant", "content": None, "tool_calls": called},
            *results,
        ]
    }


# Ids of tool calls


@pytest.mark.parametrize("maker", IDS)
def test_no_id_that_a_provider_makes_is_refused_or_leaves(maker: str, redactor: Redactor) -> None:
    for first, second in zip(IDS[maker][::2], IDS[maker][1::2], strict=True):
        redacted = redactor.redact(loop(first, second))
        messages = redacted.request["messages"]
        assert [call["id"] for call in messages[1]["tool_calls"]] == ["call_1", "call_2"]
        assert [message["tool_call_id"] for message in messages[2:]] == ["call_2", "call_1"]
        assert redacted.call_ids == {"call_1": first, "call_2": second}
        assert redacted.issued == ()
        assert redacted.counts == {}


def test_an_id_that_holds_personal_data_does_not_leave_by_it(patterns: Redactor) -> None:
    redacted = patterns.redact(loop(f"call_{NINO}", EMAIL, "Daniel Quilp"))
    assert not [one for one in (NINO, EMAIL, "Quilp") if one in json.dumps(redacted.request)]


def test_an_id_that_says_nothing_stays_and_is_given_to_no_other_call(patterns: Redactor) -> None:
    redacted = patterns.redact(loop("abc123xyz", "call_1"))
    assert [call["id"] for call in redacted.request["messages"][1]["tool_calls"]] == ["call_2", "call_1"]
    assert redacted.call_ids == {"call_2": "abc123xyz"}


def test_an_id_that_the_request_itself_speaks_of_is_not_given(patterns: Redactor) -> None:
    request = loop("abc123xyz")
    request["messages"][0]["content"] = "What is CALL_1?"
    redacted = patterns.redact(request)
    assert redacted.call_ids == {"call_2": "abc123xyz"}


def test_an_answer_that_quotes_a_call_gets_the_apps_own_id_back_wherever_it_stands(
    patterns: Redactor,
) -> None:
    redacted = patterns.redact(loop("abc123xyz"))
    quoted = answer(
        "As call_1 showed; call_12 did not.",
        tool_call_id="call_1",
        annotations=[{"type": "quote", "tool_call_id": "call_1"}],
        tool_calls=[
            {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"of": "call_1"}'}}
        ],
    )
    restored = Restorer(redacted.issued, False, redacted.call_ids).completion(quoted)
    message = restored["choices"][0]["message"]
    assert message["content"] == "As abc123xyz showed; call_12 did not."
    assert message["tool_call_id"] == message["annotations"][0]["tool_call_id"] == "abc123xyz"
    assert message["tool_calls"][0]["id"] == "abc123xyz"
    assert message["tool_calls"][0]["function"]["arguments"] == '{"of": "abc123xyz"}'


@pytest.mark.parametrize("maker", IDS)
def test_an_id_that_the_provider_makes_reaches_the_app_as_it_is(maker: str, patterns: Redactor) -> None:
    redacted = patterns.redact(loop("abc123xyz"))
    for one in IDS[maker]:
        calls = [{"id": one, "type": "function", "function": {"name": "f", "arguments": "{}"}}]
        body = answer(None, tool_calls=calls)
        assert Restorer(redacted.issued, False, redacted.call_ids).completion(body) == body


# Names of functions, tools, schemas and properties


@pytest.mark.parametrize("name", NAMES)
def test_a_usual_name_passes_wherever_it_stands(name: str, redactor: Redactor) -> None:
    schema = {
        "title": name,
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{name}"}, "kind": {"enum": [name, "other"], "default": name}},
        "$defs": {name: {"title": name, "const": name}},
        "required": [name],
        "additionalProperties": False,
    }
    called = {
        "id": "call_1",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps({name: {name: 1}})},
    }
    request = {
        "messages": [
            {"role": "user", "content": "Help, please."},
            {"role": "assistant", "content": None, "tool_calls": [called]},
            {"role": "tool", "tool_call_id": "call_1", "name": name, "content": "done"},
            {"role": "assistant", "content": None, "function_call": {"name": name, "arguments": "{}"}},
            {"role": "function", "name": name, "content": "done"},
        ],
        "tools": [tool(name, schema), {"type": "custom", "custom": {"name": name}}],
        "tool_choice": {"type": "function", "function": {"name": name}},
        "functions": [{"name": name, "parameters": schema}],
        "function_call": {"name": name},
        "response_format": {"type": "json_schema", "json_schema": {"name": name, "schema": schema}},
    }
    assert redactor.redact(request).request == request


@pytest.mark.parametrize("name", NAMES)
def test_a_usual_name_passes_beside_people_who_are_called_like_words(name: str, redactor: Redactor) -> None:
    said = "Mr Mark Price met Mrs Grace Will, Ms Rose Case, Mr Miles Page and Sue Search on 3 May."
    tools = [tool(name, {"properties": {name: {"enum": [name]}}})]
    assert redactor.redact(user(said, tools=tools)).request["tools"] == tools


def test_the_names_are_many() -> None:
    assert len(set(NAMES)) >= 60


def test_grammar_is_redacted_where_it_holds_what_the_request_says_elsewhere(redactor: Redactor) -> None:
    schema = {
        "properties": {
            "who": {"enum": ["Daniel Quilp", "somebody else"], "default": "Daniel Quilp"},
            "Daniel Quilp": {"const": "Quilp"},
        },
        "required": ["Daniel Quilp"],
    }
    redacted = redactor.redact(user("Mr Daniel Quilp came.", tools=[tool(schema=schema)]))
    sent = redacted.request["tools"][0]["function"]["parameters"]
    assert "Quilp" not in json.dumps(redacted.request)
    assert sent["properties"]["who"]["enum"] == ["<PERSON_1>", "somebody else"]
    assert sent["required"] == [name for name in sent["properties"] if name != "who"]


def test_an_answer_that_fits_the_schema_sent_fits_the_apps_own_once_restored(redactor: Redactor) -> None:
    who = 'Dan "Dee" O\'Quilp'
    schema = {"properties": {"who": {"enum": [who]}, who: {"type": "string"}}, "required": ["who", who]}
    redacted = redactor.redact(user("Who?", tools=[tool(schema=schema)]), subjects=[who])
    sent = redacted.request["tools"][0]["function"]["parameters"]
    said = json.dumps({"who": sent["properties"]["who"]["enum"][0], sent["required"][1]: who[:3]})
    for given in (said, json.loads(said)):
        calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": given}}]
        restored = Restorer(redacted.issued, False).completion(answer(None, tool_calls=calls))
        back = restored["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
        assert (json.loads(back) if isinstance(back, str) else back) == {"who": who, who: who[:3]}


@pytest.mark.parametrize(
    ("known", "subjects"),
    [([Pseudonym("<PERSON_1>", "PERSON", "Ada Quilp")], []), ([], ["Ada Quilp"])],
    ids=["of the case", "a subject"],
)
def test_grammar_is_redacted_where_it_holds_what_was_known_before(
    known: list[Pseudonym], subjects: list[str], redactor: Redactor
) -> None:
    request = user("Hello", tools=[tool(schema={"properties": {"who": {"enum": ["Ada Quilp"]}}})])
    redacted = redactor.redact(request, known=known, subjects=subjects)
    assert redacted.request["tools"][0]["function"]["parameters"]["properties"]["who"]["enum"] == [
        "<PERSON_1>"
    ]


@pytest.mark.parametrize("value", [NINO, "AB 12 34 56 C", NHS, EMAIL, "07700 900123"])
@pytest.mark.parametrize("keyword", ["enum", "const", "default"])
def test_an_identifier_of_a_certain_form_is_redacted_in_grammar(
    keyword: str, value: str, redactor: Redactor
) -> None:
    held = [value] if keyword == "enum" else value
    redacted = redactor.redact(user("Hello", tools=[tool(schema={"properties": {"a": {keyword: held}}})]))
    assert value not in json.dumps(redacted.request)
    assert redacted.issued[0].value == value


def test_a_name_that_nothing_else_tells_of_stays_in_grammar(redactor: Redactor) -> None:
    request = user("Hello", tools=[tool(schema={"properties": {"a": {"enum": ["Rose Grant", "Will May"]}}})])
    assert redactor.redact(request).request == request


def test_prose_in_a_schema_is_read_as_ever(redactor: Redactor) -> None:
    schema = {
        "properties": {"a": {"description": "As Mr Daniel Quilp asked.", "title": "What Daniel Quilp said"}},
        "examples": ["Daniel Quilp"],
    }
    redacted = redactor.redact(user("Hello", tools=[tool(schema=schema, description="For Daniel Quilp.")]))
    assert "Quilp" not in json.dumps(redacted.request)


def test_a_pattern_is_never_changed(redactor: Redactor) -> None:
    pattern = r"^[A-Z]{2}\d{6}[A-D]$|^[\w.+-]+@[\w-]+\.org$"
    request = user(
        "Hello Daniel Quilp",
        tools=[
            tool(
                schema={
                    "properties": {"a": {"pattern": pattern}},
                    "patternProperties": {"^x-": {"type": "null"}},
                }
            )
        ],
    )
    sent = redactor.redact(request).request
    assert sent["tools"] == request["tools"]


@pytest.mark.parametrize(
    ("tools", "param"),
    [
        ([tool("get_quilp_details")], "tools[0].function.name"),
        ([tool("getDanielQuilpDetails")], "tools[0].function.name"),
        (
            [tool(schema={"properties": {"a": {"pattern": "^(Quilp|Smith)$"}}})],
            "tools[0].function.parameters.properties.*.pattern",
        ),
        (
            [tool(schema={"patternProperties": {"^Quilp": {}}})],
            "tools[0].function.parameters.patternProperties",
        ),
    ],
)
def test_a_name_or_pattern_that_holds_what_is_known_is_refused_with_the_remedy(
    tools: list[Any], param: str, redactor: Redactor
) -> None:
    with pytest.raises(Unreadable, match="Name it after what it does") as refused:
        redactor.redact(user("Mr Daniel Quilp came.", tools=tools))
    assert refused.value.param == param
    assert "uilp" not in str(refused.value)


def test_arguments_keep_their_property_names_and_their_values_are_read(redactor: Redactor) -> None:
    arguments = json.dumps({"CaseSummary": {"VictimName": "Daniel Quilp", "Jordan": 1, "Full Name": 1}})
    called = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    schema = {"properties": {"Full Name": {"type": "string"}}}
    request = {
        "messages": [{"role": "assistant", "tool_calls": [called]}],
        "tools": [tool(schema=schema)],
    }
    sent = redactor.redact(request).request["messages"][0]["tool_calls"][0]["function"]["arguments"]
    assert sent == arguments.replace("Daniel Quilp", "<PERSON_1>")


def test_a_name_of_a_person_among_the_names_of_free_arguments_is_read(redactor: Redactor) -> None:
    arguments = json.dumps({"Daniel Quilp": "came"})
    called = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": arguments}}
    redacted = redactor.redact({"messages": [{"role": "assistant", "tool_calls": [called]}]})
    assert "Quilp" not in json.dumps(redacted.request)


# What a policy declares


LETTER = tool(
    "draft_letter",
    {
        "properties": {
            "sign_off": {"enum": ["Rose Grant"], "description": "Sign as Rose Grant, 07700 900123."}
        }
    },
    description="Drafts a letter to Daniel Quilp.",
)


@pytest.mark.parametrize("declared", [["draft_letter"], [LETTER]], ids=["by name", "as it is defined"])
def test_a_declared_tool_passes_unread(declared: list[Any], redactor: Redactor) -> None:
    request = user("Hello", tools=[LETTER])
    assert redactor.redact(request, tools=declared).request == request
    assert redactor.redact(request).request != request


def test_a_declared_tool_is_redacted_where_it_holds_what_is_known(redactor: Redactor) -> None:
    redacted = redactor.redact(user("Hello", tools=[LETTER]), tools=[LETTER], subjects=["Daniel Quilp"])
    sent = redacted.request["tools"][0]["function"]
    assert sent["description"] == "Drafts a letter to <PERSON_1>."
    assert sent["parameters"] == LETTER["function"]["parameters"]


def test_of_a_tool_that_is_declared_as_defined_other_texts_are_read(redactor: Redactor) -> None:
    changed = json.loads(json.dumps(LETTER).replace("Drafts a letter to Daniel Quilp", "It is for Ada Quilp"))
    redacted = redactor.redact(user("Hello", tools=[changed]), tools=[LETTER])
    assert [one.value for one in redacted.issued] == ["Ada Quilp"]


def test_a_declared_text_that_stands_in_a_message_is_read(redactor: Redactor) -> None:
    redacted = redactor.redact(user(LETTER["function"]["description"]), tools=[LETTER])
    assert [one.value for one in redacted.issued] == ["Daniel Quilp"]


def test_an_id_of_the_wrong_type_is_an_invalid_request(patterns: Redactor) -> None:
    with pytest.raises(InvalidRequest) as refused:
        patterns.redact({"messages": [{"role": "tool", "tool_call_id": 7, "content": ""}]})
    assert refused.value.param == "messages[0].tool_call_id"
