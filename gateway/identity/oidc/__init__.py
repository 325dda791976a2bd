"""Somebody else's word for who a person is: an OpenID Connect provider, asked and verified.

It knows nothing of our people: `identity` makes one of the issuer and the subject that are given here.
"""

from typing import TYPE_CHECKING

from gateway.lazy_imports import load_when_used

if TYPE_CHECKING:
    from gateway.identity.oidc.oidc_settings import OidcSettings
    from gateway.identity.oidc.provider import IdentityProvider, IdentityProviderError, ProviderIdentity
else:
    __getattr__ = load_when_used(__name__, __file__)

__all__ = ["IdentityProvider", "IdentityProviderError", "OidcSettings", "ProviderIdentity"]
