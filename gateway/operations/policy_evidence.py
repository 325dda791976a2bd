"""What the record shows of a policy, beside what the policy asks for before it is in force at the stage `scale`.

The figures are measures of oversight over all that is on record of the policy. They are read in the log's transaction
that puts a version in force, and stand in its event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.oversight import record_of_policy
from gateway.policy import Policy, PolicyProblem, place_of
from gateway.storage import Connection

_COUNTS: Final = ("decisions_at_least", "checks_at_least")
_SHARES: Final = {
    "rejected_at_least": "rejected",
    "caught_at_least": "caught",
    "overdue_at_most": "overdue",
    "unsupported_accepted_at_most": "unsupported_accepted",
}
"""Fields of `scale`, and the measure of each."""


@dataclass(frozen=True)
class Shown:
    """One condition: a field of `scale`, what it asks for, and what the record shows, None where it shows nothing.

    Shares are in thousandths. What is of fewer than ten is judged, and not `told`.
    """

    field: str
    asked: int
    found: int | None
    is_share: bool = False
    publishable: bool = True

    @property
    def met(self) -> bool:
        """Whether it holds: of nothing there is not too much, and not enough."""
        if self.field.endswith("_at_most"):
            return (self.found or 0) <= self.asked
        return (self.found or 0) >= self.asked

    def __str__(self) -> str:
        return f"asks for {self._words(self.asked)}, and the record shows {self._found()}"

    def _found(self) -> str:
        if self.found is None:
            return "nothing yet"
        return self._words(self.found) if self.publishable else "less than ten of them"

    def _words(self, value: int) -> str:
        return f"{value / 10:g} per cent" if self.is_share else str(value)


def evidence_for(connection: Connection, policy: Policy, now: str) -> list[Shown]:
    """Every condition of a policy at the stage `scale`; none of another policy."""
    scale = policy.scale
    if policy.stage != "scale" or scale is None:
        return []
    known = record_of_policy(connection, policy.id, now)
    shown = [
        Shown("decisions_at_least", scale.decisions_at_least, known.decisions),
        Shown("checks_at_least", scale.checks_at_least, known.checks),
    ]
    for field, name in _SHARES.items():
        share = known.shares[name]
        asked = getattr(scale, field) * 10
        shown.append(Shown(field, asked, share.thousandths, is_share=True, publishable=share.is_publishable))
    return shown


def evidence_in_event(shown: Sequence[Shown]) -> dict[str, int]:
    """The record's figures by field: counts, and shares in thousandths; what is not told is missing."""
    return {one.field: one.found for one in shown if one.found is not None and one.publishable}


def evidence_on_record(evidence: Mapping[str, int], policy: Policy | None = None) -> list[Shown]:
    """What a version's event holds of `evidence_for`, in its order; `policy`: that version, if its words are kept."""
    scale = None if policy is None else policy.scale
    shown = []
    for field in (*_COUNTS, *_SHARES) if evidence else ():
        unit = 10 if field in _SHARES else 1
        asked = 0 if scale is None else getattr(scale, field) * unit
        shown.append(Shown(field, asked, evidence.get(field), is_share=field in _SHARES))
    return shown


def evidence_missing(folder: Path, policy: Policy, shown: Sequence[Shown]) -> list[PolicyProblem]:
    """Every condition that does not hold, at its place in the policy's file."""
    path = folder / f"{policy.id}.yaml"
    return [
        PolicyProblem(str(path), *place_of(path, ("scale", one.field)), f"scale.{one.field}", str(one))
        for one in shown
        if not one.met
    ]
