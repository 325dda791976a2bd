"""The gateway's tables. The audit log's own tables are `audit`'s and are not described here.

`advice`, `decisions`, `views` and `showings` are projections: they hold nothing that the log's events do not
say, and `countersign rebuild` makes them again, byte for byte.
"""

from types import SimpleNamespace

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()

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
    Column("tokens", Integer, nullable=False),
    Index("advice_by_status", "status", "decide_by"),
    Index("advice_by_application", "application", "policy", "status"),
    Index("advice_by_request", "policy", "requested_at"),
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

_applications = Table("applications", metadata, Column("id", Text, primary_key=True), Column("title", Text))

_people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
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
)

_case_keys = Table(
    "case_keys",
    metadata,
    Column("scope", Text, primary_key=True),
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

PROJECTIONS: tuple[Table, ...] = (_advice, _decisions, _views, _showings)
"""Tables that `countersign rebuild` empties and fills again from the events."""

tables = SimpleNamespace(
    advice=_advice,
    decisions=_decisions,
    views=_views,
    showings=_showings,
    applications=_applications,
    people=_people,
    credentials=_credentials,
    case_keys=_case_keys,
    sealed=_sealed,
    pseudonyms=_pseudonyms,
    idempotency=_idempotency,
)
