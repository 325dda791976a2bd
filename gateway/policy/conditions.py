"""CEL conditions: compiled and type-checked when a policy is loaded, and closed when they fail.

Names are declared with their types, so a misspelt one is found at load. Text is seen as people read it:
compatibility forms folded (NFKC), invisible characters gone, white space within a line as single spaces.
"""

import functools
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import structlog
from cel_expr_python import cel  # type: ignore[import-untyped]  # has a .pyi, but no py.typed

from gateway.policy.compared_sentences import asked_sentences, sentences_of
from gateway.policy.condition_words import MAX_LOOPS, depth_of_loops, explain, patterns_in, reason_of_failure
from gateway.policy.policy_errors import ConditionInvalid
from gateway.policy.requests import requests_in
from gateway.policy.vectors import Embeds, Vector

if TYPE_CHECKING:
    from gateway.policy.likeness import Likeness

_log = structlog.get_logger("countersign")


class NoSentenceModel(Exception):
    """Sentences can't be compared here."""


@dataclass(frozen=True)
class RequestFacts:
    """What a condition may know of a request, as it came, before redaction; `entities` are types, such
    as PERSON; `asked`: the sentences of its last user messages.
    """

    text: str
    entities: Sequence[str] = ()
    application: str = ""
    messages_count: int = 0
    asked: Sequence[str] = field(default=(), compare=False)
    embed: InitVar[Embeds | None] = None
    """Compares sentences; without it a rule that has to compare some counts as true."""

    def __post_init__(self, embed: Embeds | None) -> None:
        known: dict[str, Vector] = {}
        object.__setattr__(self, "_embed", embed)
        object.__setattr__(self, "_known", known)

    @cached_property
    def plain_text(self) -> str:
        """`text` as conditions see it."""
        return plain_text(self.text)

    @property
    def model(self) -> Embeds:
        """The sentence model; `NoSentenceModel` without one."""
        found: Embeds | None = self._embed  # type: ignore[attr-defined]  # set above: conditions know fields only
        if found is None:
            raise NoSentenceModel
        return found

    def vectors(self, sentences: Sequence[str]) -> list[tuple[str, Vector]]:
        """Each sentence with its vector, worked out once; `NoSentenceModel` without a model."""
        known: dict[str, Vector] = self._known  # type: ignore[attr-defined]  # set above
        for sentence in sentences:
            if sentence not in known:
                known[sentence] = self.model(sentence)
        return [(sentence, known[sentence]) for sentence in sentences]


@dataclass(frozen=True)
class AnswerFacts:
    """What a condition may know of an answer; `added`: types of personal data that the request did not
    have; the counts are those of docs/evidence.md.
    """

    text: str
    entities: Sequence[str] = ()
    added: Sequence[str] = ()
    unsupported_facts: int = 0
    unsupported_sentences: int = 0

    @cached_property
    def plain_text(self) -> str:
        """`text` as conditions see it."""
        return plain_text(self.text)


@dataclass(frozen=True)
class DecisionFacts:
    """What an alert may know of a policy's newest decisions; shares from 0 to 1, and NaN where there is none."""

    count: int = 0
    accepted: float = math.nan
    rejected: float = math.nan
    changed: float = math.nan
    hasty: float = math.nan
    late: float = math.nan
    unsupported_accepted: float = math.nan
    own_view_differs: float = math.nan
    agreement: float = math.nan
    switch: float = math.nan
    caught: float = math.nan


_TYPES: Final[Mapping[Any, Any]] = {
    str: cel.Type.STRING,
    int: cel.Type.INT,
    float: cel.Type.DOUBLE,
    Sequence[str]: cel.Type.List(cel.Type.STRING),
}
_EMPTY: Final = (RequestFacts(""), AnswerFacts(""))


class Condition:
    """One compiled expression over `request`, and `answer` where `of_answer`."""

    def __init__(self, expression: str, *, of_answer: bool) -> None:
        """Raises ConditionInvalid, with the remedy."""
        kinds: tuple[type, ...] = (RequestFacts, AnswerFacts) if of_answer else (RequestFacts,)
        self._expression = _compile(kinds, expression)
        _check(self._evaluate(*_EMPTY))

    def holds(self, request: RequestFacts, answer: AnswerFacts | None = None) -> bool:
        """Whether it is true. One that fails counts as true: the request is refused, the caveat attached."""
        try:
            value = self._evaluate(request, answer or _EMPTY[1])
        except Exception as error:  # noqa: BLE001 - whatever the library raises, nothing passes for it
            _log.error("a condition failed", error_type=type(error).__name__)
            return True
        return value.value() if value.type() == cel.Type.BOOL else True

    def _evaluate(self, request: RequestFacts, answer: AnswerFacts) -> Any:
        return self._expression.eval(data={**_names("request", request), **_names("answer", answer)})


