"""Seeded checks: how often, which, when, and how one is made to look like any other advice.

A check takes its looks from the request that it comes after, a while later: the same application and requester, a case
of its own where that one had a case, the same settings, an answer of the same shape from the same model that took as
long and used as many tokens as its length suggests. It takes nothing of what was asked or answered.

A check with `plant` has a good answer. Each time, one of its facts that is also in the question is made wrong.
"""

import random
import re
import secrets
import string
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from gateway.advice import answer_texts, new_advice_id, scope_of
from gateway.evidence import plant
from gateway.identity import Application, Person
from gateway.policy import Policy, SeededCheck
from gateway.providers import Attempt, Completion
from gateway.steps.admission import AdmittedRequest
from gateway.steps.calls import Call, CaseContext
from gateway.steps.prepared_request import PreparedRequest
from gateway.storage import Vault

_chance: Final = secrets.SystemRandom()
_OWN: Final = ("model", "messages")
_MAX_LABEL_LENGTH: Final = 100
_ID_PREFIX: Final = re.compile(r"[A-Za-z]+[-_]")
_CASE_PARTS: Final = re.compile(r"[A-Za-z]+|[^A-Za-z]+")
_CASE_LABEL: Final = re.compile(r"[A-Z]{1,4}")
_STEADY_CHARACTERS: Final = 100
"""So much of an answer's time does not depend on its length."""


@dataclass(frozen=True)
class CheckDisguise:
    """What a check takes from a request and its answer; none of their words."""

    application: Application
    requester: Person | None
    policy: Policy
    case_like: str | None
    settings: Mapping[str, Any]
    in_parts: bool
    request_characters: int
    answer_characters: int
    """`case_like`: a made-up reference of the same form as its case's; `request_characters` and
    `answer_characters`: their length."""
    body: Mapping[str, Any]
    model: str
    attempts: tuple[Attempt, ...]
    seconds: float

    @classmethod
    def of(cls, like: PreparedRequest, completion: Completion, seconds: float) -> "CheckDisguise | None":
        """None where the answer has no words to take the place of."""
        answered = sum(map(len, answer_texts(completion.body)))
        if not answered:
            return None
        admitted = like.admitted
        return cls(
            application=admitted.application,
            requester=admitted.requester,
            policy=admitted.policy,
            case_like=_other_case(admitted.context.case),
            settings=_settings(admitted.request),
            in_parts=isinstance(admitted.request["messages"][-1].get("content"), list),
            request_characters=_length(like.outgoing),
            answer_characters=answered,
            body=_shape(completion.body),
            model=completion.model,
            attempts=completion.attempts,
            seconds=seconds,
        )


@dataclass(frozen=True)
class ScheduledCheck:
    """A check that is to be mixed in after so many seconds."""

    check: SeededCheck
    disguise: CheckDisguise
    after: float

    def admitted_request(self, vault: Vault) -> AdmittedRequest:
        """Its request, as if the same application had asked it for the same person, in a case that nobody has."""
        disguise, advice = self.disguise, new_advice_id()
        context = CaseContext(case=None if disguise.case_like is None else secrets.token_hex(16))
        request = {
            **disguise.settings,
            "model": disguise.policy.id,
            "messages": [self._message(role, text) for role, text in self.check.turns],
        }
        return AdmittedRequest(
            advice=advice,
            application=disguise.application,
            requester=disguise.requester,
            policy=disguise.policy,
            context=context,
            scope=scope_of(vault, disguise.application.id, context.case, advice),
            request=request,
            call=Call(disguise.application, request, {}),
            seeded_check=self.check,
            made_up_case=disguise.case_like,
        )

    @property
    def answer_seconds(self) -> float:
        """How long the model would have taken."""
        share = (len(self.check.answer) + _STEADY_CHARACTERS) / (
            self.disguise.answer_characters + _STEADY_CHARACTERS
        )
        return self.disguise.seconds * share * _chance.uniform(0.8, 1.25)

    def completion(self, prepared: PreparedRequest) -> Completion:
        """Its answer, as that model would have given it."""
        disguise = self.disguise
        first = disguise.body["choices"][0]
        message = {**first["message"], "role": "assistant", "content": self.check.answer}
        body = {
            **disguise.body,
            "id": _fresh_id(disguise.body.get("id")),
            "object": "chat.completion",
            "created": int(time.time()),
            "choices": [{**first, "message": message, "finish_reason": "stop"}],
        }
        if isinstance(disguise.body.get("usage"), Mapping):
            body["usage"] = _usage(
                disguise.body["usage"],
                _length(prepared.outgoing) / disguise.request_characters,
                len(self.check.answer) / disguise.answer_characters,
            )
        return Completion(body=body, model=disguise.model, attempts=disguise.attempts)

    def _message(self, role: str, text: str) -> dict[str, Any]:
        in_parts = self.disguise.in_parts and role == "user"
        return {"role": role, "content": [{"type": "text", "text": text}] if in_parts else text}


