"""Errors returned to API clients, in OpenAI's shape.

    Exception
    └── ExplainedError          its text says what to do; a command prints it
        └── GatewayError        a code of CODES, with a message that names the remedy and never the data
            └── Conflict        a 409: an OpenAI SDK is told not to send it again, since that changes nothing

Errors of the packages (`gateway.redaction`, `gateway.providers`, …) have trees of their own and become one of these
at the HTTP edge, in `gateway/api/error_answers.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

CODES: Final[Mapping[str, tuple[int, str]]] = {
    "invalid_json": (400, "The body is not one JSON object in UTF-8."),
    "invalid_request": (400, "A field has the wrong type or value; `param` names it."),
    "invalid_field": (422, "A field is understood but can't be used; `param` names it."),
    "unreadable_content": (422, "A part can't be read, so it can't be redacted, so it is not sent."),
    "reason_required": (422, "The policy asks for a reason with this decision."),
    "caveats_unread": (422, "The policy asks for each marked caveat to be confirmed in `caveats_read`."),
    "facts_unconfirmed": (
        422,
        "The policy asks for each fact that is not in what was sent to be confirmed in `facts_confirmed`.",
    ),
    "signature_invalid": (422, "A signature is not the person's passkey's over what is to go on record."),
    "missing_credential": (401, "There is no bearer token in `Authorization`."),
    "unknown_credential": (401, "The bearer token is unknown or revoked."),
    "application_required": (403, "Only an application's key may do this."),
    "person_required": (403, "Only a person's own token may do this; an application can ask, never decide."),
    "role_required": (403, "The person's roles do not allow this."),
    "requester_may_not_decide": (403, "The policy wants somebody else than the requester to decide."),
    "signature_required": (
        403,
        "The policy wants the decision signed with the person's own passkey, on its page.",
    ),
    "own_passkey": (403, "Somebody else than its owner approves a passkey."),
    "sign_in_failed": (403, "Signing in by way of the identity provider did not work."),
    "form_refused": (403, "The form was submitted from another site or session."),
    "stage_refused": (403, "The policy's stage does not let this be asked, or its pilot has ended."),
    "policy_not_allowed": (403, "The policy does not list this application."),
    "embeddings_not_allowed": (403, "The policy makes no embeddings: it has no section `embeddings`."),
    "transcriptions_not_allowed": (
        403,
        "The policy takes no recorded speech: it has no section `transcriptions`, or its models are outside.",
    ),
    "refused_by_policy": (403, "The policy refuses this request."),
    "not_found": (404, "There is no such path."),
    "unknown_policy": (404, "`model` names no policy that is in force."),
    "unknown_version": (404, "No such version of the policy was ever in force."),
    "unknown_advice": (404, "There is no such advice, or not for this caller."),
    "unknown_response": (
        404,
        "There is no such response, or not for this caller and case; or it was deleted.",
    ),
    "unknown_transcription": (
        404,
        "There is no such transcript, or not for this application; or it was erased.",
    ),
    "unknown_passkey": (404, "There is no such passkey, or not of this person."),
    "unknown_concern": (404, "There is no such concern, or not for this caller."),
    "unknown_case": (404, "Nothing was asked in this case by this application."),
    "unknown_hold": (404, "There is no such hold."),
    "unknown_event": (404, "The log has no such event, tile or checkpoint yet."),
    "method_not_allowed": (405, "The path exists, but not for this method."),
    "body_timeout": (408, "The body did not arrive in time."),
    "already_decided": (409, "This person has decided otherwise already."),
    "advice_held": (
        409,
        "The answer is held until a person decides; `review_url` says where. `Prefer: respond-async` gets a receipt.",
    ),
    "advice_settled": (409, "The advice was accepted or rejected already."),
    "advice_expired": (409, "The time to decide is over; ask again."),
    "advice_rejected": (409, "The advice was rejected and will not be released."),
    "advice_not_ready": (409, "The model has not answered yet, or failed to."),
    "advice_erased": (410, "The content was erased; `erased_at` and `why` say when and why."),
    "advice_undecided": (409, "Advice that waits for an answer or a decision is not erased."),
    "on_hold": (409, "A legal hold stops the erasure; `holds` says since when and why."),
    "policies_changed": (409, "The policies' files have changed since they were looked at."),
    "key_not_everywhere": (409, "Another gateway does not sign with the log's new key yet."),
    "files_not_writable": (409, "The gateway can't write the files of its policies."),
    "own_change": (
        409,
        "Another admin than who asked for a change to a policy, or wrote it, has to agree to it.",
    ),
    "own_concern": (409, "Somebody else than who raised a concern answers it."),
    "not_shown": (409, "The policy asks that who accepts has been shown the advice."),
    "view_required": (409, "The policy asks for the person's own view first."),
    "view_recorded": (409, "This person has recorded another view already."),
    "passkey_known": (409, "The passkey is on record already, or the person has as many as they may."),
    "passkey_settled": (409, "The passkey does not wait for approval any more."),
    "overdue_advice": (409, "Advice that was shown is overdue for a decision; it blocks new requests."),
    "idempotency_key_reused": (409, "The `Idempotency-Key` came before with another body."),
    "request_in_progress": (409, "The request with this `Idempotency-Key` is still being answered."),
    "body_too_large": (413, "The body is larger than the gateway accepts."),
    "rate_limited": (429, "The policy's limit of requests or tokens is reached; `limit` names it."),
    "budget_exceeded": (429, "The policy's limit of money is reached; `limit` names it."),
    "passkeys_unavailable": (
        409,
        "Browsers know no passkeys at the gateway's address; `base_url` is to be https.",
    ),
    "internal_error": (500, "The gateway failed; nothing was released."),
    "redaction_failed": (500, "A text could not be analysed, so it was not passed on."),
    "analyzer_unavailable": (503, "The analyzer server can't be used now, so nothing was sent."),
    "content_damaged": (500, "Content is missing or was changed, and no event explains it."),
    "erasure_unfinished": (
        503,
        "Erased, but an older copy of the database is still being read; send it again.",
    ),
    "master_key_unavailable": (503, "A master key can't be used now; the message says why."),
    "log_unavailable": (503, "The audit log can't be written now, so nothing is done."),
    "residency_unmet": (
        503,
        "No model that the policy names declares its residency, so nothing was sent; the operator mends the routes.",
    ),
    "price_unknown": (503, "The policy limits money, and nobody knows what its model costs."),
    "policy_out_of_step": (
        503,
        "Another version of the policy is in force than this gateway has on its disk.",
    ),
    "not_ready": (503, "The gateway can't do its work now; `checks` says what is wrong, and what to do."),
    "starting": (503, "The models are still loading."),
    "stopping": (503, "The gateway ends; another one, or this one started again, takes the request."),
    "busy": (503, "Too many requests are waiting for the log, or the process that read the text has ended."),
    "context_length_exceeded": (400, "The request is longer than the provider's model reads."),
    "content_filter": (400, "The provider's filter refused the request."),
    "model_not_found": (404, "The provider does not have the model of this policy's route."),
    "rate_limit_exceeded": (429, "The provider's limit of requests or tokens is reached."),
    "insufficient_quota": (429, "The account with the provider has no quota left."),
    "provider_refused": (400, "The provider refused the request."),
    "provider_failed": (502, "The provider failed, or refused the gateway's own credentials."),
    "provider_rate_limited": (429, "The provider's limit is reached."),
    "provider_timeout": (504, "The provider did not answer in time."),
    "provider_cut": (502, "The provider ended its answer too early."),
    "added_personal_data": (502, "The answer held personal data that was not sent; the policy refuses that."),
}
"""Every `code` that an answer can carry: its HTTP status and its meaning. Codes are stable."""

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
}


class ExplainedError(Exception):
    """One whose text says what is wrong and what to do: a command prints that and ends with 2."""


class SettingsInvalid(ExplainedError, ValueError):
    """The settings can't be used; the message names each field and what is wrong with it."""


class GatewayError(ExplainedError):
    """A refusal with one of `CODES`; `message` is for the caller and holds no data of theirs."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        param: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        final: bool = False,
        headers: Mapping[str, str] = MappingProxyType({}),
        **details: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.param = param
        self.status = status or CODES[code][0]
        self.retry_after = retry_after
        self.final = final
        self.more_headers = headers
        self.details = details

    @property
    def headers(self) -> dict[str, str]:
        """`Retry-After`, where waiting helps, and how limits stand.

        A `final` error tells OpenAI's SDKs not to send the request again.
        """
        headers = dict(self.more_headers)
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return {**headers, "x-should-retry": "false"} if self.final else headers

    def body(self) -> dict[str, Any]:
        """The JSON body; `details` are members beside OpenAI's four."""
        error = {"message": self.message, "type": self._type(), "code": self.code, "param": self.param}
        return {"error": {**error, **self.details}}

    def _type(self) -> str:
        return _TYPES.get(self.status, "server_error" if self.status >= 500 else "invalid_request_error")


class Conflict(GatewayError):
    """A 409 that repeating can't mend: OpenAI's SDKs repeat a 409 unless they are told not to."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(code, message, final=True, **details)
