"""How many people a change of a policy needs: the section `policy` of the settings."""

from pydantic import BaseModel, Field


class Approval(BaseModel, extra="forbid"):
    """Admins who must agree before a change is in force, each a different person."""

    loosening: int = Field(default=2, ge=1, le=5, description="to a change that weakens a safeguard")
    other: int = Field(default=1, ge=1, le=5, description="to any other change, and to a new policy")


class PolicyApproval(BaseModel, extra="forbid"):
    """How policies are changed."""

    approval: Approval = Approval()
