"""A policy's section `transcriptions`: nothing can be redacted from sound, so it never leaves."""

from pathlib import Path

import pytest

from gateway.policy import KnownNames, PolicyInvalid, load_policies, weakened
from gateway.settings import SettingsInvalid, load_settings
from tests.policy.conftest import POLICY, Folder

TRANSCRIBERS = {"default": False, "whisper": True}


def problems(folder: Folder, section: str) -> list[tuple[str, str]]:
    folder.write(f"{POLICY}transcriptions: {section}\n")
    try:
        load_policies(
            folder.policies, folder.prompts, KnownNames(models=["default"], transcribers=TRANSCRIBERS)
        )
    except PolicyInvalid as error:
        return [(problem.field, problem.message) for problem in error.problems]
    return []


def test_a_server_of_ones_own_may_be_asked(folder: Folder) -> None:
    assert problems(folder, "{models: [whisper], leaves: false}") == []


def test_a_route_that_is_outside_is_refused_with_the_remedy(folder: Folder) -> None:
    ((field, message),) = problems(folder, "{models: [whisper, default], leaves: false}")
    assert field == "transcriptions.models[1]"
    assert "`leaves: false` at models.default in countersign.yaml" in message


@pytest.mark.parametrize("section", ["{models: [whisper]}", "{models: [whisper], leaves: true}"])
def test_that_nothing_leaves_has_to_be_said(folder: Folder, section: str) -> None:
    found = problems(folder, section)
    assert {field for field, _ in found} == {"transcriptions.leaves"}
    assert len(found) == 1, found


def test_a_model_that_is_none_is_named(folder: Folder) -> None:
    ((field, message),) = problems(folder, "{models: [whispr], leaves: false}")
    assert field == "transcriptions.models[0]"
    assert message.endswith("did you mean whisper?")


def test_a_policy_without_it_keeps_its_version_and_one_with_it_guards_less(folder: Folder) -> None:
    plain = folder.policy()
    with_it = folder.policy("transcriptions: {models: [whisper], leaves: false}\n")
    more = folder.policy("transcriptions: {models: [whisper, default], leaves: false}\n")
    assert plain.transcriptions is None
    assert with_it.version != plain.version
    assert "transcriptions" not in plain.model_dump(exclude_none=True)
    assert weakened(plain, with_it) == ["transcriptions"]
    assert weakened(with_it, more) == ["transcriptions.models"]
    assert weakened(with_it, plain) == []


def test_a_route_within_needs_the_address_of_its_server(tmp_path: Path) -> None:
    file = tmp_path / "countersign.yaml"
    file.write_text("models:\n  whisper: {model: openai/whisper-1, leaves: false}\n")
    with pytest.raises(SettingsInvalid, match=r"models\.whisper.*api_base"):
        load_settings(file)
