"""Fixtures of the gateway's tests."""

from tests.gateway.conftest import fresh, provider, provider_server

__all__ = ["fresh", "provider", "provider_server"]
