"""What an answer rests on, in the texts that its page shows.

Facts are looked up before the answer is recorded. A model compares its sentences at once with `gate: release` or if a
caveat counts them; otherwise when somebody opens the advice.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.evidence import People
from gateway.redaction import Pseudonym, people_of
from gateway.steps.message_text import message_text, sent_texts

_MAX_COMPARED_LENGTH: Final = 400_000
"""Characters of request and answer: beyond that an answer would wait for seconds."""


def compared_texts(
    sent: Mapping[str, Any],
    prompt_at: int | None,
    completion: Mapping[str, Any],
    issued: Sequence[Pseudonym],
    added: Mapping[str, Sequence[str]],
) -> tuple[list[str], list[str], People] | None:
    """All that was `sent` but the policy's prompt, the texts of the restored `completion`, and who is in them.

    None of what is longer than is compared. `added`: what the answer holds that nobody sent, by type.
    """
    texts = [
        text
        for _, text in sent_texts(sent, prompt_at, {pseudonym.text: pseudonym.value for pseudonym in issued})
    ]
    answers = [message_text(choice["message"]) for choice in completion.get("choices") or ()]
    if sum(map(len, texts)) + sum(map(len, answers)) > _MAX_COMPARED_LENGTH:
        return None
    return texts, answers, People(people_of(issued), tuple(added.get("PERSON", ())))
