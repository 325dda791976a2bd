"""Step 5 of the pipeline: a request as it goes on the record before anything leaves."""

from dataclasses import dataclass
from typing import Any

from gateway.advice import Claim, RequestRecord
from gateway.policy import PlantedCheck
from gateway.redaction import RedactedRequest, Restorer
from gateway.steps.admission import AdmittedRequest
from gateway.steps.calls import asks_for_json


@dataclass(frozen=True)
class PreparedRequest:
    """A request as it is to leave, and what is recorded of it first."""

    admitted: AdmittedRequest
    redacted: RedactedRequest
    outgoing: dict[str, Any]
    record: RequestRecord

    @classmethod
    def of(
        cls,
        admitted: AdmittedRequest,
        redacted: RedactedRequest,
        outgoing: dict[str, Any],
        *,
        missed: int = 0,
        claim: Claim | None = None,
    ) -> "PreparedRequest":
        """With the event that is to be written of it."""
        issued = [(pseudonym.text, pseudonym.type, pseudonym.value) for pseudonym in redacted.issued]
        original = {} if admitted.call.original is None else {"original": dict(admitted.call.original)}
        case = {} if admitted.context.case is None else {"case": admitted.case_reference}
        seeded = admitted.seeded_check
        planted = {"planted": seeded.planted} if isinstance(seeded, PlantedCheck) else {}
        check = (
            {}
            if seeded is None
            else {"check": {"id": seeded.id, "wrong": seeded.wrong, "why": seeded.why, **planted}}
        )
        record = RequestRecord(
            advice=admitted.advice,
            actor=admitted.application.actor,
            application=admitted.application.id,
            policy=admitted.policy_version,
            review=admitted.review,
            retention=admitted.policy.retention.seconds,
            redactions=redacted.counts,
            scope=admitted.scope,
            case_given=admitted.context.case is not None,
            requester=None if admitted.requester is None else admitted.requester.id,
            sealed={
                "request": {
                    "body": admitted.request,
                    "issued": issued,
                    "call_ids": dict(redacted.call_ids),
                    "prompt_at": admitted.policy.prompt_index(admitted.request["messages"]),
                    **case,
                    **original,
                    **check,
                },
                "sent": outgoing,
            },
            pseudonyms=[(pseudonym.text, pseudonym.type, pseudonym.value) for pseudonym in redacted.new],
            claim=claim,
            seeded_check=None if seeded is None else seeded.id,
            missed=missed,
            continues=admitted.continues,
        )
        return cls(admitted, redacted, outgoing, record)

    @property
    def to_send(self) -> tuple[tuple[str, ...], dict[str, Any], str | None]:
        """The models that may answer, the request, and the residency, if the policy asks for one."""
        return self.admitted.models, self.outgoing, self.admitted.policy.residency

    def restorer(self) -> Restorer:
        """Puts back what was issued in this request, and nothing else."""
        return Restorer(self.redacted.issued, self.asks_for_json, self.redacted.call_ids)

    @property
    def asks_for_json(self) -> bool:
        """Whether the answer's content is to be JSON."""
        return asks_for_json(self.admitted.request)
