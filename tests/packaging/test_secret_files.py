"""Every secret that settings take can come from a file, and so can the keys of providers."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from gateway.commands.secret_files import read_secret_files
from gateway.settings import SettingsInvalid, load_settings
from tests.gateway.test_commands import command
from tests.packaging.tools import secret_settings

VALUES: dict[tuple[str, ...], str] = {("database",): "postgresql://role@host/name"}
NEEDED = {
    "COUNTERSIGN_NOTICES__EMAIL": {"host": "mail", "sender": "a@example.org", "to": '["b@example.org"]'},
    "COUNTERSIGN_NOTICES__WEBHOOK": {"url": "https://example.org"},
    "COUNTERSIGN_NOTICES__APPLICATIONS__CASEBOOK": {"url": "https://example.org"},
    "COUNTERSIGN_OIDC": {"issuer": "https://example.org", "client_id": "a"},
}
"""What the sections of secrets can't do without; no secret."""


def test_settings_take_the_secrets_that_are_known_here() -> None:
    assert ("oidc", "client_secret") in secret_settings()
    assert ("notices", "applications", "casebook", "secret") in secret_settings()


@pytest.mark.parametrize("where", secret_settings(), ids=".".join)
def test_each_secret_of_the_settings_comes_from_a_file(
    where: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = VALUES.get(where, "a secret")
    variable = "COUNTERSIGN_" + "__".join(where).upper()
    (tmp_path / variable).write_text(f"{value}\n")
    environ = {"COUNTERSIGN_SECRETS": str(tmp_path)}
    read_secret_files(environ)
    for name, text in environ.items():
        monkeypatch.setenv(name, text)
    section = variable.rpartition("__")[0]
    for name, text in NEEDED.get(section, {}).items():
        monkeypatch.setenv(f"{section}__{name.upper()}", text)
    monkeypatch.delenv("COUNTERSIGN_SECRETS")
    found: object = load_settings()
    for step in where:
        found = found[step] if isinstance(found, dict) else getattr(found, step)
    assert isinstance(found, SecretStr)
    assert found.get_secret_value() == value


def test_a_key_of_a_provider_comes_from_a_file_and_a_variable_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "OPENAI_API_KEY").write_text("from a file\n")
    (tmp_path / "AZURE_API_KEY").write_text("from a file\n")
    (tmp_path / "..data").mkdir()
    environ = {"COUNTERSIGN_SECRETS": str(tmp_path), "AZURE_API_KEY": "a variable"}
    read_secret_files(environ)
    assert environ["OPENAI_API_KEY"] == "from a file"
    assert environ["AZURE_API_KEY"] == "a variable"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("master_key", b"x", "named as the variable"),
        ("COUNTERSIGN_DATABASE", b"\xff", "UTF-8"),
        ("COUNTERSIGN_DATABASE", b"a\0b", "zero byte"),
    ],
)
def test_a_file_that_can_not_be_used_is_named_and_its_content_is_not(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsInvalid, match=said) as refused:
        read_secret_files({"COUNTERSIGN_SECRETS": str(tmp_path)})
    assert str(tmp_path / name) in str(refused.value)


def test_a_command_ends_with_a_sentence_where_the_folder_is_missing(tmp_path: Path) -> None:
    done = command("keys", "master", COUNTERSIGN_SECRETS=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "COUNTERSIGN_SECRETS" in done.stderr
    assert "Traceback" not in done.stderr
