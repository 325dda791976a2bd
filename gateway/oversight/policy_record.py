"""What is on record of one policy as a whole, in a few figures."""

from collections import Counter
from dataclasses import dataclass

from gateway.oversight.decision_columns import Decisions, advice_by_day
from gateway.oversight.definitions import ADVICE_MEASURES, DECISION_MEASURES, FEWEST, Sample
from gateway.storage import Connection


@dataclass(frozen=True)
class PolicyShare:
    """A measure of a policy: of how many, and the share in thousandths; None of nothing."""

    count: int
    thousandths: int | None

    @property
    def is_publishable(self) -> bool:
        """Whether it is of enough to be told."""
        return self.count >= FEWEST

    @classmethod
    def of(cls, sample: Sample) -> "PolicyShare":
        """From the sample of a measure."""
        return cls(sample.count, None if sample.value is None else round(sample.value * 1000))


@dataclass(frozen=True)
class PolicyRecord:
    """Decisions, seeded checks that were decided on, and measures by their ids."""

    decisions: int
    checks: int
    shares: dict[str, PolicyShare]


def record_of_policy(connection: Connection, policy: str, now: str) -> PolicyRecord:
    """All that is on record of the policy, whichever of its versions was in force."""
    facts = Decisions().read(connection).casework
    own = facts.where(facts.policy == policy)
    counts: Counter[str] = Counter()
    for day in advice_by_day(connection, now):
        if day.policy == policy:
            counts.update(day.counts)
    shares = {
        measure.id: PolicyShare.of(measure.work_out(own))
        for measure in DECISION_MEASURES
        if measure.unit == "share"
    }
    shares |= {measure.id: PolicyShare.of(measure.work_out(counts)) for measure in ADVICE_MEASURES}
    return PolicyRecord(len(own), counts["checks"], shares)
