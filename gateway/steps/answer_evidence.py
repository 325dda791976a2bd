"""What an answer rests on, in the texts that its page shows.

Facts are looked up before the answer is recorded. A model compares its sentences at once with `gate: release` or if a
caveat counts them; otherwise when somebody opens the advice.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.evidence import Evidence, People, evidence_of, shipped_model
from gateway.redaction import Pseudonym, people_of
from gateway.steps.message_text import message_text, sent_texts

_MAX_COMPARED_LENGTH: Final = 400_000
"""Characters of request and answer: beyond that an answer would wait for seconds."""


def answer_evidence(
    sent: Mapping[str, Any],
    prompt_at: int | None,
    completion: Mapping[str, Any],
    issued: Sequence[Pseudonym],
    added: Mapping[str, Sequence[str]],
    *,
    sentences: bool,
) -> Evidence | None:
    """What the restored `completion` rests on of all that was `sent` but the policy's prompt; None of what is longer
    than is compared. `added`: what the answer holds that nobody sent, by type.
    """
    texts = [
        text
        for _, text in sent_texts(sent, prompt_at, {pseudonym.text: pseudonym.value for pseudonym in issued})
    ]
    answers = [message_text(choice["message"]) for choice in completion.get("choices") or ()]
    if sum(map(len, texts)) + sum(map(len, answers)) > _MAX_COMPARED_LENGTH:
        return None
    people = People(people_of(issued), tuple(added.get("PERSON", ())))
    return evidence_of(texts, answers, people, shipped_model() if sentences else None)
