"""Writes gateway/api/openapi_examples.json from a gateway's answers: `python -m tests.openapi.examples`."""

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import gateway.api.openapi
from gateway.redaction import RedactionSettings
from tests.gateway_server import GatewayServer
from tests.provider_server import ProviderServer

FILE: Final = Path(gateway.api.openapi.__file__).with_name("openapi_examples.json")
ABOUT: Final = {"case": "2026/0042", "subjects": '["Ann Lee"]'}
QUESTION: Final = "Summarise: Ann Lee reported on 3 March 2026."
MESSAGES: Final = [{"role": "user", "content": QUESTION}]
DECISION: Final = {"decision": "accept", "reason": "It says what the record says."}


def examples(server: GatewayServer) -> dict[str, dict[str, Any]]:
    """A request and its answers by method and path, as they come."""
    found: dict[str, dict[str, Any]] = {}

    def send(who: str, method: str, path: str, template: str | None = None, body: Any = None) -> Any:
        with server.client(who) as client:
            answer = client.request(method, path, json=body)
        entry = found.setdefault(f"{method} {template or path}", {})
        if body is not None:
            entry["request"] = body
        entry[str(answer.status_code)] = answer.json()
        return answer.json()

    chat = {"model": "use", "messages": MESSAGES, "metadata": ABOUT}
    send("application", "POST", "/v1/chat/completions", body=chat)
    held = send("application", "POST", "/v1/chat/completions", body={**chat, "model": "held"})
    advice = held["decision_support"]["advice_id"]
    send("application", "POST", "/v1/responses", body={"model": "use", "input": QUESTION, "metadata": ABOUT})
    send(
        "application", "POST", "/v1/messages", body={"model": "use", "max_tokens": 500, "messages": MESSAGES}
    )
    send("application", "GET", "/v1/models/held", "/v1/models/{policy}")
    send("ben", "GET", f"/v1/advice/{advice}", "/v1/advice/{advice}")
    send("ben", "POST", f"/v1/advice/{advice}/decisions", "/v1/advice/{advice}/decisions", DECISION)
    send("ben", "GET", "/v1/advice?status=accepted", "/v1/advice")
    send("olu", "GET", "/v1/audit/events?limit=1", "/v1/audit/events")
    return found


def main() -> None:
    """Write the file, with an address and policies of an imagined service."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProviderServer() as provider,
        GatewayServer(Path(folder), provider, redaction=RedactionSettings(name_model=None)) as server,
    ):
        text = json.dumps(examples(server), indent=1, ensure_ascii=False)
        text = text.replace(server.url, "https://gateway.example")
    for policy, name in (('"held"', '"case-summary"'), ('"use"', '"minutes-draft"')):
        text = text.replace(policy, name)
    FILE.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
