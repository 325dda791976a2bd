"""Policies in force: immutable, with their conditions compiled and their prompt at hand."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Self

from pydantic import PrivateAttr

from gateway.policy.conditions import AlertCondition, AnswerFacts, Condition, LikenessCondition, RequestFacts
from gateway.policy.limits import Limits
from gateway.policy.schema import Alert, Caveat, PolicyFile, PromptFile, Refusal

Conditions = tuple[Condition | LikenessCondition, ...]
"""Any of them will do."""

EVERY_APPLICATION: Final = "*"


@dataclass(frozen=True)
class Prompt:
    """What is put in front of a request; `text` is sent, the rest is for people."""

    id: str
    title: str
    text: str
    source: bytes = b""
    """Its file as it is written."""

    @classmethod
    def of(cls, front: PromptFile, text: str, source: bytes = b"") -> "Prompt":
        """From the two parts of a prompt's file."""
        return cls(front.id, front.title, text, source)


_SYSTEM: Final = frozenset(["system", "developer"])


class Policy(PolicyFile):
    """One use of AI, ready to apply: the fields of its file, with its conditions compiled and its prompt
    at hand.
    """

    _wording: Prompt | None = PrivateAttr()
    _version: str = PrivateAttr()
    _words: bytes = PrivateAttr()
    _sources: Mapping[str, bytes] = PrivateAttr()
    _declared: tuple[str | Mapping[str, Any], ...] = PrivateAttr()
    _refuses: tuple[tuple[Refusal, Conditions], ...] = PrivateAttr()
    _alerts_when: tuple[tuple[Alert, AlertCondition], ...] = PrivateAttr()
    _attaches: tuple[tuple[Caveat, Conditions], ...] = PrivateAttr()

    @classmethod
    def of(
        cls,
        definition: PolicyFile,
        prompt: Prompt | None = None,
        tools: Sequence[Mapping[str, Any]] | None = None,
        sources: Mapping[str, bytes] | None = None,
    ) -> Self:
        """Raises ConditionInvalid; `load_policies` finds that first, with its place. `tools`: what its file has;
        `sources`: its files as they are written, by what they are to it.
        """
        policy = cls.model_construct(**{name: getattr(definition, name) for name in PolicyFile.model_fields})
        policy._wording = prompt
        policy._words = _words(definition, prompt, tools)
        policy._version = hashlib.sha256(policy._words).hexdigest()
        policy._sources = MappingProxyType(dict(sources or {}))
        names = definition.tools if isinstance(definition.tools, tuple) else ()
        policy._declared = (*names, *(tools or ()))
        policy._refuses = tuple(
            (rule, _refusal_conditions(rule, [one for one in definition.refuse if one.id != rule.id]))
            for rule in definition.refuse
        )
        policy._attaches = tuple((rule, _caveat_conditions(rule)) for rule in definition.caveats)
        policy._alerts_when = tuple((rule, AlertCondition(rule.when)) for rule in definition.alerts)
        return policy

    @property
    def version(self) -> str:
        """64 hex digits that name exactly this wording of the policy and its prompt."""
        return self._version

    @property
    def words(self) -> bytes:
        """What the version is the SHA-256 of: canonical JSON of all fields, the prompt and the tools."""
        return self._words

    @property
    def sources(self) -> Mapping[str, bytes]:
        """Its files as they are written: `policy`, `prompt`, `tools`."""
        return self._sources

    @property
    def prompt_text(self) -> str:
        """The words of the prompt that `prompt` names; empty without one."""
        return "" if self._wording is None else self._wording.text

    def allows(self, application: str) -> bool:
        """Whether the application may use it."""
        return application in self.applications or EVERY_APPLICATION in self.applications

    def refusal(self, request: RequestFacts) -> Refusal | None:
        """The rule that refuses the request: of exact ones the first in the file, else the one whose examples it is
        most like. A rule that fails refuses.
        """
        likest: tuple[float, Refusal | None] = (0.0, None)
        for rule, conditions in self._refuses:
            for one in conditions:
                if isinstance(one, Condition):
                    if one.holds(request):
                        return rule
                elif (margin := one.margin(request)) >= 0 and (likest[1] is None or margin > likest[0]):
                    likest = (margin, rule)
        return likest[1]

    def caveats_for(self, request: RequestFacts, answer: AnswerFacts) -> tuple[Caveat, ...]:
        """The caveats of this advice, in the file's order; a condition that fails attaches its caveat."""
        return tuple(
            caveat
            for caveat, conditions in self._attaches
            if caveat.always or any(one.holds(request, answer) for one in conditions)
        )

    @cached_property
    def compares(self) -> bool:
        """Whether sentences are compared with examples, which takes milliseconds for each: not on the event loop."""
        return bool(self.likenesses)

    @cached_property
    def counts_sentences(self) -> bool:
        """Whether a caveat counts the sentences of an answer that rest on nothing."""
        return any("unsupported_sentences" in (caveat.when or "") for caveat, _ in self._attaches)

    @property
    def compares_answers(self) -> bool:
        """Whether the sentences of an answer are compared with what was sent before it is shown. If nobody decides on
        it first and no caveat counts them, that waits until somebody opens the advice.
        """
        return self.review.gate == "release" or self.counts_sentences

    @property
    def likenesses(self) -> dict[str, LikenessCondition]:
        """The rules that are given by examples, such as `refuse.no-sentencing`."""
        named = [(f"refuse.{rule.id}", conditions) for rule, conditions in self._refuses]
        named += [(f"caveats.{caveat.id}", conditions) for caveat, conditions in self._attaches]
        return {
            name: one
            for name, conditions in named
            for one in conditions
            if isinstance(one, LikenessCondition)
        }

    @property
    def watches(self) -> tuple[tuple[Alert, AlertCondition], ...]:
        """Its alerts, each with its condition."""
        return self._alerts_when

    def caveats_on(self, line: str, added: Collection[str]) -> tuple[Caveat, ...]:
        """The caveats whose condition this line of an answer meets alone, so that they are about it.

        `added`: types of personal data in the line that nobody had sent. What a condition says of a request is not
        known here, and a caveat that an empty answer meets is about none of its lines.
        """
        facts, nothing = AnswerFacts(line, sorted(added), sorted(added)), AnswerFacts("")
        request = RequestFacts("")
        return tuple(
            caveat
            for caveat, conditions in self._attaches
            if any(
                isinstance(one, Condition) and one.holds(request, facts) and not one.holds(request, nothing)
                for one in conditions
            )
        )

    @property
    def declared_tools(self) -> tuple[str | Mapping[str, Any], ...]:
        """Its tools: by name, or as its file of tools defines them."""
        return self._declared

    @property
    def masks_added(self) -> bool:
        """Whether what a model adds is replaced before anybody sees it."""
        return self.redaction.added == "mask"

    @property
    def refuses_added(self) -> bool:
        """Whether an answer must be inspected before any of it is shown."""
        return self.redaction.added == "refuse"

    def refused_added(self, added: Collection[str]) -> list[str]:
        """The types of personal data in an answer for which it is refused; `added` are those that it adds."""
        if not self.refuses_added:
            return []
        types = self.redaction.refuse_added
        return sorted(entity for entity in added if not types or entity in types)

    def compose(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The request with the policy's prompt in its place, if it has one."""
        messages, place = list(request["messages"]), self.prompt_index(request["messages"])
        if place is not None:
            messages.insert(place, {"role": "system", "content": self.prompt_text})
        return {**request, "messages": messages}

    def prompt_index(self, messages: Sequence[Any]) -> int | None:
        """Which message of what is sent the prompt is; None without one."""
        if self._wording is None:
            return None
        if self.prompt_place == "before":
            return 0
        own = (isinstance(one, Mapping) and one.get("role") in _SYSTEM for one in messages)
        return next((place for place, is_own in enumerate(own) if not is_own), len(messages))


class PolicySet:
    """The policies in force, in the order of their ids. Never changed: a reload makes another one."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._policies = MappingProxyType(
            {policy.id: policy for policy in sorted(policies, key=lambda one: one.id)}
        )

    def get(self, policy_id: str) -> Policy | None:
        """The policy, or None if none of that id is in force."""
        return self._policies.get(policy_id)

    @property
    def ids(self) -> tuple[str, ...]:
        """What callers may name as `model`."""
        return tuple(self._policies)

    def __iter__(self) -> Iterator[Policy]:
        return iter(self._policies.values())

    def __len__(self) -> int:
        return len(self._policies)


_NEWER: Final = ("like", "unlike", "when_like", "when_unlike")


def _refusal_conditions(rule: Refusal, others: Sequence[Refusal]) -> Conditions:
    passing = [text for one in others for text in one.unlike]
    refused = [text for one in others for text in one.like]
    return (
        *(() if rule.when is None else (Condition(rule.when, of_answer=False),)),
        *(
            (LikenessCondition(rule.like, rule.unlike, passing, refused, of_answer=False),)
            if rule.like
            else ()
        ),
    )


def _caveat_conditions(rule: Caveat) -> Conditions:
    return (
        *(() if rule.when is None else (Condition(rule.when, of_answer=True),)),
        *((LikenessCondition(rule.when_like, rule.when_unlike, of_answer=True),) if rule.when_like else ()),
    )


def policy_of_words(words: bytes, sources: Mapping[str, bytes] | None = None) -> Policy:
    """The policy whose `words` these are; raises ValueError where this release can't read them any more."""
    whole = json.loads(words)
    definition = PolicyFile.model_validate(whole["policy"])
    text = whole["prompt"]
    prompt = None if text is None else Prompt(definition.prompt or definition.id, definition.title, text)
    return Policy.of(definition, prompt, whole.get("tools"), sources)


def _words(definition: PolicyFile, prompt: Prompt | None, tools: Sequence[Mapping[str, Any]] | None) -> bytes:
    """Canonical JSON (sorted names, ASCII, no spaces) of all fields, defaults too, the prompt, and what a file of tools
    has.
    """
    fields = definition.model_dump(mode="json")
    # A policy that has none of these keeps the version that it had before there were any.
    for name in ("embeddings", "transcriptions", "residency", "pilot", "scale"):
        if getattr(definition, name) is None:
            del fields[name]
    if not definition.scan.people:
        del fields["scan"]
    fields["limits"] = _limits(definition.limits)
    for rule in (*fields["refuse"], *fields["caveats"]):
        for name in _NEWER:
            if not rule.get(name, True):
                del rule[name]
    whole: dict[str, Any] = {"policy": fields, "prompt": None if prompt is None else prompt.text}
    if tools is not None:
        whole["tools"] = list(tools)
    return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()


def _limits(limits: Limits) -> dict[str, Any]:
    """Without what has its default and came later than the first versions."""
    changed = limits.model_dump(mode="json", exclude_defaults=True)
    first = {name: getattr(limits, name) for name in ("requests_per_minute", "tokens_per_day")}
    return {**changed, **first}
