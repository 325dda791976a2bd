"""The records of a request before it leaves and of its answer: the members of their events, and the content sealed
with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.advice.state import Review
from gateway.advice.usage_projection import AnswerUsage
from gateway.advice.word_counts import answer_texts, count_words

_CHARACTERS: Final = 3
_MAX_TOKENS: Final = 10**12  # what a provider says is not trusted to fit an event


@dataclass(frozen=True)
class Claim:
    """By what the same request again is known: see `request_claims.py`.

    Where it is by the body, `body` is empty, and `seconds` says how long it counts after the answer, by the advice's
    gate.
    """

    application: str
    key_hash: str
    body: bytes = field(default=b"", repr=False)
    seconds: Mapping[str, float] | None = None

    @property
    def by_key(self) -> bool:
        """Whether the application's own `Idempotency-Key` makes it, and it counts as long as there is its advice."""
        return self.seconds is None


@dataclass(frozen=True)
class RequestRecord:
    """A request that is about to leave: what the event says, and what is sealed with it."""

    advice: str
    actor: str
    application: str
    policy: Mapping[str, str]
    review: Review
    retention: Mapping[str, int]
    redactions: Mapping[str, int]
    scope: str
    case_given: bool
    requester: str | None
    sealed: Mapping[str, Any]
    pseudonyms: Sequence[tuple[str, str, str]] = ()
    claim: Claim | None = None
    seeded_check: str | None = None
    missed: int = 0
    continues: str | None = None
    """`retention`: seconds; `sealed`: JSON content by kind; `claim`: by which the same request again is known;
    `seeded_check`: its id, of one; `missed`: how many reported values of the case it was redacted with; `continues`:
    the advice whose tool calls it gives the results of."""


@dataclass(frozen=True)
class AnswerRecord:
    """An answer: what the event says, and what is sealed with it."""

    used: AnswerUsage
    attempts: Sequence[Mapping[str, Any]]
    caveats: Sequence[Mapping[str, str]]
    entities: Sequence[str]
    added: Mapping[str, Sequence[str]] = field(repr=False)
    complete: bool
    shown_to: str | None
    completion: Mapping[str, Any] = field(repr=False)
    tools: Sequence[str] = ()
    """The tools that it calls, where it is passed on without a decision."""
    evidence: Mapping[str, Any] | None = field(default=None, repr=False)
    """What it rests on; None where that was not worked out."""
    unsupported_facts: int = 0
    unsupported_sentences: int | None = None
    """None where they were not compared."""
    calls: Sequence[str] = ()
    """References of those calls: the same id of the same application has the same."""

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return sum(count_words(text) for text in answer_texts(self.completion))


def about_tokens(characters: int) -> int:
    """Rather too many than too few: a token of English has four characters, of other languages fewer."""
    return -(-characters // _CHARACTERS)


def token_counts(usage: Mapping[str, Any]) -> dict[str, int]:
    """The token counts of the provider, as far as they are plausible."""
    return {
        name: usage[name]
        for name in ("prompt_tokens", "completion_tokens")
        if isinstance(usage.get(name), int) and 0 <= usage[name] < _MAX_TOKENS
    }
