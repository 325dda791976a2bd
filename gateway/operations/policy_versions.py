"""The versions of policies that were ever in force, with every word of them.

What a version says is stored once under its SHA-256, and so is each file as it was written. The event `policy.loaded`
holds these hashes, so the log commits to the words. Retention and erasure leave them alone, and the database refuses
to change them.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing  # SQLite reads the same words

from gateway.errors import GatewayError
from gateway.policy import Policy, meant, policy_of_words
from gateway.storage import Connection, Row, Statement, tables

RETIRED: Final = ""
"""The version on record where none is in force any more."""

_MIN_LENGTH: Final = 4
"""Digits that a version may be named by."""
_in_force = tables.policies_in_force
_texts = tables.policy_texts
_keep_text = Statement(
    insert_or_nothing(_texts)
    .values(hash=bindparam("hash"), content=bindparam("content"))
    .on_conflict_do_nothing()
)
_text = Statement(select(_texts.c.content).where(_texts.c.hash == bindparam("hash")))
_all = Statement(select(_in_force).order_by(_in_force.c.event))
_of_policy = Statement(
    select(_in_force).where(_in_force.c.policy == bindparam("policy")).order_by(_in_force.c.event.desc())
)


@dataclass(frozen=True)
class PolicyVersion:
    """One time that a version came into force, or was retired (then `version` is empty)."""

    policy: str
    version: str
    since: str
    actor: str
    event: int
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each file, by what it is to the policy; empty for versions from before words were kept."""
    loosens: Sequence[str] = ()
    approved_by: Sequence[str] = ()
    commits: Sequence[Mapping[str, str]] = ()
    retention_for: str = ""
    evidence: Mapping[str, int] = field(default_factory=dict)
    """What the record showed when it came into force at the stage scale: counts, and shares in thousandths."""

    @classmethod
    def of(cls, row: Row) -> "PolicyVersion":
        """From a row of the projection."""
        details: dict[str, Any] = json.loads(row["details"] or "{}")
        return cls(row["policy"], row["version"], row["since"], row["actor"], row["event"], **details)


def keep_words(connection: Connection, policy: Policy) -> dict[str, str]:
    """Store every word of the policy, if it is not there yet; gives the SHA-256 of each of its files."""
    _keep_text.run(connection, hash=policy.version, content=policy.words)
    return {what: _keep(connection, content) for what, content in policy.sources.items()}


def versions_on_record(connection: Connection) -> dict[str, PolicyVersion]:
    """The newest version of each policy; retired ones too."""
    return {row["policy"]: PolicyVersion.of(row) for row in _all.all(connection)}


def retired_policies(connection: Connection) -> frozenset[str]:
    """Ids of the policies that are retired."""
    return frozenset(name for name, one in versions_on_record(connection).items() if one.version == RETIRED)


def history_of(connection: Connection, policy: str) -> list[PolicyVersion]:
    """Every version that was in force, newest first."""
    return [PolicyVersion.of(row) for row in _of_policy.all(connection, policy=policy)]


def find_version(connection: Connection, policy: str, version: str | None = None) -> PolicyVersion:
    """The newest time that a version was in force, named by its first digits; the newest of all without one.

    A `GatewayError` if there is none, or more than one.
    """
    found = [one for one in history_of(connection, policy) if one.version]
    if not found:
        close = meant(policy, versions_on_record(connection))
        raise GatewayError(
            "unknown_policy",
            f"No policy {policy} was ever in force here{close or f'. Its file, if there is one, is {policy}@disk.'}",
        )
    if version is None:
        return found[0]
    if len(version) < _MIN_LENGTH:
        raise GatewayError(
            "unknown_version",
            f"A version of {policy} is named by its first digits; give at least {_MIN_LENGTH} digits.",
        )
    fitting = [one for one in found if one.version.startswith(version)]
    if not fitting:
        raise GatewayError(
            "unknown_version",
            f"No version of {policy} begins with {version[:64]}; `countersign policy history {policy}` lists them.",
        )
    if len({one.version for one in fitting}) > 1:
        raise GatewayError(
            "unknown_version", f"Several versions of {policy} begin with {version}; give more of its digits."
        )
    return fitting[0]


def kept_policy(connection: Connection, version: PolicyVersion) -> Policy | None:
    """The policy as it was; None where its words are not kept, or this release can't read them."""
    words = _content(connection, version.version)
    if words is None:
        return None
    try:
        return policy_of_words(words, kept_files(connection, version))
    except (ValueError, KeyError, TypeError):
        return None


def kept_words(connection: Connection, version: PolicyVersion) -> bytes | None:
    """What the version is the SHA-256 of; None where it is not kept."""
    return _content(connection, version.version)


def kept_files(connection: Connection, version: PolicyVersion) -> dict[str, bytes]:
    """Its files as they were written, by what they are to it."""
    found = {what: _content(connection, digest) for what, digest in version.files.items()}
    return {what: content for what, content in found.items() if content is not None}


def damaged_words(connection: Connection) -> list[str]:
    """What is missing, or is not what its hash says, in sentences."""
    flaws = []
    for row in _all.all(connection):
        one = PolicyVersion.of(row)
        hashes = {"words": one.version, **one.files} if one.files else {}
        for what, digest in hashes.items():
            content = _stored(connection, digest)
            if content is None or hashlib.sha256(content).hexdigest() != digest:
                state = "missing" if content is None else "changed"
                flaws.append(f"policy {one.policy}, version {one.version[:12]}: {what}: {state}")
    return flaws


def _keep(connection: Connection, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    _keep_text.run(connection, hash=digest, content=content)
    return digest


def _content(connection: Connection, digest: str) -> bytes | None:
    """Only what is still what its hash says."""
    content = _stored(connection, digest)
    return content if content is not None and hashlib.sha256(content).hexdigest() == digest else None


def _stored(connection: Connection, digest: str) -> bytes | None:
    row = _text.one(connection, hash=digest)
    return None if row is None else bytes(row["content"])