class LikenessCondition:
    """Whether a sentence of what is asked, or of the answer, is like some examples; learns when first asked."""

    def __init__(
        self,
        like: Sequence[str],
        unlike: Sequence[str],
        others: Sequence[str] = (),
        refused: Sequence[str] = (),
        *,
        of_answer: bool,
    ) -> None:
        """`others`: what the policy's other rules let pass; this one learns from it as from ordinary sentences.
        `refused`: what they refuse, from which this one learns what all of them have in common.
        """
        self.like, self._unlike, self.others = tuple(like), tuple(unlike), tuple(others)
        self._refused, self._of_answer = tuple(refused), of_answer

    def holds(self, request: RequestFacts, answer: AnswerFacts | None = None) -> bool:
        """Whether one is. Where that can't be told, it counts as true, as a condition that fails does."""
        return self.margin(request, answer) >= 0

    def margin(self, request: RequestFacts, answer: AnswerFacts | None = None) -> float:
        """How clearly the likest sentence counts as like the examples; below 0 none does."""
        if self._of_answer:
            sentences = dict.fromkeys(sentences_of((answer or _EMPTY[1]).text), 0.0)
        else:
            sentences = requests_in(request.asked)
        if not sentences:
            return -math.inf
        try:
            found = request.vectors(list(sentences))
            rule = self.learnt(request.model)
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing passes for it
            _log.error("sentences can't be compared", error_type=type(error).__name__)
            return 0.0
        return max(rule.margin(sentence, vector) - sentences[sentence] for sentence, vector in found)

    def learnt(self, embed: Embeds | None) -> "Likeness":
        """The rule with its threshold; raises `NoSentenceModel` without a model."""
        if embed is None:
            raise NoSentenceModel
        from gateway.policy.likeness import learn  # with numpy, which checking a policy's file does not need

        return learn(self.like, self._unlike, self.others, embed, self._refused)


class AlertCondition:
    """One compiled expression over `decisions`; raises ConditionInvalid, with the remedy."""

    def __init__(self, expression: str) -> None:
        self._expression = _compile((DecisionFacts,), expression)
        _check(self._evaluate(DecisionFacts()))

    def holds(self, decisions: DecisionFacts) -> bool:
        """Whether it is true; comparisons with what there is none of (NaN) are not."""
        return self._evaluate(decisions).value() is True

    def _evaluate(self, decisions: DecisionFacts) -> Any:
        return self._expression.eval(data=_names("decisions", decisions))


def plain_text(text: str) -> str:
    """`text` as conditions see it."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def request_facts(
    request: Mapping[str, Any],
    entities: Sequence[str] = (),
    application: str = "",
    embed: Embeds | None = None,
    *,
    compared: bool = True,
) -> RequestFacts:
    """The facts of an OpenAI request as it came: the text of all its messages, tool calls' arguments
    included. `compared` is whether a rule compares its sentences; if none does, it is not cut into them.
    """
    messages = request.get("messages") or ()
    text = "\n".join(piece for message in messages for piece in _texts_of(message))
    asked = asked_sentences(messages) if compared else ()
    return RequestFacts(text, entities, application, len(messages), asked, embed)


def _texts_of(message: Any) -> list[str]:
    if not isinstance(message, Mapping):
        return []
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [part.get("text") or part.get("refusal") for part in parts if isinstance(part, Mapping)]
    calls = [
        call.get("function") or {} for call in message.get("tool_calls") or () if isinstance(call, Mapping)
    ]
    texts += [call.get("arguments") for call in [*calls, message.get("function_call") or {}]]
    return [text for text in texts if isinstance(text, str)]


_PREFIX: Final[Mapping[type, str]] = {
    RequestFacts: "request",
    AnswerFacts: "answer",
    DecisionFacts: "decisions",
}


@functools.cache
def _environment(kinds: tuple[type, ...]) -> Any:
    variables = {f"{_PREFIX[kind]}.{one.name}": _TYPES[one.type] for kind in kinds for one in fields(kind)}
    return cel.NewEnv(variables=variables)


def _names(prefix: str, facts: RequestFacts | AnswerFacts | DecisionFacts) -> dict[str, Any]:
    values = {one.name: getattr(facts, one.name) for one in fields(facts)}
    if not isinstance(facts, DecisionFacts):
        values["text"] = facts.plain_text
    return {
        f"{prefix}.{name}": list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
    }


def _compile(kinds: tuple[type, ...], expression: str) -> Any:
    deep = depth_of_loops(expression)
    if deep > MAX_LOOPS:
        raise ConditionInvalid(
            f"{deep} of all, exists, filter and map stand within each other, which takes too long; at most {MAX_LOOPS}"
        )
    try:
        compiled = _environment(kinds).compile(expression)
    except RuntimeError as error:
        known = [f"{_PREFIX[kind]}.{one.name}" for kind in kinds for one in fields(kind)]
        problem = explain(expression, str(error), known)
    else:
        if compiled.return_type() == cel.Type.BOOL:
            _check_patterns(kinds, expression)
            return compiled
        problem = "it is not true or false; compare it with something"
    raise ConditionInvalid(problem)


def _check_patterns(kinds: tuple[type, ...], expression: str) -> None:
    """Also of those that an empty request never comes to."""
    for pattern in patterns_in(expression):
        value = _environment(kinds).compile(f"''.matches({pattern})").eval(data={})
        if value.type() != cel.Type.BOOL:
            raise ConditionInvalid(f"the pattern {pattern} of `matches` can't be read; look at its brackets")


def _check(value: Any) -> None:
    if value.type() != cel.Type.BOOL:
        raise ConditionInvalid("it fails on an empty request: " + reason_of_failure(str(value.value())))
