"""Commands are listed from a table, and what a command does not need is not loaded for it."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.commands.cli import app
from gateway.commands.command_table import CommandGroup
from gateway.commands.policy_table import policy_commands

ROOT = Path(__file__).parents[2]
GROUPS = {"countersign": app, "countersign policy": policy_commands}
ROWS = [(group, name) for group in GROUPS for name in typer.main.get_group(GROUPS[group]).commands]


def group_named(name: str) -> CommandGroup:
    group = typer.main.get_group(GROUPS[name])
    assert isinstance(group, CommandGroup)
    return group


@pytest.mark.parametrize(("group", "name"), ROWS)
def test_a_summary_is_the_first_paragraph_of_the_commands_help(group: str, name: str) -> None:
    table = group_named(group)
    loaded = table.loaded(name)
    assert loaded.name == name
    assert " ".join((loaded.help or "").split("\n\n")[0].split()) == table.commands[name].help


def test_a_misspelt_command_is_named_with_the_nearest_one() -> None:
    assert "Did you mean 'policy'?" in CliRunner().invoke(app, ["polcy"]).output


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["--help"], {"pydantic", "sqlalchemy", "numpy", "fastapi", "litellm"}),
        (["policy", "check"], {"sqlalchemy", "numpy", "fastapi", "litellm", "onnxruntime", "httpx", "audit"}),
    ],
)
def test_a_command_loads_no_library_that_it_does_not_need(
    words: list[str], unneeded: set[str], tmp_path: Path
) -> None:
    program = f"""
import sys
from gateway.commands.cli import app
sys.argv = ["countersign", *{words!r}]
try: app()
except SystemExit: pass
print("loaded", *({unneeded!r} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded"
