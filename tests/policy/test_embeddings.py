"""A policy's section `embeddings`: which models, and that what is not redacted never leaves."""

import pytest

from gateway.policy import KnownNames, PolicyInvalid, load_policies
from tests.policy.conftest import POLICY, Folder

EMBEDDERS = {"default": False, "small": True}


def problems(folder: Folder, section: str) -> list[tuple[str, str]]:
    folder.write(f"{POLICY}embeddings: {section}\n")
    try:
        load_policies(
            folder.policies, folder.prompts, KnownNames(models=["default", "chat"], embedders=EMBEDDERS)
        )
    except PolicyInvalid as error:
        return [(problem.field, problem.message) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    "section", ["{models: [default]}", "{models: [small]}", "{models: [small], leaves: false}"]
)
def test_what_can_be_asked(folder: Folder, section: str) -> None:
    assert problems(folder, section) == []


def test_what_is_not_redacted_must_not_leave(folder: Folder) -> None:
    ((field, message),) = problems(folder, "{models: [small, default], leaves: false}")
    assert field == "embeddings.models[1]"
    assert "`embedding_models`" in message


def test_a_model_that_makes_none_is_named(folder: Folder) -> None:
    ((field, message),) = problems(folder, "{models: [chat]}")
    assert field == "embeddings.models[0]"
    assert message.endswith("it has: default, small")


def test_a_policy_without_it_keeps_its_version(folder: Folder) -> None:
    plain = folder.policy()
    assert plain.embeddings is None
    assert folder.policy("embeddings: {models: [default]}\n").version != plain.version
    assert "embeddings" not in plain.model_dump(exclude_none=True)
