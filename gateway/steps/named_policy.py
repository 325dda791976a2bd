"""Step 2 of the pipeline, in part: the policy that a request names, for the application that asks."""

from gateway.advice import Review
from gateway.errors import GatewayError
from gateway.identity import Application, Caller
from gateway.policy import InForce, Policy


def review_of(policy: Policy) -> Review:
    """The policy's review rules, as they stay with an advice."""
    rules = policy.review
    return Review(
        gate=rules.gate,
        deciders=rules.deciders,
        not_the_requester=rules.not_the_requester,
        view_first=rules.view_first,
        accept_reason=rules.reason.accept == "required",
        reject_reason=rules.reason.reject == "required",
        decide_within=int(rules.decide_within.total_seconds()),
        confirm=tuple(caveat.id for caveat in policy.caveats if caveat.confirm),
        signature=rules.signature,
        tools=rules.tools,
        shown_first=rules.shown_first,
        confirm_facts=rules.confirm_facts,
    )


def require_application(caller: Caller) -> Application:
    """The caller as the application that asks; a 403 for anyone who may not."""
    if not isinstance(caller, Application):
        raise GatewayError(
            "application_required",
            "People decide on advice; an application asks for it, with its own key.",
        )
    return caller


def find_policy(policies: InForce, name: object, application: Application) -> Policy:
    """The policy that a request names as `model`; a `GatewayError` if there is none for this application."""
    if not isinstance(name, str):
        raise GatewayError("invalid_request", "`model` must be the name of a policy.", param="model")
    if name in policies.out_of_step:
        raise GatewayError(
            "policy_out_of_step",
            "Another version of this policy is in force than this gateway has; an admin brings the files here.",
            retry_after=30,
        )
    policy = policies.get(name)
    if policy is None:
        raise GatewayError(
            "unknown_policy",
            "`model` names no policy that is in force here; GET /v1/models lists them.",
            param="model",
        )
    if not policy.allows(application.id):
        raise GatewayError(
            "policy_not_allowed",
            "This policy does not list this application; an admin adds it under `applications`.",
            param="model",
        )
    return policy
