"""Seeded checks: advice that is known to be wrong, written by the department, to see whether people catch it.

One YAML file each, in a folder that callers never see: a policy only says how often one is mixed in.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator

from gateway.policy.field_types import Id, Line, Text
from gateway.policy.file_reading import FileReader, Found, read_file
from gateway.policy.policy import PolicySet
from gateway.policy.policy_errors import PolicyInvalid
from gateway.policy.policy_loading import yaml_files_of

Words = Annotated[StrictStr, Field(min_length=1, max_length=100_000)]

PlantedKind = Literal["date", "time", "sum", "percentage", "number", "identifier", "name"]


class CheckMessage(BaseModel):
    """One message of what is asked, where an application sends more than one."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="A message")

    role: Literal["system", "developer", "user", "assistant"]
    content: Words


class SeededCheck(BaseModel):
    """One piece of advice that is known to be wrong. It is about nobody: its people are made up."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="A seeded check")

    id: Id = Field(description="The file's name without .yaml")
    policy: Id = Field(description="The policy that it is mixed into")
    ask: Words | Annotated[tuple[CheckMessage, ...], Field(min_length=1)] = Field(
        description="What is asked, as an application of the policy would: a text, or its messages"
    )
    answer: Words = Field(
        description="The advice, with something in it that is wrong; with `plant`, a good one"
    )
    wrong: tuple[Line, ...] = Field(
        default=(), description="Words of the answer that are wrong: a changed text without them caught it"
    )
    why: Text | None = Field(
        default=None, description="What is wrong with it; the person reads it after deciding"
    )
    plant: tuple[PlantedKind, ...] = Field(
        default=(),
        description="In place of `wrong` and `why`: kinds of facts of which the gateway makes one wrong, another each"
        " time",
    )

    @model_validator(mode="after")
    def _either(self) -> Self:
        if bool(self.wrong) == bool(self.plant):
            raise ValueError("give either `wrong` and `why`, or `plant`")
        if (self.why is None) != bool(self.plant):
            raise ValueError("give `why` with `wrong`, and none with `plant`")
        return self

    def made_wrong(self, answer: str, *, right: str, wrong: str, kind: PlantedKind) -> "PlantedCheck":
        """The check with an answer of which one fact was made wrong."""
        why = f"The answer says {wrong}. What was sent says {right}."
        given = {"wrong": (wrong,), "why": why, "plant": (), "answer": answer, "planted": kind}
        return PlantedCheck(**{**self.model_dump(), **given})

    @property
    def turns(self) -> list[tuple[str, str]]:
        """The messages of what is asked: role and text."""
        if isinstance(self.ask, str):
            return [("user", self.ask)]
        return [(turn.role, turn.content) for turn in self.ask]


class PlantedCheck(SeededCheck):
    """A check as it is mixed in, with the kind of fact that the gateway made wrong."""

    planted: PlantedKind


def load_seeded_checks(folder: Path | None, policies: PolicySet) -> Mapping[str, Sequence[SeededCheck]]:
    """The checks of a folder by policy; raises PolicyInvalid with every problem, each at its place."""
    found = Found()
    checks: dict[str, list[SeededCheck]] = {}
    for path in yaml_files_of(folder, found) if folder is not None else ():
        raw = read_file(path, found)
        reader = FileReader(path, found)
        document = None if raw is None else reader.document(raw)
        check = None if document is None else reader.model(SeededCheck, document)
        if document is None or check is None or not reader.named_like_file(check.id, document):
            continue
        if policies.get(check.policy) is None:
            reader.add(document.place(("policy",)), ("policy",), "is no policy in force; check its id")
        for index, wrong in enumerate(check.wrong):
            if _plain(wrong) not in _plain(check.answer):
                steps = ("wrong", index)
                reader.add(document.place(steps), steps, "does not stand in `answer`; copy it from there")
        checks.setdefault(check.policy, []).append(check)
    for policy in policies:
        if policy.review.check_one_in is not None and policy.id not in checks:
            found.problem(
                f"policy {policy.id}",
                "mixes in checks (review.check_one_in), but there is none for it; write one in the folder that the"
                " setting `checks` names",
            )
    if found.problems:
        raise PolicyInvalid(found.problems)
    return checks


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
