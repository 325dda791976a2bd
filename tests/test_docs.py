"""What the code can say, the documents explain."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from gateway.errors import CODES
from gateway.settings import Settings

ROOT = Path(__file__).parent.parent
EVENT_TYPE = re.compile(
    r"(advice|embedding|view|decision|redaction|policy|key|passkey|content|hold|master_key|concern|alert|check)\.[a-z_]+|log\.key_[a-z_]+"
)


def read(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_each_error_code_is_documented_with_its_status(code: str) -> None:
    status, meaning = CODES[code]
    assert f"| `{code}` | {status} | {meaning} |" in read("errors.md")


def _strings(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_each_event_type_is_documented_and_each_documented_one_exists() -> None:
    strings = set().union(*(_strings(path) for path in (ROOT / "gateway").rglob("*.py")))
    written = {text for text in strings if EVENT_TYPE.fullmatch(text) and not text.endswith(".html")}
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", read("events.md"), re.MULTILINE))
    assert written == documented


def _fields(model: type[BaseModel], prefix: str = "") -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        names.append(prefix + name)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += _fields(kind, f"{prefix}{name}.")
    return names


@pytest.mark.parametrize("name", _fields(Settings))
def test_each_setting_is_documented(name: str) -> None:
    assert f"| `{name}` |" in read("settings.md")


def test_each_code_that_is_raised_is_in_the_table() -> None:
    raised = set()
    for path in (ROOT / "gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("GatewayError", "Conflict"):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    raised.add(first.value)
    assert raised
    assert raised <= set(CODES)


FORMAT = re.compile(r"countersign-[a-z]+/v[0-9]+")


def test_each_format_is_documented_and_each_documented_one_exists() -> None:
    strings = set().union(*(_strings(path) for path in (ROOT / "audit").rglob("*.py")))
    written = {found for text in strings for found in FORMAT.findall(text)}
    assert written == set(FORMAT.findall(read("formats.md")))


def test_each_command_of_the_overseer_is_in_its_guide() -> None:
    guide = read("oversight.md")
    for name in ("verify", "mirror", "watch", "prove", "check", "open", "witness generate", "witness serve"):
        assert f"countersign-audit {name}" in guide


@pytest.mark.parametrize("name", ["formats.md", "oversight.md"])
def test_what_the_guides_point_to_exists(name: str) -> None:
    text = read(name)
    for target in re.findall(r"`((?:audit|gateway|docs|tests|packaging)/[\w./-]+)`", text):
        assert (ROOT / target).exists(), target
    for file, anchor in re.findall(r"\]\(([\w.-]*)(?:#([\w-]+))?\)", text):
        assert (ROOT / "docs" / (file or name)).exists(), file
        headings = [
            re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
            for line in read(file or name).splitlines()
            if line.startswith("#")
        ]
        assert not anchor or anchor in headings, anchor
