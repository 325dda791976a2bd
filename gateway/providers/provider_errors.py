"""The errors on the way to a model, in our own words. A provider's text is never passed on, since it may echo
content.

Exception
├── RouteInvalid                an entry of `models:` in countersign.yaml can't be used; found at start
└── ProviderError               one completion failed; has `.status`, `.code` and the remedy in its message
    ├── ProviderRefused         400 provider_refused: the request itself is at fault, nobody repeats it
    ├── ProviderRateLimited     429 provider_rate_limited: with `.retry_after`, where the provider said it
    ├── ProviderTimeout         504 provider_timeout
    ├── ProviderFailed          502 provider_failed: 5xx, no connection, nonsense, our own key refused
    │   └── ProviderCut         502 provider_cut: the answer ended too early
    ├── ResidencyUnmet          503 residency_unmet: no route that the policy names may be sent it
    └── ProvidersBusy           503 busy: all connections are in use, or `starting`: not loaded yet, or
                                `stopping`: the gateway ends
"""

import re
from typing import ClassVar, Final

from gateway.errors import ExplainedError

MACHINE_NAME: Final = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}")
"""What a provider's own `code`, `type` or `param` must look like to be passed on: too short and plain for
content.
"""


class RouteInvalid(ExplainedError, ValueError):
    """A model's route can't be used; the message names the field of countersign.yaml and the remedy."""


class ProviderError(Exception):
    """A completion failed. `retryable`: the same request may succeed a little later, or with another
    provider.

    `provider_status` is the provider's HTTP status, `provider_code` and `param` its machine-readable words
    where they look like such; `retry_after` is in seconds.
    """

    status: ClassVar[int] = 502
    code: str = "provider_failed"
    retryable: bool = False

    def __init__(
        self,
        message: str,
        *,
        provider_status: int | None = None,
        provider_code: str | None = None,
        param: str | None = None,
        retry_after: int | None = None,
        retryable: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.provider_status = provider_status
        self.provider_code = machine_name(provider_code)
        self.param = machine_name(param)
        self.retry_after = retry_after
        self.retryable = type(self).retryable if retryable is None else retryable


class ProviderRefused(ProviderError):
    """The provider, or its documented interface, does not take this request."""

    status = 400
    code = "provider_refused"


class ProviderRateLimited(ProviderError):
    """The provider's limit of requests, tokens or money is reached."""

    status = 429
    code = "provider_rate_limited"
    retryable = True


class ProviderTimeout(ProviderError):
    """No connection, no byte, or no end within the route's times."""

    status = 504
    code = "provider_timeout"
    retryable = True


class ProviderFailed(ProviderError):
    """The provider failed, or refused the gateway's own configuration (then it is not retryable)."""

    retryable = True


class ProviderCut(ProviderFailed):
    """The answer ended before its end; what came is incomplete and must not pass as an answer."""

    code = "provider_cut"


class ResidencyUnmet(ProviderError):
    """No route that the policy names declares its residency, so nothing was sent."""

    status = 503
    code = "residency_unmet"


class ProvidersBusy(ProviderError):
    """The gateway itself can't ask now; `code` is `busy`, `starting` or `stopping`."""

    status = 503
    code = "busy"

    def __init__(self, message: str, *, code: str = "busy", retry_after: int = 1) -> None:
        super().__init__(message, retry_after=retry_after)
        self.code = code


def machine_name(value: object) -> str | None:
    """`value` if it is a short plain name that can't be content, else None."""
    return value if isinstance(value, str) and MACHINE_NAME.fullmatch(value) else None
