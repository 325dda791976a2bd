"""The `witnessing` section of `countersign.yaml`: who must see the log, from which day on, and how often."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, Field, model_validator

if TYPE_CHECKING:
    from audit import Verifier


def _a_witness_key(text: str) -> str:
    from audit import NoteInvalid, Verifier  # loaded where there are witnesses only

    try:
        key = Verifier.parse(text)
    except NoteInvalid as error:
        raise ValueError(str(error)) from None
    if not key.cosigns:
        raise ValueError("this is a log's key; a witness has a key of its own")
    return text


def _an_address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise ValueError("must begin with https:// or http://")
    return text.rstrip("/")


class WitnessSettings(BaseModel, extra="forbid"):
    """One witness: its submission prefix, and its verifier keys as it published them."""

    url: Annotated[str, AfterValidator(_an_address)]
    keys: Annotated[list[Annotated[str, AfterValidator(_a_witness_key)]], Field(min_length=1)]

    @property
    def name(self) -> str:
        """The name in its keys."""
        return self.verifiers[0].name

    @property
    def verifiers(self) -> "list[Verifier]":
        """Its keys."""
        from audit import Verifier

        return [Verifier.parse(key) for key in self.keys]

    @model_validator(mode="after")
    def _one_name(self) -> "WitnessSettings":
        if len({key.name for key in self.verifiers}) != 1:
            raise ValueError("the keys of one witness must all have its name")
        return self


class WitnessPolicy(BaseModel, extra="forbid", populate_by_name=True):
    """From `from` on, `quorum` of `witnesses` must cosign a checkpoint for it to count as witnessed."""

    since: date = Field(alias="from")
    quorum: int = Field(ge=1)
    witnesses: list[WitnessSettings] = Field(min_length=1)

    @model_validator(mode="after")
    def _reachable(self) -> "WitnessPolicy":
        names = [witness.name for witness in self.witnesses]
        if len(set(names)) != len(names):
            raise ValueError("each witness stands in a policy once")
        if self.quorum > len(names):
            raise ValueError("the quorum is larger than the number of witnesses")
        return self


class WitnessingSettings(BaseModel, extra="forbid"):
    """Whose cosignatures are asked for, and when."""

    every_seconds: float = Field(
        default=60.0, gt=0, description="a checkpoint is sent at least this often, also an unchanged one"
    )
    quiet_seconds: float = Field(
        default=5.0, gt=0, description="an event after that much quiet is sent at once"
    )
    timeout_seconds: float = Field(default=10.0, gt=0, description="longest wait for one witness")
    unready_seconds: float = Field(
        default=600.0, gt=0, description="the gateway is not ready once too few have cosigned for so long"
    )
    policies: list[WitnessPolicy] = Field(
        default_factory=list, description="k of n witnesses, each policy from its day on"
    )

    def in_force(self, today: date) -> WitnessPolicy | None:
        """The policy of that day: the latest one that had begun."""
        begun = [policy for policy in self.policies if policy.since <= today]
        return max(begun, key=lambda policy: policy.since) if begun else None

    @model_validator(mode="after")
    def _one_a_day(self) -> "WitnessingSettings":
        if len({policy.since for policy in self.policies}) != len(self.policies):
            raise ValueError("two witness policies begin on one day; keep one of them")
        return self
