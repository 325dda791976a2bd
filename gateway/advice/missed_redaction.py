"""A value that left unredacted, as somebody who saw the advice reports it: the event, and the value only sealed.

It is sealed with the advice (`missed.NUMBER`) and, where there is a case, kept among the case's pseudonyms: from then
on it is redacted there, until those are erased.
"""

from dataclasses import dataclass
from typing import Final

import orjson

from audit import Transaction
from gateway.advice.content import open_numbered
from gateway.advice.erasure import erased_error
from gateway.advice.projection import record
from gateway.advice.queries import find_advice
from gateway.advice.state import Advice
from gateway.advice.word_counts import plain_words
from gateway.errors import GatewayError
from gateway.identity import Person
from gateway.storage import Vault

_KIND: Final = "missed"


@dataclass(frozen=True)
class MissedReport:
    """The answer, the same to anyone who reports the same value; `new` if it made an event."""

    advice: str
    policy: str
    type: str
    in_case: bool
    new: bool


def record_missed(
    transaction: Transaction, vault: Vault, advice: str, person: Person, value: str, entity: str
) -> MissedReport:
    """`redaction.missed`, once for a value; a 410 where its content is erased."""
    connection = transaction.connection
    found = find_advice(connection, advice)
    if found is None:
        raise GatewayError("unknown_advice", "There is no such advice.")
    if found.erased_at is not None:
        raise erased_error(found)
    in_case = found.scope != found.id
    number, first_type = _reported(transaction, vault, found, value)
    is_new = not in_case or _same_as_one(value, [known for _, known in vault.missed(connection, found.scope)])
    if first_type is not None and is_new:
        return MissedReport(found.id, found.policy, first_type, in_case, new=False)
    content = orjson.dumps({"value": value, "type": entity})
    kind = f"{_KIND}.{number}"
    sealed = vault.seal(connection, advice=found.id, contents={kind: content})
    if not is_new:
        vault.keep_missed(connection, found.scope, entity, value)
    record(
        transaction,
        {
            "type": "redaction.missed",
            "advice": found.id,
            "actor": person.actor,
            "policy": {"id": found.policy, "version": found.policy_version},
            "entity": entity,
            "number": number,
            "commitments": {_KIND: sealed[kind]},
        },
    )
    return MissedReport(found.id, found.policy, entity, in_case, new=True)


def _reported(transaction: Transaction, vault: Vault, advice: Advice, value: str) -> tuple[int, str | None]:
    """The number for the next report on the advice, and the type with which this value was reported before."""
    reports = open_numbered(transaction.connection, vault, advice, _KIND)
    same = [earlier["type"] for earlier in reports if _same_as_one(value, [earlier["value"]])]
    return len(reports) + 1, same[-1] if same else None


def _same_as_one(value: str, others: list[str]) -> bool:
    """Whether it is one of them, apart from case and white space."""
    return plain_words(value) in map(plain_words, others)
