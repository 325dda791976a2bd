"""What a notice says: how many, of which policy, until when and where; never about whom."""

from collections.abc import Sequence
from typing import Any, Final

from gateway.notices.outbox import Kind, Notice

_SAYS: Final[dict[Kind, tuple[str, str]]] = {
    "new": (
        "{count} new piece of advice waits for a decision",
        "{count} new pieces of advice wait for a decision",
    ),
    "due": ("{count} piece of advice is due soon", "{count} pieces of advice are due soon"),
    "overdue": ("{count} piece of advice is overdue", "{count} pieces of advice are overdue"),
    "alert": ("{count} alert was raised", "{count} alerts were raised"),
    "concern": ("{count} concern was raised", "{count} concerns were raised"),
}


def says(kind: Kind, count: int) -> str:
    """In a few words."""
    one, more = _SAYS[kind]
    return (one if count == 1 else more).format(count=count)


def address_of(notice: Notice, base_url: str) -> str:
    """The page where it is seen to."""
    if notice.kind == "alert":
        return f"{base_url}/measures?policy={notice.policy}"
    if notice.kind == "concern":
        return f"{base_url}/concerns/{notice.subject}"
    return f"{base_url}/advice/{notice.subject}"


def letter(notices: Sequence[Notice], base_url: str) -> tuple[str, str]:
    """The subject and the text of one email about all of them."""
    groups: dict[tuple[Kind, str], list[Notice]] = {}
    for one in notices:
        groups.setdefault((one.kind, one.policy), []).append(one)
    first = next(iter(groups))
    subject = says(first[0], sum(len(group) for key, group in groups.items() if key[0] == first[0]))
    lines = []
    for (kind, policy), group in groups.items():
        lines += [f"{says(kind, len(group))} ({policy}):", ""]
        for one in group:
            until = f" (decide by {one.decide_by})" if one.decide_by else ""
            lines.append(f"  {address_of(one, base_url)}{until}")
        lines.append("")
    lines.append("This message holds nothing about any person. Sign in to see what it is about.")
    return subject, "\n".join(lines) + "\n"


def payload(notice: Notice, base_url: str) -> dict[str, Any]:
    """The body of a webhook: `advice.new`, `advice.due`, `advice.overdue`, `alert.raised` or `concern.raised`."""
    kinds = {"alert": "alert.raised", "concern": "concern.raised"}
    data = {"id": notice.subject, "policy": notice.policy, "url": address_of(notice, base_url)}
    if notice.decide_by is not None:
        data["decide_by"] = notice.decide_by
    return {"type": kinds.get(notice.kind, f"advice.{notice.kind}"), "data": data}
