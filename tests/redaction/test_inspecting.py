"""What an answer holds and what it adds: every text of it, whatever its shape, and no more than is right."""

import json
from typing import Any

import pytest

from gateway.redaction import Pseudonym, RedactedRequest, Redactor, Restorer, StreamMask
from tests.redaction.conftest import answer, user

NINO, EMAIL = "JN223344B", "g.pugh@example.org"
RECORD = (
    "Summarise. Mr John Smith (DOB 03/04/1985, NI AB123456C) of 12 Acacia Avenue, Leeds LS1 4AP was convicted at Leeds"
    " Crown Court on 3 March 2026. His partner Sarah O'Neill and his mother Mrs Jean Smith live with him. His officer"
    " is Priya Patel, tel 0113 496 0000. He missed appointments on 2 and 9 May 2026."
)

PLACES: dict[str, dict[str, Any]] = {
    "content": {"content": NINO},
    "content in parts": {"content": [{"type": "text", "text": "So:"}, {"type": "output_text", "text": NINO}]},
    "a refusal": {"content": None, "refusal": NINO},
    "reasoning": {"content": "", "reasoning": NINO},
    "reasoning content": {"content": "", "reasoning_content": NINO},
    "reasoning in details": {"reasoning_details": [{"type": "reasoning.text", "text": NINO}]},
    "thinking blocks": {"thinking_blocks": [{"type": "thinking", "thinking": NINO, "signature": "c2ln"}]},
    "thinking within content": {
        "content": [{"type": "thinking", "thinking": [{"type": "text", "text": NINO}]}]
    },
    "annotations": {
        "annotations": [
            {"type": "url_citation", "url_citation": {"title": NINO, "url": "https://www.gov.uk/a"}}
        ]
    },
    "arguments": {
        "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": f'{{"a":"{NINO}"}}'}}
        ]
    },
    "arguments that are an object": {
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": {"a": [NINO]}}}]
    },
    "a name of arguments": {
        "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": {NINO: 1}}}]
    },
    "a custom tool's input": {
        "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "f", "input": NINO}}]
    },
    "a legacy call": {"function_call": {"name": "f", "arguments": f'{{"a": "{NINO}"}}'}},
    "a function's name": {"function_call": {"name": f"f_{NINO}", "arguments": "{}"}},
    "a transcript": {"audio": {"id": "a", "data": "AAAA", "expires_at": 1, "transcript": NINO}},
    "a field of tomorrow": {"new_field": {"deep": [{"x": NINO}]}},
}


@pytest.fixture(scope="module")
def sent(redactor: Redactor) -> RedactedRequest:
    return redactor.redact(user(RECORD))


def added(redactor: Redactor, sent: RedactedRequest, text: str) -> dict[str, tuple[str, ...]]:
    return redactor.inspector(sent).inspect(answer(text)).added


@pytest.mark.parametrize("place", PLACES)
def test_every_text_of_an_answer_is_read(place: str, redactor: Redactor, sent: RedactedRequest) -> None:
    body = answer(None, **PLACES[place]) if "content" not in PLACES[place] else answer(**PLACES[place])
    assert redactor.inspector(sent).inspect(body).added == {"UK_NINO": (NINO,)}
    masked, inspection = redactor.inspector(sent, hidden=True).mask(body)
    assert NINO not in json.dumps(masked)
    assert inspection.added == {"UK_NINO": ("[UK_NINO]",)}
    assert "UK_NINO" in inspection.entities


