"""The gateway's tables. The audit log's own tables are `audit`'s and are not described here.

Those named in `PROJECTIONS` hold nothing that the log's events do not say, and `countersign rebuild` makes them again,
byte for byte.
"""

from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

metadata = MetaData()


def _where(condition: ColumnElement[bool]) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


_advice = Table(
    "advice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("requester", Text),
    Column("gate", Text, nullable=False),
    Column("review", Text, nullable=False),
    Column("redactions", Text, nullable=False),
    Column("caveats", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("received_at", Text),
    Column("decide_by", Text),
    Column("settled_at", Text),
    Column("released_text", Integer),
    Column("released_at", Text),
    Column("tokens", Integer, nullable=False),  # for gateways of the release before
    Column("keep_content", Integer, nullable=False),
    Column("keep_pseudonyms", Integer, nullable=False),
    Column("content_until", Text),
    Column("erased_at", Text),
    Column("erased_why", Text),
    Column("words", Integer),
    Column("continues", Text),
    Column("unsupported_facts", Integer),
    Column("used", Text),
    Index("advice_by_status", "status", "decide_by"),
    Index("advice_by_application", "application", "policy", "status"),
    Index("advice_by_request", "policy", "requested_at"),
    Index("advice_by_scope", "scope"),
    Index("advice_by_time", "requested_at", "id"),
    Index("advice_by_requester", "requester", "id"),
)
# Only what waits to be erased is in it, so that asking, which sets no time, pays nothing for it.
Index("advice_by_content_until", _advice.c.content_until, **_where(_advice.c.content_until.is_not(None)))

Index("advice_by_settled_at", _advice.c.settled_at, **_where(_advice.c.settled_at.is_not(None)))

_tool_calls = Table(
    "tool_calls",
    metadata,
    Column("reference", Text, primary_key=True),
    Column("event", Integer, primary_key=True),
    Column("advice", Text, nullable=False),
)

_cases = Table(
    "cases",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("open", Integer, nullable=False),
    Column("pseudonyms_until", Text),
)
Index(
    "cases_by_pseudonyms_until", _cases.c.pseudonyms_until, **_where(_cases.c.pseudonyms_until.is_not(None))
)

_holds = Table(
    "holds",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("why", Text, primary_key=True),
    Column("placed_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
)

_decisions = Table(
    "decisions",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("decision", Text, nullable=False),
    Column("text", Integer, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
    # What oversight measures, so that it reads one table.
    Column("policy", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("shown_at", Text),
    Column("words", Integer),
    Column("changed", Integer),
    Column("own_view", Text),
    Column("passkey", Text),
    Column("unsupported_facts", Integer),
    Column("late", Integer),
    Index("decisions_by_event", "event"),
    Index("decisions_by_policy", "policy", "event"),
    Index("decisions_by_person", "person", "event"),
)

_views = Table(
    "views",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("recorded_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
)

_showings = Table(
    "showings",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("viewer", Text, primary_key=True),
    Column("shown_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
)

_deleted_responses = Table(
    "deleted_responses",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("deleted_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
)

_incidents = Table(
    "incidents",
    metadata,
    Column("event", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("application", Text, nullable=False),
    Index("incidents_by_advice", "advice", "type"),
)

_refused_requests = Table(  # those whose content was kept
    "refused_requests",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("event", Integer, nullable=False),
    Column("policy", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("redactions", Text, nullable=False),
    Column("refused_at", Text, nullable=False),
    Column("keep_content", Integer, nullable=False),
    Column("content_until", Text),
    Column("erased_at", Text),
    Index("refused_requests_by_policy", "policy", "refused_at"),
    Index("refused_requests_by_scope", "scope"),
    Index("refused_requests_by_content_until", "content_until"),
)

_policies_in_force = Table(
    "policies_in_force",
    metadata,
    Column("event", Integer, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("stage", Text),
    Column("since", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("details", Text),
    Index("policies_in_force_by_policy", "policy", "event"),
)

_policy_approvals = Table(  # of changes that are not in force yet
    "policy_approvals",
    metadata,
    Column("event", Integer, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("approved_at", Text, nullable=False),
    Index("policy_approvals_by_policy", "policy", "event"),
)

_policy_texts = Table(  # no projection: events hold the hashes only
    "policy_texts",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

_concerns = Table(
    "concerns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("advice", Text),
    Column("policy", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answered_at", Text),
    Column("answers", Integer, nullable=False),
    Column("event", Integer, nullable=False),
    Index("concerns_by_state", "state", "raised_at"),
)

_alerts = Table(
    "alerts",
    metadata,
    Column("event", Integer, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("alert", Text, nullable=False),
    Column("raised_at", Text, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("upto", Integer, nullable=False),
    Index("alerts_by_policy", "policy", "alert", "event"),
)

_checks = Table(
    "checks",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("check", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("caught", Integer),
    Column("revealed_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
    Column("marked", Integer),
)

_passkeys = Table(
    "passkeys",
    metadata,
    Column("credential", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("algorithm", Integer, nullable=False),
    Column("rp_id", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("trust", Text, nullable=False),
    Column("registered_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
    Column("in_force_at", Text),
    Column("used_at", Text),
    Column("revoked_at", Text),
    Column("revoked_why", Text),
    Index("passkeys_by_person", "person", "event"),
)
Index(
    "passkeys_that_wait",
    _passkeys.c.event,
    **_where(and_(_passkeys.c.in_force_at.is_(None), _passkeys.c.revoked_at.is_(None))),
)

_passkey_approvals = Table(
    "passkey_approvals",
    metadata,
    Column("credential", Text, primary_key=True),
    Column("admin", Text, primary_key=True),
    Column("approved_at", Text, nullable=False),
    Column("event", Integer, nullable=False),
)

_people_events = Table(  # of whose keys, roles and passkeys an event tells
    "people_events",
    metadata,
    Column("person", Text, primary_key=True),
    Column("event", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

_advice_events = Table(
    "advice_events",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("event", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

_embeddings = Table(
    "embeddings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("tokens", Integer, nullable=False),  # as above
    Column("requester", Text),
    Index("embeddings_by_application", "application", "policy", "requested_at"),
)

_usage = Table(
    "usage",
    metadata,
    Column("day", Text, primary_key=True),
    Column("policy", Text, primary_key=True),
    Column("application", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("requests", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("micro", BigInteger, nullable=False),
    Index("usage_by_policy", "policy", "day"),
)

_limits_told = Table(
    "limits_told",
    metadata,
    Column("event", Integer, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("whose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("limit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("told_at", Text, nullable=False),
    Index("limits_told_by_limit", "policy", "whose", "subject", "limit", "period", "state"),
)

_transcriptions = Table(
    "transcriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("requested_at", Text, nullable=False),
    Column("received_at", Text),
    Column("requester", Text),
    Column("keep_content", Integer, nullable=False),
    Column("keep_pseudonyms", Integer, nullable=False),
    Column("content_until", Text),
    Column("erased_at", Text),
    Index("transcriptions_by_scope", "scope"),
    Index("transcriptions_by_content_until", "content_until"),
)

_seeded = Table(  # no projection: the log must not tell which advice is a check before somebody decided on it
    "seeded",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("check", Text, nullable=False),
)

_notices = Table(
    "notices",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("policy", Text, nullable=False),
    Column("decide_by", Text),
    Column("tries", Integer, nullable=False),
    Column("next_at", Text, nullable=False),
    Column("told_at", Text),
)

_applications = Table("applications", metadata, Column("id", Text, primary_key=True), Column("title", Text))

_people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("username", Text),
    Index("people_by_username", "username", unique=True),
)

_credentials = Table(
    "credentials",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("holder", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("used_on", Text),
    Index("credentials_by_secret", "secret_hash"),
    Index("credentials_by_holder", "holder", "kind"),
)

_sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("credential", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("ends_at", Text, nullable=False),
    Index("sessions_by_end", "ends_at"),
)

_attempts = Table(
    "attempts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", Text, nullable=False),
    Index("attempts_by_until", "until"),
)

_arrivals = Table(
    "arrivals",
    metadata,
    Column("state_hash", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Text, nullable=False),
    Index("arrivals_by_until", "until"),
)

_drafts = Table(
    "drafts",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
)

_keyring = Table(
    "keyring",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("master", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
)

_content_keys = Table(
    "content_keys",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("wrapping", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

_sealed = Table(
    "sealed",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("commitment", Text, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    Index("sealed_by_scope", "scope"),
)

_pseudonyms = Table(
    "pseudonyms",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("text", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
)

_idempotency = Table(
    "idempotency",
    metadata,
    Column("application", Text, primary_key=True),
    Column("key_hash", Text, primary_key=True),
    Column("advice", Text, nullable=False),
    Column("body_hash", Text, nullable=False),
    UniqueConstraint("advice"),
)

_gateways = Table(
    "gateways",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beat", Integer, nullable=False),
    Column("log_keys", Text),  # the ids of the log's keys that it signs with, in hex
)

_under_way = Table(
    "under_way",
    metadata,
    Column("advice", Text, primary_key=True),
    Column("gateway", Text, nullable=False),
)

_projected = Table("projected", metadata, Column("version", Integer, nullable=False))

_oldest_schema = Table("oldest_schema", metadata, Column("version", Text, nullable=False))

PROJECTIONS: tuple[Table, ...] = (
    _advice,
    _tool_calls,
    _cases,
    _holds,
    _decisions,
    _views,
    _showings,
    _deleted_responses,
    _incidents,
    _refused_requests,
    _policies_in_force,
    _policy_approvals,
    _concerns,
    _alerts,
    _checks,
    _passkeys,
    _passkey_approvals,
    _people_events,
    _advice_events,
    _embeddings,
    _transcriptions,
    _usage,
    _limits_told,
)
"""Tables that `countersign rebuild` empties and fills again from the events."""

tables = SimpleNamespace(
    advice=_advice,
    tool_calls=_tool_calls,
    cases=_cases,
    holds=_holds,
    decisions=_decisions,
    views=_views,
    showings=_showings,
    deleted_responses=_deleted_responses,
    incidents=_incidents,
    refused_requests=_refused_requests,
    policies_in_force=_policies_in_force,
    policy_approvals=_policy_approvals,
    policy_texts=_policy_texts,
    concerns=_concerns,
    alerts=_alerts,
    checks=_checks,
    passkeys=_passkeys,
    passkey_approvals=_passkey_approvals,
    people_events=_people_events,
    advice_events=_advice_events,
    embeddings=_embeddings,
    transcriptions=_transcriptions,
    usage=_usage,
    limits_told=_limits_told,
    seeded=_seeded,
    notices=_notices,
    applications=_applications,
    people=_people,
    credentials=_credentials,
    sessions=_sessions,
    attempts=_attempts,
    arrivals=_arrivals,
    drafts=_drafts,
    keyring=_keyring,
    content_keys=_content_keys,
    sealed=_sealed,
    pseudonyms=_pseudonyms,
    idempotency=_idempotency,
    gateways=_gateways,
    under_way=_under_way,
    projected=_projected,
    oldest_schema=_oldest_schema,
)
