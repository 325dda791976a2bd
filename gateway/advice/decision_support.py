"""What a caller gets beside the model's own words: `decision_support`, and the text of a receipt."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.advice.held_tool_calls import changed_calls
from gateway.advice.state import Advice

CAVEATS_HEADING = "Before you rely on this:"


def decision_support(advice: Advice, base_url: str) -> dict[str, Any]:
    """The object of design.md, "The API"."""
    return {
        "advice_id": advice.id,
        "status": advice.status,
        "gate": advice.review.gate,
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "caveats": [dict(caveat) for caveat in advice.caveats],
        "redactions": advice.redactions,
        "review_url": review_url(advice.id, base_url),
        "decide_by": advice.decide_by,
    }


def review_url(advice: str, base_url: str) -> str:
    """The page on which a person decides."""
    return f"{base_url}/advice/{advice}"


def receipt(advice: Advice, answer: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """An ordinary completion that says where the held advice waits; it holds nothing of the answer itself."""
    deciders = advice.review.deciders
    accepted = "a reviewer accepts" if deciders == 1 else f"{deciders} reviewers accept"
    text = (
        f"This advice is held until {accepted} it. Its number is {advice.id}; "
        f"it waits at {review_url(advice.id, base_url)} until {advice.decide_by}."
    )
    return {
        "id": answer.get("id", advice.id),
        "object": "chat.completion",
        "created": answer.get("created", 0),
        "model": advice.policy,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": answer.get("usage"),
    }


def amended(answer: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The completion as a person changed it: one choice with their words, or with its tool calls changed."""
    first = answer["choices"][0] if answer.get("choices") else {}
    if first.get("message", {}).get("tool_calls"):
        return {**answer, "choices": [{**first, "message": changed_calls(first["message"], text)}]}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {**answer, "choices": [choice]}


def caveats_text(caveats: Sequence[Mapping[str, str]]) -> str:
    """The caveats as a paragraph to stand under the answer, for policies with inline caveats."""
    return "\n\n".join(["", CAVEATS_HEADING, "\n".join(f"- {caveat['text']}" for caveat in caveats)])


def with_inline_caveats(
    completion: Mapping[str, Any], caveats: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """The completion with its caveats under each choice's text; choices without text stay as they are."""
    if not caveats:
        return dict(completion)
    choices = []
    for choice in completion["choices"]:
        message = choice["message"]
        if isinstance(message.get("content"), str):
            message = {**message, "content": message["content"] + caveats_text(caveats)}
        choices.append({**choice, "message": message})
    return {**completion, "choices": choices}
