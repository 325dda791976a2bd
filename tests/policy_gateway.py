"""What of a gateway has to do with policies, on the ledger's log and a folder of its own."""

import asyncio

from gateway.operations import PolicyRollout, PolicyTrial, record_start
from gateway.policy import Approval, InForce, KnownNames
from gateway.redaction import Redactor
from tests.ledger import Ledger
from tests.policy.conftest import Folder


class Gateway:
    """Puts changes in force as a running gateway does."""

    def __init__(
        self,
        ledger: Ledger,
        folder: Folder,
        redactor: Redactor,
        models: tuple[str, ...] = ("default",),
        approval: Approval | None = None,
    ) -> None:
        self.folder = folder
        self.in_force = InForce(folder.load())
        self.problems: list[int] = []
        self.asked, self.done = asyncio.Event(), asyncio.Event()
        self.changes = PolicyRollout(
            self.in_force,
            (folder.policies, folder.prompts),
            KnownNames(models),
            PolicyTrial(folder.policies, redactor, (), can_sign=False),
            ledger.recorder,
            ledger.database,
            ledger.vault,
            reload_requested=self.asked,
            approval=approval or Approval(),
            on_problems=self._told,
        )
        ledger.run(lambda transaction: record_start(transaction, self.in_force.now))

    def _told(self, problems: int) -> None:
        self.problems.append(problems)
        self.done.set()

    @property
    def version(self) -> str:
        policy = self.in_force.get("plain")
        return "" if policy is None else policy.version
