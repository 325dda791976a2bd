"""A request that is too long has one code, whether or not its server has one, and words that clients look for."""

import json

import pytest

from gateway.providers.foreign_errors import from_status

VLLM = {"object": "error", "message": "This model's maximum context length is 8192 tokens.", "code": 400}
MISTRAL = {
    "message": "Prompt contains 9 tokens, too large for model with 8 maximum context length",
    "code": "3051",
}
ANTHROPIC = {
    "type": "error",
    "error": {"type": "invalid_request_error", "message": "prompt is too long: 9 > 8"},
}
OPENAI = {
    "error": {"message": "Too many.", "type": "invalid_request_error", "code": "context_length_exceeded"}
}


@pytest.mark.parametrize("body", [VLLM, MISTRAL, ANTHROPIC, OPENAI])
def test_an_overflow_is_known_by_its_words_too(body: dict[str, object]) -> None:
    error = from_status(400, body=json.dumps(body).encode())
    assert error.provider_code == "context_length_exceeded"
    assert "is longer than the model's context length (context_length_exceeded)" in error.message


def test_a_status_for_a_code_is_none() -> None:
    body = {"object": "error", "message": "no", "type": "BadRequestError", "code": 400}
    assert from_status(400, body=json.dumps(body).encode()).provider_code == "BadRequestError"
