"""The text of a notice: the number, the policy, the due time and the address; never a person."""

from collections.abc import Sequence
from typing import Any, Final

from gateway.notices.outbox import OUTCOMES, Kind, Notice, Outcome

_SAYS: Final[dict[Kind | Outcome, tuple[str, str]]] = {
    "new": (
        "{count} new piece of advice waits for a decision",
        "{count} new pieces of advice wait for a decision",
    ),
    "due": ("{count} piece of advice is due soon", "{count} pieces of advice are due soon"),
    "overdue": ("{count} piece of advice is overdue", "{count} pieces of advice are overdue"),
    "alert": ("{count} alert was raised", "{count} alerts were raised"),
    "concern": ("{count} concern was raised", "{count} concerns were raised"),
    "limit_approached": ("{count} limit is nearly used up", "{count} limits are nearly used up"),
    "limit_reached": ("{count} limit is used up", "{count} limits are used up"),
    "accepted": ("{count} piece of advice was accepted", "{count} pieces of advice were accepted"),
    "rejected": ("{count} piece of advice was rejected", "{count} pieces of advice were rejected"),
    "expired": ("{count} piece of advice expired", "{count} pieces of advice expired"),
}


_OF_LIMITS: Final = {"limit_approached": "limit.approached", "limit_reached": "limit.reached"}


def says(kind: Kind | Outcome, count: int) -> str:
    """In a few words."""
    singular, plural = _SAYS[kind]
    return (singular if count == 1 else plural).format(count=count)


def address_of(notice: Notice, base_url: str) -> str:
    """The page where it is seen to."""
    if notice.kind == "alert":
        return f"{base_url}/measures?policy={notice.policy}"
    if notice.kind in _OF_LIMITS:
        return f"{base_url}/usage?by=policy"
    if notice.kind == "concern":
        return f"{base_url}/concerns/{notice.subject}"
    if notice.kind in OUTCOMES:
        return f"{base_url}/v1/advice/{notice.subject}"
    return f"{base_url}/advice/{notice.subject}"


def letter(notices: Sequence[Notice], base_url: str) -> tuple[str, str]:
    """The subject and the text of one email about all of them."""
    groups: dict[tuple[Kind | Outcome, str], list[Notice]] = {}
    for notice in notices:
        groups.setdefault((notice.kind, notice.policy), []).append(notice)
    first = next(iter(groups))
    subject = says(first[0], sum(len(group) for key, group in groups.items() if key[0] == first[0]))
    lines = []
    for (kind, policy), group in groups.items():
        lines += [f"{says(kind, len(group))} ({policy}):", ""]
        for item in group:
            until = f" (decide by {item.decide_by})" if item.decide_by else ""
            lines.append(f"  {address_of(item, base_url)}{until}")
        lines.append("")
    lines.append("This message holds nothing about any person. Sign in to see what it is about.")
    return subject, "\n".join(lines) + "\n"


def payload(notice: Notice, base_url: str) -> dict[str, Any]:
    """The body of a webhook: its type, such as `advice.new`, `advice.accepted` or `alert.raised`, and what it is of."""
    kinds = {"alert": "alert.raised", "concern": "concern.raised", **_OF_LIMITS}
    data = {"id": notice.subject, "policy": notice.policy, "url": address_of(notice, base_url)}
    if notice.decide_by is not None:
        data["decide_by"] = notice.decide_by
    return {"type": kinds.get(notice.kind, f"advice.{notice.kind}"), "data": data}
