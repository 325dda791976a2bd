"""What monitoring may ask: on a port of its own without a credential, on the gateway's own port with one."""

import hmac
from typing import Final

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api.callers import auditor_of, bearer_token, is_operator
from gateway.api.error_answers import answer_error
from gateway.errors import GatewayError

PATHS: Final = frozenset({"/metrics", "/info", "/health/live", "/health/ready"})
_OWN_PORT: Final = "countersign.monitoring_port"


class MonitoringPort:
    """ASGI: these paths of the application, and no others, for those who can reach the port."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        if scope["path"] in PATHS:
            await self._application({**scope, _OWN_PORT: True}, receive, send)
            return
        refusal = GatewayError("not_found", f"This port serves {', '.join(sorted(PATHS))} only.")
        await answer_error(refusal, scope["path"])(scope, receive, send)


async def require_monitoring(request: Request) -> None:
    """A 401 or 403 for those who come by the gateway's own port with neither the token nor a role."""
    token: str | None = request.app.state.monitoring_token
    presented = bearer_token(request)
    if request.scope.get(_OWN_PORT) or (token and hmac.compare_digest(presented.encode(), token.encode())):
        return
    if not is_operator(request):
        await auditor_of(request)
