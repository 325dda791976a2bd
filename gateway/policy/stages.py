"""The parts of a policy's file that say what its stage means."""

from pydantic import BaseModel, ConfigDict, Field

from gateway.policy.field_types import Count, Day, Line, PerCent, Share


class Scan(BaseModel):
    """Who may ask a model at the stage `scan`. Everybody else is answered by the rehearsal model alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[Line, ...] = Field(default=(), description="Ids of people, as `on_behalf_of` has them")


class Pilot(BaseModel):
    """Who takes part in a pilot, and until when; everybody, where neither people nor a share is named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[Line, ...] = Field(default=(), description="Ids of people, as `on_behalf_of` has them")
    share: PerCent | None = Field(
        default=None,
        description="Per cent of the requests, chosen by their case; of those without a case, by what they ask",
    )
    until: Day = Field(description="The last day (UTC); from the next one on every request is refused")

    @property
    def for_everybody(self) -> bool:
        """Whether every request takes part."""
        return self.share == 100 if self.people or self.share is not None else True


class Scale(BaseModel):
    """What the record must show of this policy before a version of it is in force at the stage `scale`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decisions_at_least: Count = Field(description="How many decisions people have made")
    rejected_at_least: Share = Field(
        default=0, description="Per cent of them that rejected the advice: people do say no"
    )
    checks_at_least: Count = Field(description="How many seeded checks people have decided on; 0 without any")
    caught_at_least: Share = Field(description="Per cent of those checks that were caught")
    overdue_at_most: Share = Field(
        description="Per cent of the advice received that was not decided on in time"
    )
    unsupported_accepted_at_most: Share = Field(
        description="Per cent of decisions on advice with facts that are not in what was sent, which accepted it as it"
        " stands"
    )
