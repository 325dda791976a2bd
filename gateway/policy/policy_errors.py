"""What can be wrong with the files of a policy.

ExplainedError
└── PolicyInvalid           files that can't be used; carries every PolicyProblem that was found
ValueError
└── ConditionInvalid        a CEL expression that can't be used; becomes a PolicyProblem at its place
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.errors import ExplainedError


@dataclass(frozen=True, order=True)
class PolicyProblem:
    """One thing to mend: where it stands (line and column from 1), which field, what is wrong and what
    to do.
    """

    file: str
    line: int
    column: int
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place} {self.field}: {self.message}" if self.field else f"{place} {self.message}"


class PolicyInvalid(ExplainedError):
    """Policies or prompts can't be loaded; `problems` names all that is wrong, in the order of the files."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class ConditionInvalid(ValueError):
    """An expression does not compile, is not true or false, or fails on an empty request."""
