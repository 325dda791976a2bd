"""A person reports a value that left unredacted; from then on it is redacted in the advice's case."""

import asyncio
from collections.abc import Callable

from gateway.advice import MissedReport, Recorder, record_missed
from gateway.errors import GatewayError
from gateway.identity import Person
from gateway.redaction import Redactor, can_be_redacted, occurs_in, subject_type
from gateway.steps.calls import MissedRedaction
from gateway.steps.case_locks import CaseLocks
from gateway.steps.release import Releases
from gateway.storage import Vault


class MissedRedactions:
    """Records what people report, of advice that they may see.

    `reported` is called with the policy and the type of each new one.
    """

    def __init__(
        self,
        vault: Vault,
        recorder: Recorder,
        redactor: Redactor,
        cases: CaseLocks,
        releases: Releases,
        reported: Callable[[str, str], None],
    ) -> None:
        self._vault = vault
        self._recorder = recorder
        self._redactor = redactor
        self._cases = cases
        self._releases = releases
        self._reported = reported

    async def report(self, person: Person, advice: str, report: MissedRedaction) -> MissedReport:
        """Record a value that left unredacted; from then on it is redacted in the advice's case."""
        found = await self._releases.find(advice)
        document = (await self._releases.disclose(person, found)).document
        entity = self._type(report)
        originals = [document["request"], document["sent"]]
        if not await asyncio.to_thread(occurs_in, report.value, originals):
            raise GatewayError(
                "invalid_field",
                "`value` does not stand in this advice's request, nor in what was sent; copy it from there, whole"
                " words of it.",
                param="value",
            )
        async with self._cases.hold(found.scope):  # a request that comes later is redacted with it
            missed = await self._recorder.submit(
                lambda transaction: record_missed(
                    transaction, self._vault, advice, person, report.value, entity
                )
            )
        if missed.new:
            self._reported(missed.policy, missed.type)
        return missed

    def _type(self, report: MissedRedaction) -> str:
        if not can_be_redacted(report.value):
            raise GatewayError(
                "invalid_field",
                "`value` is what left unredacted: no pseudonym, and two letters or digits of it at least.",
                param="value",
            )
        if report.type is None:
            return subject_type(report.value)
        if report.type not in self._redactor.types:
            raise GatewayError(
                "invalid_field",
                "`type` is none of those that are redacted here, such as PERSON or UK_NINO; leave it out if none fits.",
                param="type",
            )
        return report.type
