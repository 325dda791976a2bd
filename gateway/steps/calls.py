"""What comes into the pipeline and what goes out of it, as plain values."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from gateway.errors import GatewayError
from gateway.identity import Application
from gateway.providers import Recording

CONTEXT_FIELDS: Final = ("case", "subjects", "on_behalf_of")
"""What a caller may add, in `metadata` or as `X-Countersign-…` headers; it is for the gateway and never leaves it."""

_MAX_REFERENCE_LENGTH = 500
_MAX_SUBJECTS = 1_000


@dataclass(frozen=True)
class CaseContext:
    """What the request is about, as the application knows it."""

    case: str | None = None
    subjects: tuple[str, ...] = ()
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class Call:
    """One request for advice, as it came over HTTP."""

    application: Application
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    idempotency_key: str | None = None
    wait: float = 0.0
    knows_receipts: bool = False
    """Whether the application asked to wait, or to be answered with a receipt."""
    original: Mapping[str, Any] | None = None
    """The request as the application wrote it, where `body` is a translation of it; it is sealed with the request."""

    @property
    def takes_receipt(self) -> bool:
        """Whether a receipt can stand in the answer's place: a program would take it for tool calls or JSON."""
        body = self.body
        asks_for_text = (body.get("response_format") or {"type": "text"}).get("type") == "text"
        return self.knows_receipts or not (body.get("tools") or body.get("functions") or not asks_for_text)

    @property
    def stream(self) -> bool:
        """Whether the caller asked for a stream."""
        return self.body.get("stream") is True

    @property
    def include_usage(self) -> bool:
        """Whether the caller wants a chunk with the usage, which has no choices, at the end of a stream."""
        return (self.body.get("stream_options") or {}).get("include_usage") is True

    @cached_property
    def fingerprint(self) -> bytes:
        """The same for the same request, whatever the order of its members; it is hashed before it is kept."""
        _, context = split_context(self.body, self.headers)
        about = [context.case, list(context.subjects), context.on_behalf_of]
        body = self.body if self.original is None else self.original
        try:
            return orjson.dumps([body, about], option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            problem = GatewayError(
                "unreadable_content", "Members nest too deep to be read. Send it flatter, or as text."
            )
        raise problem


@dataclass(frozen=True)
class EmbeddingCall:
    """One request for embeddings, as it came over HTTP: `input` is a list of texts."""

    application: Application
    body: Mapping[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class TranscriptionCall:
    """One request for a transcript, as it came over HTTP: `body` has its `model` and `metadata`."""

    application: Application
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    recording: Recording = field(repr=False)


class Decision(BaseModel):
    """A decision as it comes over HTTP."""

    model_config = ConfigDict(extra="forbid", strict=True)

    decision: Literal["accept", "reject"]
    reason: str | None = Field(None, max_length=10_000)
    amendment: str | None = Field(None, max_length=200_000)
    caveats_read: list[str] = Field(default_factory=list, max_length=100)
    facts_confirmed: list[str] = Field(
        default_factory=list,
        max_length=1000,
        description="Ids of facts in `evidence` that the person has checked",
    )
    own_view: Literal["agrees", "differs"] | None = Field(
        None, description="Whether the advice agrees with the view that the person gave before seeing it"
    )


class View(BaseModel):
    """A person's own view, before the advice is shown to them."""

    model_config = ConfigDict(extra="forbid", strict=True)

    view: str = Field(min_length=1, max_length=10_000)


class MissedRedaction(BaseModel):
    """A value that left unredacted, and one of the redaction's types; without one it is a name or an identifier."""

    model_config = ConfigDict(extra="forbid", strict=True)

    value: str = Field(min_length=1, max_length=500)
    type: str | None = Field(None, max_length=100)


@dataclass(frozen=True)
class Answer:
    """A whole completion: the advice with 200, or the receipt of held advice with 202."""

    advice: str
    advice_status: str
    completion: dict[str, Any]
    held: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    """How the policy's limits stand."""


@dataclass(frozen=True)
class StreamedAnswer:
    """Advice that is shown while it arrives; its status is `pending` from the start."""

    advice: str
    chunks: AsyncIterator[dict[str, Any]]
    headers: Mapping[str, str] = field(default_factory=dict)


def split_context(body: Mapping[str, Any], headers: Mapping[str, str]) -> tuple[dict[str, Any], CaseContext]:
    """Split a request into what goes on to the model and what it is about; a 400 `GatewayError` on wrong types."""
    metadata = body.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise _wrong("metadata", "must be an object")
    rest = {name: value for name, value in (metadata or {}).items() if name not in CONTEXT_FIELDS}
    fields = {name: value for name, value in (metadata or {}).items() if name in CONTEXT_FIELDS}
    for name in CONTEXT_FIELDS:
        header = headers.get("x-countersign-" + name.replace("_", "-"))
        if header is not None:
            fields.setdefault(name, header)
    request = {name: value for name, value in body.items() if name != "metadata"}
    if rest:
        request["metadata"] = rest
    context = CaseContext(
        case=_reference(fields, "case"),
        subjects=_subjects(fields.get("subjects")),
        on_behalf_of=_reference(fields, "on_behalf_of"),
    )
    return request, context


def asks_for_json(request: Mapping[str, Any]) -> bool:
    """Whether the answer's content is to be JSON, so that restored values are escaped in it."""
    response_format = request.get("response_format")
    return isinstance(response_format, dict) and str(response_format.get("type", "")).startswith("json")


def _reference(context: Mapping[str, Any], name: str) -> str | None:
    value = context.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_REFERENCE_LENGTH:
        raise _wrong(f"metadata.{name}", f"must be a string of 1 to {_MAX_REFERENCE_LENGTH} characters")
    return value


def _subjects(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise _wrong("metadata.subjects", "must be a JSON list of strings") from None
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(subject, str) for subject in value):
        raise _wrong("metadata.subjects", "must be a JSON list of strings")
    if len(value) > _MAX_SUBJECTS:
        raise _wrong("metadata.subjects", f"must hold {_MAX_SUBJECTS} strings at most")
    return tuple(subject for subject in value if subject.strip())


def _wrong(param: str, message: str) -> GatewayError:
    return GatewayError("invalid_request", f"`{param}` {message}.", param=param)
