"""For the person whose case it is: each time AI was used in it, for what, what a human decided, and how to contest it.

What articles 15 and 22C of the UK GDPR ask for, in plain English. It is made of the record alone: nothing of what was
asked or answered stands in it, and nothing about anybody else.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select

from gateway.advice import Advice, RecordedDecision, decisions_on
from gateway.errors import GatewayError
from gateway.oversight.pdf import Block, as_pdf
from gateway.policy import PolicySet
from gateway.storage import Connection, Statement, tables

_TITLE = "How AI was used in your case"
_of_case = Statement(
    select(tables.advice)
    .where(
        tables.advice.c.scope == bindparam("scope"),
        ~exists().where(tables.checks.c.advice == tables.advice.c.id),  # nobody's case, once that may be told
    )
    .order_by(tables.advice.c.requested_at, tables.advice.c.id)
)


def statement(connection: Connection, policies: PolicySet, scope: str) -> list[Block]:
    """The statement on a case, by how the record knows it; a 404 `GatewayError` where nothing was asked in it."""
    rows = [Advice.from_row(row) for row in _of_case.all(connection, scope=scope)]
    if not rows:
        raise GatewayError("unknown_case", "Nothing was asked in this case by this application; check both.")
    blocks: list[Block] = [("title", _TITLE), *_introduction(len(rows))]
    for number, advice in enumerate(rows, 1):
        blocks += _use(number, advice, decisions_on(connection, advice.id), policies)
    return [*blocks, *_rights({advice.policy for advice in rows}, policies)]


def as_markdown(blocks: Sequence[Block]) -> str:
    """The same as Markdown."""
    marks = {"title": "# ", "heading": "## ", "text": "", "note": ""}
    return "\n\n".join(f"{marks[kind]}{text}" for kind, text in blocks) + "\n"


def statement_pdf(blocks: Sequence[Block]) -> bytes:
    """The same as a document to print."""
    return as_pdf(_TITLE, blocks)


def _introduction(count: int) -> list[Block]:
    times = "once" if count == 1 else f"{count} times"
    return [
        (
            "text",
            f"AI was asked for advice {times} in your case. It never decided anything: each time a person had to look"
            " at the advice and say whether to use it, before or soon after it was seen. Names and numbers"
            " that we recognised as personal were replaced by labels before anything was sent to the AI.",
        ),
        ("text", "This is a list of each time, what it was for and what a person decided."),
    ]


def _use(
    number: int, advice: Advice, decisions: Sequence[RecordedDecision], policies: PolicySet
) -> list[Block]:
    policy = policies.get(advice.policy)
    title = advice.policy.replace("-", " ").capitalize() if policy is None else policy.title
    purpose = [] if policy is None else [("text", f"What it is for: {policy.purpose}")]
    blocks: list[Block] = [("heading", f"{number}. {_day(advice.requested_at)}: {title}")]
    blocks += [("text", text) for _, text in purpose]
    blocks.append(("text", f"What a person decided: {_outcome(advice, decisions)}"))
    if advice.erased_at is not None:
        blocks.append(
            (
                "text",
                f"What was asked and answered was erased on {_day(advice.erased_at)}."
                " That it happened is still on record.",
            )
        )
    blocks.append(("note", f"Reference: {advice.id}"))
    return blocks


def _outcome(advice: Advice, decisions: Sequence[RecordedDecision]) -> str:
    if advice.status == "failed":
        return "nothing. The AI gave no answer, or it could not be used."
    if advice.status == "expired":
        return "nothing, in the time that there was. So the advice was not used."
    if advice.status == "rejected":
        return f"not to use the advice, on {_day(decisions[-1].decided_at)}."
    if advice.status == "accepted":
        changed = ", after changing it" if advice.released_text else ""
        people = "a person" if len(decisions) == 1 else f"{len(decisions)} people, one after the other,"
        return f"{people} read the advice and accepted it{changed}, on {_day(decisions[-1].decided_at)}."
    return "nothing yet. The advice waits for a person."


def _rights(names: set[str], policies: PolicySet) -> list[Block]:
    contacts = sorted(
        {
            f"{policy.title}: {policy.owner}{f', {policy.contact}' if policy.contact else ''}"
            for name in names
            if (policy := policies.get(name)) is not None
        }
    )
    blocks: list[Block] = [
        ("heading", "What you can do"),
        (
            "text",
            "You can ask a person to look at a decision again, tell them your side, and contest it. You can ask for a"
            " copy of the information about you, and to have it put right. Quote the reference of the time that you"
            " mean.",
        ),
    ]
    if contacts:
        blocks.append(("text", "Who answers for each use of AI:"))
        blocks += [("text", f"- {contact}") for contact in contacts]
    blocks.append(
        (
            "text",
            "If you are not content with the answer, you can complain to the Information Commissioner: ico.org.uk.",
        )
    )
    return blocks


def _day(time: str) -> str:
    return datetime.fromisoformat(time).strftime("%-d %B %Y")
