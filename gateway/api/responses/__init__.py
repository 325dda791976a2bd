"""`/v1/responses`: OpenAI's Responses API over the same pipeline as chat completions.

| step | file |
|---|---|
| which fields there are, and of which types | `fields.py` |
| the request as a chat completion request | `chat_request.py`, with `items.py` (input), `tools.py` |
| names of places in errors, back to the caller's | `places.py` |
| a chat completion as output items | `output.py` |
| the response object | `response.py` |
| a stream of chunks as a stream of events | `events.py` |
| the items of a stored request | `input_items.py` |
| HTTP | `routes.py` |
"""

from gateway.api.responses.routes import router

__all__ = ["router"]