@pytest.mark.parametrize("place", PLACES)
def test_pseudonyms_are_put_back_in_every_text_of_an_answer(place: str) -> None:
    issued = [Pseudonym("<UK_NINO_1>", "UK_NINO", NINO)]
    text = json.dumps(PLACES[place])
    message = json.loads(text.replace(NINO, "<UK_NINO_1>"))
    body = {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    restored = Restorer(issued, json_content=False).completion(body)["choices"][0]["message"]
    assert json.dumps(restored) == text


def test_a_value_of_arguments_is_read_with_the_name_of_its_member(
    redactor: Redactor, sent: RedactedRequest
) -> None:
    calls = [{"id": "c", "function": {"name": "f", "arguments": {"accountNumber": 90041773}}}]
    found = redactor.inspector(sent).inspect(answer(None, tool_calls=calls))
    assert found.added == {"UK_BANK_ACCOUNT": ("90041773",)}
    masked, _ = redactor.inspector(sent, hidden=True).mask(answer(None, tool_calls=calls))
    assert masked["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"] == {
        "accountNumber": "[UK_BANK_ACCOUNT]"
    }


ORDINARY = [
    "## Case Summary\n\n**Name:** <PERSON_1>\n**Key Dates:** 3 March 2026, 9 May 2026\n\n### Risk Assessment\nNone.",
    "# Overview\n\n<PERSON_1> was convicted.\n\n## Recommendations\n- Follow up with the GP\n- Housing Options",
    "I'm sorry, but as an AI language model I can't advise on that. Please consult a qualified solicitor.",
    "Dear Mr Smith,\n\nThank you for coming.\n\nYours sincerely,\n\n[Your Name]\nProbation Practitioner",
    "Dear Sir or Madam,\n\nRe: Request for information\n\nKind regards,\n[Name]\n[Job Title]",
    '```json\n{"CaseSummary": {"OffenderName": "<PERSON_1>", "RiskLevel": "Medium"}}\n```',
    '{"CaseSummary": {"Offender": "<PERSON_1>", "KeyFacts": ["Convicted on 3 March 2026"]}}',
    "| Date | Event | Responsible Officer |\n|---|---|---|\n| 3 March 2026 | Convicted | Patel |\n",
    "Smith's partner, Ms O'Neill, lives with him. Jean Smith does too. SMITH, JOHN was convicted.",
    "The Smiths live in Leeds. P. Patel is the officer. So is PRIYA PATEL.",
    "1. **Background**: <PERSON_1> is on an order.\n2. **Compliance**: two missed.\n3. **Next Steps**: a call.",
    "Summary:\n- Conviction: theft\n- Family: partner and mother\n\nCaveats: This is based on the record only.",
    "The record doesn't say. You could look at the Theft Act 1968, section 1, or ask the Sentencing Council.",
    "He should contact Citizens Advice, Shelter or Mind. See https://www.gov.uk/guides/probation for more.",
    "Claude here! As ChatGPT would say: let me know if you need anything else.",
    "**Strengths**\n- Stable home\n- Supportive Family\n\n**Questions For The Practitioner**\n- Has he seen his GP?",
    "On Monday 4 May 2026 at 10.30am. In Easter week he was away. The Spring Bank Holiday counts.",
    "Total: 3 convictions, 120 hours of unpaid work, £250 costs. Order ends 02/03/2027.",
    "NI number: AB 12 34 56 C. Date of birth: 3 April 1985. Phone 01134960000.",
    "Born 3rd April 1985, Mr J. Smith is 41.",
    "Executive Summary\n=================\n\nBackground\n----------\nThe Probation Service holds one record.",
    "def summarise(case: CaseRecord) -> Summary:\n    return Summary(name=case.name, risk=RiskLevel.MEDIUM)",
    "Please note: the Parole Board decides. The Lord Chancellor's guidance applies in England and Wales.",
    "Subject: Missed Appointment\n\nDear John,\n\nYou missed your appointment on 9 May 2026.",
    "Private and Confidential\n\nMr J Smith\n12 Acacia Avenue\nLeeds\nLS1 4AP\n\nDear Mr Smith",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_answer_adds_nothing(text: str, redactor: Redactor, sent: RedactedRequest) -> None:
    assert added(redactor, sent, text) == {}


MADE_UP = {
    "He lives with his cousin Siobhan Murphy.": "He lives with his cousin [PERSON].",
    "Contact Mr Gareth Pugh on 07700 900123.": "Contact Mr [PERSON] on [PHONE_NUMBER].",
    "## Jane Doherty\n\nShe is the victim.": "## [PERSON]\n\nShe is the victim.",
    "**Witness:** Kwame Mensah\n": "**Witness:** [PERSON]\n",
    "Email him at g.pugh@example.org, or ask Priya Patel.": "Email him at [EMAIL_ADDRESS], or ask Priya Patel.",
    "He lives at 4 Mill Lane, York YO1 7EP.": "He lives at [UK_ADDRESS].",
    '{"officer": "Gareth Pugh", "with": "<PERSON_1>"}': '{"officer": "[PERSON]", "with": "<PERSON_1>"}',
    "John Brown was there. Brown left.": "[PERSON] was there. [PERSON] left.",
    "Born 3 April 1986, he is 40.": "Born [DATE_OF_BIRTH], he is 40.",
}


@pytest.mark.parametrize("text", MADE_UP)
def test_what_a_model_made_up_is_masked_and_the_rest_stays(
    text: str, redactor: Redactor, sent: RedactedRequest
) -> None:
    masked, inspection = redactor.inspector(sent, hidden=True).mask(answer(text))
    assert masked["choices"][0]["message"]["content"] == MADE_UP[text]
    marks = [mark for marks in inspection.added.values() for mark in marks]
    assert marks
    assert all(mark in MADE_UP[text] for mark in marks)


def test_what_the_policys_prompt_says_is_not_added(redactor: Redactor, sent: RedactedRequest) -> None:
    body = answer("Ask Gareth Pugh.")
    assert redactor.inspector(sent, prompt="Send questions to Gareth Pugh.").inspect(body).added == {}


def test_a_word_within_a_longer_one_was_not_sent(redactor: Redactor) -> None:
    sent = redactor.redact(user("We are planning. Write to joanna@example.org."))
    text = "Ask Mrs Ann Lann, or anna@example.org."
    assert set(redactor.inspector(sent).inspect(answer(text)).added) == {"PERSON", "EMAIL_ADDRESS"}


def test_what_a_policy_keeps_is_not_added(redactor: Redactor, sent: RedactedRequest) -> None:
    body = answer("He is on the Gareth Pugh Programme.")
    assert redactor.inspector(sent, keep=["Gareth Pugh Programme"]).inspect(body).added == {}


@pytest.mark.parametrize(
    "hidden",
    [
        "g.pugh%40example.org",
        "Zy5wdWdoQGV4YW1wbGUub3Jn",
        "g.pu\u200bgh@exam\u200bple.org",
        "&#103;.pugh&#64;example.org",
    ],
)
def test_what_hides_in_an_answer_is_masked_too(
    hidden: str, redactor: Redactor, sent: RedactedRequest
) -> None:
    masked, inspection = redactor.inspector(sent, hidden=True).mask(answer(f"Write to {hidden} soon."))
    (entity,) = inspection.added
    assert masked["choices"][0]["message"]["content"] == f"Write to [{entity}] soon."


@pytest.mark.parametrize("wrapped", ["list", "object", "JSON in a string"])
def test_what_nests_deeper_than_anything_real_does_not_pass_unread(
    wrapped: str, redactor: Redactor, sent: RedactedRequest
) -> None:
    value: Any = NINO
    for _ in range(400):
        value = {"a": value} if wrapped == "object" else [value]
    body = answer(json.dumps(value) if wrapped == "JSON in a string" else None, new_field=value)
    masked, _ = redactor.inspector(sent, hidden=True).mask(body)
    assert NINO not in json.dumps(masked)
    assert redactor.inspector(sent).inspect(body).added.keys() <= {"UK_NINO"}


def test_log_probabilities_quote_the_answer_so_that_a_masked_one_has_none(
    redactor: Redactor, sent: RedactedRequest
) -> None:
    body = answer(f"Write to {EMAIL}.")
    body["choices"][0]["logprobs"] = {"content": [{"token": EMAIL, "logprob": 0.0}]}
    masked, _ = redactor.inspector(sent, hidden=True).mask(body)
    assert EMAIL not in json.dumps(masked)


# Streams


def streamed(
    redactor: Redactor, sent: RedactedRequest, pieces: list[dict[str, Any]], **more: Any
) -> list[Any]:
    mask = StreamMask(redactor.inspector(sent, hidden=True), json_content=more.get("json_content", False))
    chunks = [{"id": "c", "choices": [{"index": 0, "delta": one, "finish_reason": None}]} for one in pieces]
    chunks.append({"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    return [*(mask.feed(chunk) for chunk in chunks), *mask.end()]


def content_of(chunks: list[Any]) -> list[str]:
    return [chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks]


@pytest.mark.parametrize("text", [*MADE_UP, *ORDINARY])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_stream_is_masked_as_the_whole_answer_is(
    text: str, size: int, redactor: Redactor, sent: RedactedRequest
) -> None:
    pieces = [{"content": text[at : at + size]} for at in range(0, len(text), size)]
    assert "".join(content_of(streamed(redactor, sent, pieces))) == MADE_UP.get(text, text)


def test_a_stream_holds_back_no_more_than_a_sentence_or_line(
    redactor: Redactor, sent: RedactedRequest
) -> None:
    pieces = ["He came. Mr. J. Smith", " was late", ". She", " wasn't.\nThen"]
    said = content_of(streamed(redactor, sent, [{"content": piece} for piece in pieces]))
    assert said == ["He came. ", "", "Mr. J. Smith was late. ", "She wasn't.\n", "Then"]


def test_arguments_in_a_stream_are_masked_and_stay_json(redactor: Redactor, sent: RedactedRequest) -> None:
    arguments = json.dumps({"officer": 'Kwame "Kay" Boateng', "of": "<PERSON_1>", "nested": {"to": [EMAIL]}})
    first = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": ""}}
    pieces = [first, *({"index": 0, "function": {"arguments": one}} for one in arguments)]
    chunks = streamed(redactor, sent, [{"tool_calls": [piece]} for piece in pieces])
    said = "".join(
        call["function"]["arguments"]
        for chunk in chunks
        for call in chunk["choices"][0]["delta"].get("tool_calls", ())
    )
    assert "Boateng" not in said
    assert json.loads(said)["of"] == "<PERSON_1>"
    assert json.loads(said)["nested"] == {"to": ["[EMAIL_ADDRESS]"]}
