"""One request of the demo's record with its answer, as the pipeline would have put them on record."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from gateway.advice import (
    AnswerRecord,
    AnswerUsage,
    RequestRecord,
    Review,
    case_scope,
    new_advice_id,
    token_counts,
)
from gateway.commands.demo_texts import DemoText
from gateway.evidence import Evidence, People, evidence_of, shipped_model
from gateway.identity import Person
from gateway.policy import AnswerFacts, Policy, request_facts
from gateway.providers import Price
from gateway.steps import review_of
from gateway.storage import Vault

_MODEL: Final = "made-up-for-the-demonstration"
_PRICE: Final = Price("USD", 2_500_000, 10_000_000)
"""Made up."""
_REQUEST_TYPES: Final = ("DATE_TIME", "PERSON", "UK_CRN")
_ANSWER_TYPES: Final = ("DATE_TIME", "PERSON")
_evidence: dict[tuple[str, str], Evidence] = {}


@dataclass(frozen=True)
class Piece:
    """A request that somebody made through the application at `when`; `check`: the id of a seeded check that it is."""

    advice: str
    writing: DemoText
    policy: Policy
    application: str
    requester: Person
    when: datetime
    scope: str
    first_in_case: bool
    check: str | None = None

    @classmethod
    def of(
        cls,
        writing: DemoText,
        policy: Policy,
        vault: Vault,
        application: str,
        requester: Person,
        when: datetime,
        *,
        first_in_case: bool,
        check: str | None = None,
    ) -> "Piece":
        """A check has a case that nobody has."""
        case = writing.case if check is None else secrets.token_hex(16)
        return cls(
            new_advice_id(when),
            writing,
            policy,
            application,
            requester,
            when,
            case_scope(vault, application, case),
            first_in_case or check is not None,
            check,
        )

    @property
    def review(self) -> Review:
        """The policy's rules."""
        return review_of(self.policy)

    @property
    def seconds_to_read(self) -> float:
        """At 238 words a minute."""
        words = len(self.writing.answer.split()) + sum(
            len(caveat["text"].split()) for caveat in self.answered.caveats
        )
        return words * 60 / 238

    @cached_property
    def asked(self) -> RequestRecord:
        """As it is recorded before it leaves."""
        writing = self.writing
        body = {"model": self.policy.id, "messages": [{"role": "user", "content": writing.asked}]}
        redacted = {**body, "messages": [{"role": "user", "content": writing.redacted(writing.asked)}]}
        request: dict[str, Any] = {
            "body": body,
            "issued": writing.values,
            "call_ids": {},
            "prompt_at": self.policy.prompt_index(body["messages"]),
            "case": writing.case,
        }
        if self.check is not None:
            why = f"The answer says {writing.wrong[0]}. What was sent says {writing.right[0]}."
            request["check"] = {
                "id": self.check,
                "wrong": writing.wrong,
                "why": why,
                "planted": writing.kinds[0],
            }
        return RequestRecord(
            advice=self.advice,
            actor=f"application:{self.application}",
            application=self.application,
            policy=self._policy_version,
            review=self.review,
            retention=self.policy.retention.seconds,
            redactions=_counted(writing),
            scope=self.scope,
            case_given=True,
            requester=self.requester.id,
            sealed={"request": request, "sent": self.policy.compose(redacted)},
            pseudonyms=writing.values if self.first_in_case else (),
            seeded_check=self.check,
        )

    @cached_property
    def answered(self) -> AnswerRecord:
        """As it is recorded when it has arrived, with its caveats and what it rests on."""
        writing, evidence = self.writing, _evidence_of(self.writing)
        counts = (len(evidence.doubtful), evidence.unsupported_sentences)
        request = {"messages": [{"role": "user", "content": writing.asked}]}
        facts = AnswerFacts(writing.answer, _ANSWER_TYPES, (), counts[0], counts[1] or 0)
        caveats = self.policy.caveats_for(request_facts(request, _REQUEST_TYPES, self.application), facts)
        return AnswerRecord(
            used=self._used(writing.redacted(writing.answer)),
            attempts=[{"model": self.policy.models[0], "outcome": "answered"}],
            caveats=[{"id": caveat.id, "text": caveat.say} for caveat in caveats],
            entities=list(_ANSWER_TYPES),
            added={},
            complete=True,
            shown_to=f"application:{self.application}" if self.review.gate == "use" else None,
            completion=self.completion(writing.redacted(writing.answer)),
            evidence=evidence.as_json(),
            unsupported_facts=counts[0],
            unsupported_sentences=counts[1],
        )

    def _used(self, text: str) -> AnswerUsage:
        usage = token_counts(self.completion(text)["usage"])
        return AnswerUsage(self.policy.models[0], usage, cost=_PRICE.cost(usage))

    def completion(self, text: str) -> dict[str, Any]:
        """A chat completion with this text."""
        message = {"role": "assistant", "content": text}
        return {
            "id": f"chatcmpl-{self.advice[-16:]}",
            "object": "chat.completion",
            "created": int(self.when.timestamp()),
            "model": _MODEL,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {
                "prompt_tokens": len(self.writing.asked) // 4,
                "completion_tokens": len(text) // 4,
                "total_tokens": len(self.writing.asked) // 4 + len(text) // 4,
            },
        }

    @property
    def _policy_version(self) -> dict[str, str]:
        return {"id": self.policy.id, "version": self.policy.version}


def _counted(writing: DemoText) -> dict[str, int]:
    kinds = [kind for _, kind, _ in writing.values]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _evidence_of(writing: DemoText) -> Evidence:
    """Worked out once for each text: several requests of a case have the same."""
    key = (writing.asked, writing.answer)
    if key not in _evidence:
        _evidence[key] = evidence_of(
            [writing.asked], [writing.answer], People(writing.people), shipped_model()
        )
    return _evidence[key]
