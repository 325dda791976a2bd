"""The services of the gateway, as a request finds them: on the application's state, once they are ready."""

from fastapi import Request

from gateway.errors import GatewayError
from gateway.operations import Services


def services_of(request: Request) -> Services:
    """The services, or a 503 while the models are loading."""
    services: Services | None = request.app.state.services
    if services is None:
        raise GatewayError(
            "starting", "The models are still loading; GET /health/ready tells when they are.", retry_after=2
        )
    return services