class SeededCheckSchedule:
    """Draws when a check is due; without checks, never."""

    def __init__(self, checks: Mapping[str, Sequence[SeededCheck]], within_minutes: float) -> None:
        self._checks = checks
        self._within = within_minutes * 60

    def due(self, like: PreparedRequest, completion: Completion, seconds: float) -> ScheduledCheck | None:
        """A check to mix in after this request, one time in `review.check_one_in`; `seconds` is what it took."""
        policy = like.admitted.policy
        checks, one_in = self._checks.get(policy.id), policy.review.check_one_in
        if not checks or one_in is None or secrets.randbelow(one_in):
            return None
        disguise = CheckDisguise.of(like, completion, seconds)
        return (
            None
            if disguise is None
            else ScheduledCheck(
                with_fault(_chance.choice(checks)), disguise, _chance.uniform(0, self._within)
            )
        )


def with_fault(check: SeededCheck, draw: random.Random = _chance) -> SeededCheck:
    """The check as it is mixed in: of a good answer, with one fact made wrong; `ValueError` if none can be."""
    if not check.plant:
        return check
    planted = plant([text for _, text in check.turns], check.answer, check.plant, draw)
    if planted is None:
        raise ValueError("none of its facts can be made wrong")
    return check.made_wrong(planted.answer, right=planted.right, wrong=planted.wrong, kind=planted.kind)


def _other_case(reference: str | None) -> str | None:
    """A reference of the same form: other digits, and other letters but for a short run of capitals (`DEMO-17`).

    A longer word may be somebody's name, and nothing of a case may stay where another case is erased.
    """
    if reference is None:
        return None
    return "".join(
        part if _CASE_LABEL.fullmatch(part) else "".join(map(_other_character, part))
        for part in _CASE_PARTS.findall(reference)
    )


def _other_character(character: str) -> str:
    if character.isdecimal():
        return _chance.choice(string.digits)
    if not character.isalpha():
        return character if character.isascii() else "-"
    letter = _chance.choice(string.ascii_lowercase)
    return letter.upper() if character.isupper() else letter


def _settings(request: Mapping[str, Any]) -> dict[str, Any]:
    """Temperature and the like: what can hold no word of anybody's; in the order in which it came."""
    return {
        name: None if name in _OWN else value
        for name, value in request.items()
        if name in _OWN or (isinstance(value, int | float) and name != "n")
    }


def _shape(body: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without its words."""
    first = body["choices"][0]
    message = {name: value for name, value in (first.get("message") or {}).items() if not value}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    choice |= {name: None for name in first if name not in choice}
    usage = {"usage": body["usage"]} if "usage" in body else {}
    return {name: value for name, value in body.items() if _is_label(value)} | usage | {"choices": [choice]}


def _is_label(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _MAX_LABEL_LENGTH
    return not value or isinstance(value, int | float)


def _length(request: Mapping[str, Any]) -> int:
    return len(orjson.dumps(request["messages"]).decode())


def _usage(original: Mapping[str, Any], prompt_share: float, answer_share: float) -> dict[str, Any]:
    """Tokens for texts that are longer by these shares."""
    usage = {
        name: _scaled(value, prompt_share if name.startswith("prompt") else answer_share)
        for name, value in original.items()
    }
    parts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if "total_tokens" in usage and all(isinstance(part, int) for part in parts):
        usage["total_tokens"] = sum(parts)
    return usage


def _scaled(value: Any, share: float) -> Any:
    if isinstance(value, Mapping):
        return {name: _scaled(part, share) for name, part in value.items()}
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return max(1, round(value * share))
    return value


def _fresh_id(like: object) -> str:
    """Another id of the same form."""
    if not isinstance(like, str) or not like:
        return f"chatcmpl-{secrets.token_hex(12)}"
    prefix = _ID_PREFIX.match(like)
    start = prefix.end() if prefix else 0
    characters = [char for char in like[start:] if char.isalnum()]
    hexadecimal = all(character in "0123456789abcdef" for character in characters)
    among = "0123456789abcdef" if hexadecimal else string.ascii_letters + string.digits
    return like[:start] + "".join(secrets.choice(among) if char.isalnum() else char for char in like[start:])
