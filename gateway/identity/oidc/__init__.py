"""Somebody else's word for who a person is: an OpenID Connect provider, asked and verified.

It knows nothing of our people: `identity` makes one of the issuer and the subject that are given here.
"""

from gateway.identity.oidc.oidc_settings import OidcSettings
from gateway.identity.oidc.provider import IdentityProvider, IdentityProviderError, ProviderIdentity

__all__ = ["IdentityProvider", "IdentityProviderError", "OidcSettings", "ProviderIdentity"]
