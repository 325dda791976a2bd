"""Where notices go. Nothing is sent unless an operator names a place."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class Email(BaseModel, extra="forbid"):
    """A mail server, and the recipients."""

    host: str = Field(description="the mail server (SMTP)")
    port: int = Field(587, ge=1, le=65_535, description="its port")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="none only for a server on this machine or network"
    )
    username: str | None = Field(None, description="to sign in to the mail server with")
    password: SecretStr | None = Field(None, description="best from COUNTERSIGN_NOTICES__EMAIL__PASSWORD")
    sender: str = Field(description="the address that notices come from")
    to: list[str] = Field(min_length=1, description="addresses that get every notice")
    by_policy: dict[str, list[str]] = Field(
        default_factory=dict, description="addresses that get one policy's notices instead"
    )


class Webhook(BaseModel, extra="forbid"):
    """An address that each notice is posted to, signed as Standard Webhooks 1.0 says."""

    url: str = Field(pattern=r"^https?://", description="where notices are posted")
    secret: SecretStr = Field(description="whsec_ and base64, best from an environment variable")


class NoticeSettings(BaseModel, extra="forbid"):
    """Notices of new, due and overdue advice, of alerts and of concerns; and of decisions, to applications."""

    email: Email | None = None
    webhook: Webhook | None = None
    applications: dict[str, Webhook] = Field(
        default_factory=dict,
        description="where an application, by its id, is told what became of its advice",
    )
    remind_minutes: int = Field(
        default=240, ge=1, description="advice is called due when so little time to decide is left"
    )
    every_seconds: float = Field(
        default=15.0, gt=0, description="how often the gateway looks for notices to send"
    )
