"""The part of a policy's file that says how much may be used."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from gateway.money import Amount
from gateway.policy.field_types import PerCent

_Count = Annotated[StrictInt, Field(ge=1)]


class Quota(BaseModel):
    """How much may be used in a minute, a day (UTC) and a month (UTC); what is left out has no limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    requests_per_minute: _Count | None = Field(default=None, description="In any 60 seconds")
    tokens_per_minute: _Count | None = Field(
        default=None, description="In any 60 seconds: those that are sent and those that the model writes"
    )
    tokens_per_day: _Count | None = Field(default=None, description="From midnight to midnight, UTC")
    tokens_per_month: _Count | None = Field(default=None, description="In a calendar month, UTC")
    cost_per_day: Amount | None = Field(
        default=None,
        description="Money with its currency, 25 USD; each model of the policy needs a price in it",
    )
    cost_per_month: Amount | None = Field(default=None, description="The same for a calendar month")


class Limits(Quota):
    """What each application may use of the policy; and what all of them may together, and each person."""

    requests_per_minute: _Count | None = 60
    tokens_per_day: _Count | None = 2_000_000
    together: Quota = Field(default=Quota(), description="Of all applications together")
    each_person: Quota = Field(
        default=Quota(),
        description="Of each person on whose behalf is asked; requests that name nobody count as one person",
    )
    answer_tokens: _Count = Field(
        default=500,
        description="Tokens that are set aside for an answer, where the request has no `max_tokens`, until it is there",
    )
    warn_at: PerCent = Field(
        default=80, description="Per cent of a limit of a day or a month at which admins are told"
    )


COSTS: Final = ("cost_per_day", "cost_per_month")
