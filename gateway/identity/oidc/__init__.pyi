from .oidc_settings import OidcSettings as OidcSettings
from .provider import (
    IdentityProvider as IdentityProvider,
)
from .provider import (
    IdentityProviderError as IdentityProviderError,
)
from .provider import (
    ProviderIdentity as ProviderIdentity,
)
