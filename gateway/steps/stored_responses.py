"""Advice that was asked for through the Responses API: found again, continued from, deleted.

A response is the advice under another id. Its request is sealed with the advice as the application wrote it, so that
both are erased together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gateway.advice import (
    Advice,
    Recorder,
    erased_error,
    find_advice,
    is_response_deleted,
    is_seeded,
    open_content,
    review_url,
    scope_of,
    unknown_response,
)
from gateway.errors import Conflict, GatewayError
from gateway.identity import Application
from gateway.steps.release import Releases
from gateway.storage import Connection, Database, Vault

_PREFIX: Final = "resp_"
_PREVIOUS: Final = "previous_response_id"


def response_id(advice: str) -> str:
    """The id of the response that an advice is."""
    return _PREFIX + advice


@dataclass(frozen=True)
class StoredResponse:
    """The advice, the request as the application wrote it, and the chat completion request made of it."""

    advice: Advice
    original: Mapping[str, Any]
    body: Mapping[str, Any]

    @property
    def stored(self) -> bool:
        """Whether the application let it be stored."""
        return self.original.get("store") is not False

    @property
    def fetchable(self) -> bool:
        """Whether it may be fetched: what is not to be stored only until it was given to the application."""
        is_given = self.advice.review.gate == "use" or self.advice.released_at is not None
        return self.stored or not is_given


class StoredResponses:
    """Gives an application its own responses."""

    def __init__(
        self, database: Database, vault: Vault, recorder: Recorder, releases: Releases, base_url: str
    ) -> None:
        self._database = database
        self._vault = vault
        self._recorder = recorder
        self._releases = releases
        self._base_url = base_url

    async def find(self, application: Application, response: str) -> StoredResponse:
        """The response with this id; a 404 `GatewayError` if there is none for `application`, a 410 if erased."""
        advice = response.removeprefix(_PREFIX)
        if not response.startswith(_PREFIX):
            raise unknown_response()
        found = await self._database.fetch(lambda connection: self._find(connection, application, advice))
        if not found.fetchable:
            raise unknown_response()
        return found

    def _find(self, connection: Connection, application: Application, advice: str) -> StoredResponse:
        found = find_advice(connection, advice)
        if found is None or found.application != application.id or is_seeded(connection, advice):
            raise unknown_response()
        if is_response_deleted(connection, advice):
            raise unknown_response()
        if found.erased_at is not None:
            raise erased_error(found)
        request = open_content(connection, self._vault, found, "request")
        if "original" not in request:  # it was asked for as a chat completion
            raise unknown_response()
        return StoredResponse(found, request["original"], request["body"])

    async def conversation(
        self, application: Application, response: str, case: str | None
    ) -> list[dict[str, Any]]:
        """The messages of an earlier request of the same case and its answer, without its instructions.

        That its answer is released is on record first.
        """
        try:
            found = await self.find(application, response)
            scope = scope_of(self._vault, application.id, case, found.advice.id)
            if not found.stored or found.advice.scope != scope:
                raise unknown_response()
            document = await self._releases.read(application, found.advice.id)
            if "completion" not in document:
                raise self._no_answer(found.advice)
        except GatewayError as error:
            error.param = _PREVIOUS
            raise
        messages = list(found.body["messages"])
        request_messages = messages[1:] if found.original.get("instructions") else messages
        return [*request_messages, _as_message(document["completion"]["choices"][0]["message"])]

    async def delete(self, application: Application, response: str) -> None:
        """Give the application nothing of this advice any more; its content stays as long as the policy says."""
        found = await self.find(application, response)
        await self._recorder.response_deleted(found.advice.id, application.actor)

    def _no_answer(self, advice: Advice) -> GatewayError:
        match advice.status:
            case "pending":
                return Conflict(
                    "advice_held",
                    "The earlier response is held until a person decides; continue from it once it is accepted.",
                    advice=advice.id,
                    review_url=review_url(advice.id, self._base_url),
                    decide_by=advice.decide_by,
                )
            case "rejected":
                return Conflict(
                    "advice_rejected", "The earlier response was rejected, so nothing follows it."
                )
            case "expired":
                return Conflict(
                    "advice_expired", "Nobody decided on the earlier response in time, so nothing follows it."
                )
            case _:
                return Conflict(
                    "advice_not_ready", "The earlier response has no answer that could be followed."
                )


def _as_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """An answer's message as it stands in the next request: without its reasoning, which nobody is to read again."""
    members = {name: message[name] for name in ("content", "refusal", "tool_calls") if message.get(name)}
    if isinstance(members.get("content"), list):
        members["content"] = [part for part in members["content"] if part.get("type") == "text"]
    return {"role": "assistant", "content": None if "tool_calls" in members else "", **members}
