"""Advice that is a seeded check: kept apart until it is decided on, and then revealed on the record.

Before that neither the log nor any page tells it from other advice; only sealed content does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from audit import Transaction
from gateway.advice.projection import record
from gateway.advice.state import Advice
from gateway.advice.word_counts import answer_texts, plain_words
from gateway.storage import Connection, SealedMissing, Statement, Vault, insertion, tables

_insert = insertion(tables.seeded)
_seeded = Statement(select(tables.seeded.c.check).where(tables.seeded.c.advice == bindparam("advice")))
_revealed = Statement(select(tables.checks).where(tables.checks.c.advice == bindparam("advice")))


@dataclass(frozen=True)
class RevealedCheck:
    """A check that was decided on; `caught` is None if nobody decided in time, `why` if it was erased."""

    check: str
    caught: bool | None
    why: str | None


def mark_as_seeded_check(connection: Connection, advice: str, check: str) -> None:
    """Note that this advice is a check, with its request."""
    _insert.run(connection, advice=advice, check=check)


def is_seeded(connection: Connection, advice: str) -> bool:
    """Whether this advice is a check, which no application asked for and none is given."""
    return _seeded.first(connection, advice=advice) is not None


def reveal(
    transaction: Transaction, vault: Vault, advice: Advice, text: str | None, *, accepted: bool
) -> None:
    """`check.revealed` with the decision that settles a check; `text` is the amendment, if that was accepted."""
    row = _seeded.first(transaction.connection, advice=advice.id)
    if row is None:
        return
    check = _content(transaction.connection, vault, advice.id)
    caught = not accepted or (
        text is not None and not any(plain_words(wrong) in plain_words(text) for wrong in check["wrong"])
    )
    outcome = {"caught": caught, **_marked(transaction.connection, vault, advice.id, check["wrong"])}
    record(transaction, {**_event(advice, row["check"]), **_planted(check), **outcome})


def reveal_unjudged(transaction: Transaction, advice: Advice) -> None:
    """`check.revealed` for a check that ended without a decision: neither caught nor not."""
    row = _seeded.first(transaction.connection, advice=advice.id)
    if row is not None:
        record(transaction, _event(advice, row["check"]))


def _planted(check: Mapping[str, Any]) -> dict[str, str]:
    return {"planted": check["planted"]} if "planted" in check else {}


def _marked(connection: Connection, vault: Vault, advice: str, wrong: Sequence[str]) -> dict[str, bool]:
    """Whether the page marked wrong words as not in the request; empty if that was not computed."""
    try:
        evidence = vault.open_json(connection, advice=advice, kind="evidence")
    except SealedMissing:
        return {}
    answer = vault.open_json(connection, advice=advice, kind="answer")
    issued = vault.open_json(connection, advice=advice, kind="request")["issued"]
    texts = [_restored(text, issued) for text in answer_texts(answer)]
    doubtful = [
        plain_words(texts[fact["choice"]][fact["start"] : fact["end"]])
        for fact in evidence["facts"]
        if fact["state"] != "found"
    ]
    words = [plain_words(text) for text in wrong]
    return {"marked": any(text in other or other in text for text in doubtful for other in words)}


def _restored(text: str, issued: Sequence[tuple[str, str, str]]) -> str:
    """As people are shown it, which the places of facts are of."""
    for pseudonym, _, value in issued:
        text = text.replace(pseudonym, value)
    return text


def revealed(connection: Connection, vault: Vault, advice: str) -> RevealedCheck | None:
    """What this advice turned out to be, or None if it is none or nobody decided yet."""
    row = _revealed.first(connection, advice=advice)
    if row is None:
        return None
    try:
        why = str(_content(connection, vault, advice)["why"])
    except SealedMissing:
        why = None
    return RevealedCheck(row["check"], None if row["caught"] is None else bool(row["caught"]), why)


def _event(advice: Advice, check: str) -> dict[str, Any]:
    return {
        "type": "check.revealed",
        "advice": advice.id,
        "actor": "gateway",
        "policy": {"id": advice.policy, "version": advice.policy_version},
        "check": check,
    }


def _content(connection: Connection, vault: Vault, advice: str) -> dict[str, Any]:
    check: dict[str, Any] = vault.open_json(connection, advice=advice, kind="request")["check"]
    return check
