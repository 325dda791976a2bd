"""Step 3 of the pipeline: every text of a request, with the pseudonyms that its case has already."""

from typing import Any, Protocol

from gateway.policy import Policy
from gateway.reading import Reader, tasks
from gateway.redaction import Pseudonym, RedactedRequest
from gateway.steps.calls import CaseContext
from gateway.storage import Database, Vault


class Redactable(Protocol):
    """An admitted request: under which policy, about what."""

    @property
    def policy(self) -> Policy: ...

    @property
    def context(self) -> CaseContext: ...

    @property
    def scope(self) -> str: ...

    @property
    def request(self) -> dict[str, Any]: ...


class RequestRedaction:
    """Redacts requests as their policies say."""

    def __init__(self, database: Database, vault: Vault, reader: Reader) -> None:
        self._database = database
        self._vault = vault
        self._reader = reader

    async def redact(self, admitted: Redactable, *, numbered: bool = True) -> tuple[RedactedRequest, int]:
        """The request without personal data, and how many reported values were looked for in it."""
        known, missed = await self._database.fetch(
            lambda connection: (
                self._vault.pseudonyms(connection, admitted.scope),
                self._vault.missed(connection, admitted.scope),
            )
        )
        redacted = await self._reader.run(
            admitted.scope,
            tasks.redact,
            admitted.request,
            known=[Pseudonym(*row) for row in known],
            subjects=admitted.context.subjects,
            missed=missed,
            keep=admitted.policy.redaction.keep,
            scripts=admitted.policy.redaction.scripts,
            also=admitted.policy.redaction.redact,
            tools=admitted.policy.declared_tools,
            numbered=numbered,
        )
        return redacted, len(missed)
