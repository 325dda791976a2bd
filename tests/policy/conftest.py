"""A folder of policies and prompts to break in one place at a time."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.policy import KnownNames, Policy, PolicyInvalid, PolicyProblem, PolicySet, load_policies

POLICY = """\
id: plain
title: Plain
purpose: To test with.
owner: Tests
stage: scan
applications: [casebook]
models: [default]
prompt: plain
"""
PROMPT = """\
---
id: plain
title: Plain
---
Be plain.
"""


@dataclass(frozen=True)
class Folder:
    """Two folders on disk, and what loading them gives."""

    policies: Path
    prompts: Path

    def write(self, text: str, name: str = "plain.yaml") -> None:
        (self.policies / name).write_text(text)

    def write_prompt(self, text: str, name: str = "plain.md") -> None:
        (self.prompts / name).write_text(text)

    def load(self, models: tuple[str, ...] = ("default",)) -> PolicySet:
        return load_policies(self.policies, self.prompts, KnownNames(models=models))

    def policy(self, more: str = "") -> Policy:
        self.write(POLICY + more)
        policy = self.load().get("plain")
        assert policy is not None
        return policy

    def problems(self, text: str | None = None) -> tuple[PolicyProblem, ...]:
        if text is not None:
            self.write(text)
        with pytest.raises(PolicyInvalid) as caught:
            self.load()
        return caught.value.problems


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "policies", tmp_path / "prompts")
    made.policies.mkdir()
    made.prompts.mkdir()
    made.write(POLICY)
    made.write_prompt(PROMPT)
    return made
