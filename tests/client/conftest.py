"""The same gateway as for the tests of the API."""

from tests.gateway.conftest import fresh, gateway, gateway_server, provider, provider_server

__all__ = ["fresh", "gateway", "gateway_server", "provider", "provider_server"]
