"""Policies in force: immutable, with their conditions compiled and their prompt at hand."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gateway.policy.conditions import AnswerFacts, Condition, RequestFacts
from gateway.policy.schema import Limits, PolicyFile, PromptFile, Redaction, Retention, Review

EVERY_APPLICATION = "*"


@dataclass(frozen=True)
class Refusal:
    """Why a request is not served: the rule's id, and what the caller is told."""

    id: str
    text: str


@dataclass(frozen=True)
class Caveat:
    """A sentence that stands with the advice; `confirm`: the person confirms it with the decision."""

    id: str
    text: str
    confirm: bool


@dataclass(frozen=True)
class Prompt:
    """What is put in front of a request; `text` is sent, the rest is for people."""

    id: str
    title: str
    text: str

    @classmethod
    def of(cls, front: PromptFile, text: str) -> "Prompt":
        """From the two parts of a prompt's file."""
        return cls(front.id, front.title, text)


class Policy:
    """One use of AI, ready to apply. Attributes are those of the file; `version` names exactly this
    wording.
    """

    def __init__(self, definition: PolicyFile, prompt: Prompt) -> None:
        """Raises ConditionInvalid; `load_policies` finds that first, with its place."""
        self.definition = definition
        self.prompt = prompt
        self.version = _version(definition, prompt)
        self._refusals = tuple(
            (Refusal(rule.id, rule.say), Condition(rule.when, of_answer=False)) for rule in definition.refuse
        )
        self._caveats = tuple(
            (Caveat(rule.id, rule.say, rule.confirm), rule.when and Condition(rule.when, of_answer=True))
            for rule in definition.caveats
        )

    @property
    def id(self) -> str:
        """What callers name as `model`."""
        return self.definition.id

    @property
    def title(self) -> str:
        """For people."""
        return self.definition.title

    @property
    def models(self) -> tuple[str, ...]:
        """Names of routes, tried in order."""
        return self.definition.models

    @property
    def redaction(self) -> Redaction:
        """What the redaction leaves out."""
        return self.definition.redaction

    @property
    def review(self) -> Review:
        """Who decides, when and how."""
        return self.definition.review

    @property
    def retention(self) -> Retention:
        """How long sealed content is kept."""
        return self.definition.retention

    @property
    def limits(self) -> Limits:
        """What all callers may use together."""
        return self.definition.limits

    @property
    def caveats_inline(self) -> bool:
        """Whether caveats also stand in the answer's text."""
        return self.definition.caveats_inline

    def allows(self, application: str) -> bool:
        """Whether the application may use it."""
        return (
            application in self.definition.applications or EVERY_APPLICATION in self.definition.applications
        )

    def refusal(self, request: RequestFacts) -> Refusal | None:
        """The first rule that refuses the request; a rule that fails refuses."""
        return next((refusal for refusal, condition in self._refusals if condition.holds(request)), None)

    def caveats_for(self, request: RequestFacts, answer: AnswerFacts) -> tuple[Caveat, ...]:
        """The caveats of this advice, in the file's order; a condition that fails attaches its caveat."""
        return tuple(
            caveat for caveat, condition in self._caveats if not condition or condition.holds(request, answer)
        )

    def compose(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The request with the policy's prompt in front; the caller's own system messages stay after it."""
        return {
            **request,
            "messages": [{"role": "system", "content": self.prompt.text}, *request["messages"]],
        }


class PolicySet(Mapping[str, Policy]):
    """The policies in force, by id. Never changed: a reload makes another one."""

    def __init__(self, policies: Mapping[str, Policy]) -> None:
        self._policies = MappingProxyType(dict(sorted(policies.items())))

    def __getitem__(self, policy_id: str) -> Policy:
        return self._policies[policy_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __len__(self) -> int:
        return len(self._policies)


def _version(definition: PolicyFile, prompt: Prompt) -> str:
    """SHA-256 of the canonical JSON (sorted names, ASCII, no spaces) of all fields, defaults too, and
    the prompt.
    """
    whole = {"policy": definition.model_dump(mode="json"), "prompt": prompt.text}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
