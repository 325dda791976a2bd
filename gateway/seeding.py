"""Mixing in a seeded check: how often, which, and how it is made to look like any other advice."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gateway.admission import Admitted
from gateway.calls import Matter
from gateway.cases import new_advice_id
from gateway.policy import Check
from gateway.providers import Attempt, Completion


class Seeding:
    """Draws when a check is due; without checks, never."""

    def __init__(self, checks: Mapping[str, Sequence[Check]]) -> None:
        self._checks = checks

    def due(self, admitted: Admitted) -> Check | None:
        """A check to mix in after this request, one time in `review.check_one_in`."""
        one_in = admitted.policy.review.check_one_in
        if one_in is None or secrets.randbelow(one_in):
            return None
        return secrets.choice(self._checks[admitted.policy.id])


def as_asked(check: Check, like: Admitted) -> Admitted:
    """The check's request, as if the same application had asked it, about nobody's case."""
    advice = new_advice_id()
    request: dict[str, Any] = {
        "model": like.policy.id,
        "messages": [{"role": "user", "content": check.ask}],
    }
    call = replace(like.call, body=request, headers={}, idempotency_key=None, wait=0.0)
    return Admitted(advice, like.application, None, like.policy, Matter(), advice, request, call, check=check)


def as_answered(check: Check, like: Admitted) -> Completion:
    """The check's answer, as the policy's first model would have given it."""
    model = like.policy.models[0]
    body = {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": check.answer}, "finish_reason": "stop"}
        ],
    }
    return Completion(body=body, model=model, attempts=(Attempt(model, "answered", 200, 0),))
