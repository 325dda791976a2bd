"""Step 7 of the pipeline: what the answer holds that was not in the request, what it rests on, and its caveats."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from gateway.advice import AnswerRecord, AnswerUsage, about_tokens, answer_texts, token_counts
from gateway.errors import GatewayError
from gateway.evidence import Evidence
from gateway.policy import AnswerFacts
from gateway.providers import Completion, CompletionStream, Price
from gateway.reading import Reader, tasks
from gateway.redaction import StreamMask
from gateway.steps.admission import AdmittedRequest, caveats_of
from gateway.steps.answer_evidence import compared_texts
from gateway.steps.prepared_request import PreparedRequest
from gateway.steps.tool_calls import call_ids, tools_passed_on
from gateway.steps.usage_limits import characters_of
from gateway.storage import Vault

_log = structlog.get_logger("countersign")


class AnswerInspection:
    """Inspects answers, whole or streamed."""

    def __init__(
        self,
        reader: Reader,
        vault: Vault,
        prices: Callable[[], Mapping[str, Price | None]],
    ) -> None:
        """`prices`: what each model's tokens cost, known once the models are."""
        self._vault = vault
        self._reader = reader
        self._prices = prices

    async def inspect(
        self,
        prepared: PreparedRequest,
        completion: dict[str, Any],
        source: Completion | CompletionStream,
        *,
        complete: bool = True,
        mask: StreamMask | None = None,
    ) -> AnswerRecord:
        """The record of the answer, with the caveats that the policy adds; masked if the policy says so."""
        admitted = prepared.admitted
        sent: dict[str, Any] = {
            "prompt": admitted.policy.prompt_text,
            "keep": admitted.policy.redaction.keep,
        }
        if mask is not None:
            inspection = mask.inspection(completion)
        elif admitted.policy.masks_added and admitted.seeded_check is None:
            # Not of a check: what is wrong with it must stay in it.
            completion, inspection = await self._reader.run(
                admitted.scope, tasks.mask, prepared.redacted, completion, **sent
            )
        else:
            inspection = await self._reader.run(
                admitted.scope, tasks.inspect, prepared.redacted, completion, **sent
            )
        tools, calls = self._passed_on(admitted, completion) if complete else ((), ())
        # A turn of an agent's run decides nothing, and its words are for the next turn.
        evidence = None if tools else await self._looked_up(prepared, completion, inspection.added)
        unsupported = 0 if evidence is None else len(evidence.doubtful)
        sentences = None if evidence is None else evidence.unsupported_sentences
        facts = AnswerFacts(
            inspection.text,
            sorted(inspection.entities),
            sorted(inspection.added),
            unsupported,
            sentences or 0,
        )
        caveats = await caveats_of(admitted.policy, admitted.facts(prepared.redacted), facts)
        return AnswerRecord(
            used=self.used(prepared, completion, source),
            attempts=[{"model": attempt.model, "outcome": attempt.outcome} for attempt in source.attempts],
            caveats=[{"id": caveat.id, "text": caveat.say} for caveat in caveats],
            entities=sorted(inspection.entities),
            added=inspection.added,
            complete=complete,
            shown_to=admitted.application.actor if admitted.review.gate == "use" else None,
            completion=completion,
            evidence=None if evidence is None else evidence.as_json(),
            unsupported_facts=unsupported,
            unsupported_sentences=sentences,
            tools=tools,
            calls=calls,
        )

    def used(
        self, prepared: PreparedRequest, completion: Mapping[str, Any], source: Completion | CompletionStream
    ) -> AnswerUsage:
        """The usage of the answer, or of its part that came; an estimate if the provider did not count."""
        counted = token_counts(completion.get("usage") or {})
        usage = counted or {
            "prompt_tokens": about_tokens(characters_of(prepared.outgoing)),
            "completion_tokens": about_tokens(sum(map(len, answer_texts(completion)))),
        }
        price = self._prices().get(source.model)
        return AnswerUsage(source.model, usage, not counted, None if price is None else price.cost(usage))

    async def _looked_up(
        self, prepared: PreparedRequest, completion: dict[str, Any], added: Mapping[str, Sequence[str]]
    ) -> Evidence | None:
        """The evidence, or None where it fails: an answer is not lost for that, unless its facts must be confirmed."""
        policy = prepared.admitted.policy
        try:
            compared = compared_texts(
                prepared.outgoing,
                policy.prompt_index(prepared.admitted.request["messages"]),
                prepared.restorer().completion(completion),
                prepared.redacted.issued,
                added,
            )
            if compared is None:
                return None
            return await self._reader.run(
                prepared.admitted.scope, tasks.compare, *compared, sentences=policy.compares_answers
            )
        except Exception as error:
            _log.error("evidence failed", error_type=type(error).__name__)
            if prepared.admitted.review.confirm_facts:
                raise
            return None

    def _passed_on(
        self, admitted: AdmittedRequest, completion: dict[str, Any]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The tools that the answer calls and the references of its calls, if it is passed on without a decision."""
        tools = tools_passed_on(admitted.request, completion, admitted.review.tools)
        ids = call_ids(completion) if tools else ()
        return tools, tuple(
            self._vault.reference("call", admitted.application.id, identifier) for identifier in ids
        )

    def mask_stream(self, prepared: PreparedRequest) -> StreamMask | None:
        """Masks a stream while it arrives; None where the policy does not ask for it."""
        policy = prepared.admitted.policy
        if not policy.masks_added:
            return None
        inspector = self._reader.redactor.inspector(
            prepared.redacted, prompt=policy.prompt_text, keep=policy.redaction.keep, hidden=True
        )
        return StreamMask(inspector, json_content=prepared.asks_for_json)


def added_personal_data(advice: str, types: Sequence[str]) -> GatewayError:
    """Why an answer is not shown under a policy that refuses what the model adds."""
    return GatewayError(
        "added_personal_data",
        f"The model's answer held personal data that you did not send ({', '.join(types)}), so it is not shown."
        " Ask again, or put all that the answer needs into the request; that it is refused is the policy's"
        " `redaction.added`.",
        types=types,
        advice=advice,
    )
