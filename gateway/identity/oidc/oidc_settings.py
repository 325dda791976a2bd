"""The `oidc` section of `countersign.yaml`: which provider, and what its claims mean here."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator

RoleName = Literal["caseworker", "reviewer", "oversight", "admin"]


class OidcSettings(BaseModel, extra="forbid"):
    """An OpenID Connect provider by its issuer; its endpoints and keys are discovered there."""

    issuer: str = Field(description="the provider's issuer identifier, exactly as in its tokens")
    name: str = Field(default="your organisation", description="what the sign-in page calls the provider")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr | None = Field(
        default=None, description="from COUNTERSIGN_OIDC__CLIENT_SECRET; none for a public client"
    )
    audience: str | None = Field(default=None, description="of access tokens for the API, beside client_id")
    scopes: list[str] = Field(default_factory=lambda: ["openid", "profile"])
    name_claim: str = Field(default="name", description="the claim that holds a person's name")
    roles_claim: str = Field(
        default="roles", description="the claim that lists roles or groups; dots step into objects"
    )
    roles: dict[str, RoleName] = Field(
        default_factory=dict, description="the claim's values and the role that each gives here"
    )
    timeout_seconds: float = Field(default=10.0, gt=0)

    @field_validator("issuer")
    @classmethod
    def _an_address(cls, issuer: str) -> str:
        local = issuer.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
        if not issuer.startswith("https://") and not local:
            raise ValueError("must begin with https://; plain http only on this machine")
        return issuer
