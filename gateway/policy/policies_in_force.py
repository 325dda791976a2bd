"""What is in force at this moment, for everything that asks: a change puts another set in its place at once."""

from collections.abc import Collection

from gateway.policy.policy import Policy, PolicySet


class InForce:
    """The policies in force. A request keeps the one that it began with; the next request gets the next one."""

    def __init__(self, policies: PolicySet) -> None:
        self.now = policies
        self.out_of_step: frozenset[str] = frozenset()
        """Policies of which another gateway on the same log put in force what is not here: nothing is asked under
        them."""

    def get(self, policy: str) -> Policy | None:
        """The policy of this id, or None if none is in force."""
        return self.now.get(policy)

    def put(self, policies: PolicySet, out_of_step: Collection[str] = ()) -> None:
        """From now on these."""
        self.now, self.out_of_step = policies, frozenset(out_of_step)
