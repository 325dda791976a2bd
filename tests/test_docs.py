"""What the code can say, the documents explain."""

import ast
import os
import re
import subprocess
import sys
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from gateway.errors import CODES
from gateway.policy.conditions import AnswerFacts, DecisionFacts, RequestFacts
from gateway.policy.schema import PolicyFile, PromptFile
from gateway.settings import Settings
from tools.docs import api, commands
from tools.docs.hooks import DIAGRAMS, DOCS, blocks_of, picture_of

ROOT = Path(__file__).parent.parent
EVENT_TYPE = re.compile(
    r"(advice|embedding|transcription|view|decision|redaction|policy|key|passkey|content|hold|master_key|concern|alert|check|demonstration|limit)\.[a-z_]+|log\.key_[a-z_]+"
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
    documented = set(re.findall(r"^### `([a-z_.]+)`$", read("events.md"), re.MULTILINE))
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


def _policy_fields(model: type[BaseModel], prefix: str = "") -> list[str]:
    names = []
    for name, field in model.model_fields.items():
        parts = [field.annotation, *get_args(field.annotation)]
        inner = [one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)]
        nested = [found for one in inner for found in _policy_fields(one, f"{prefix}{name}.")]
        names += nested if field.annotation in inner else [prefix + name, *nested]
    return names


@pytest.mark.parametrize(
    ("page", "name"),
    [("policies.md", one) for one in _policy_fields(PolicyFile)]
    + [("prompts.md", one) for one in PromptFile.model_fields],
)
def test_each_field_of_a_policy_and_a_prompt_is_documented(page: str, name: str) -> None:
    assert f"| `{name}` |" in read(page)


def test_each_documented_field_of_a_policy_exists() -> None:
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", read("policies.md"), re.MULTILINE))
    assert documented <= set(_policy_fields(PolicyFile))


def test_each_name_of_a_condition_is_documented_and_each_documented_one_exists() -> None:
    kinds = {"request": RequestFacts, "answer": AnswerFacts, "decisions": DecisionFacts}
    known = {f"{prefix}.{field.name}" for prefix, kind in kinds.items() for field in fields(kind)}
    assert (
        set(
            re.findall(
                r"^\| `((?:request|answer|decisions)\.[a-z_]+)` \|", read("conditions.md"), re.MULTILINE
            )
        )
        == known
    )


def test_the_reference_of_the_api_is_that_of_the_code() -> None:
    assert api.page() == api.PAGE.read_text("utf-8"), "run python -m tools.docs.api"


def test_the_reference_of_the_commands_is_that_of_their_help() -> None:
    assert commands.page() == commands.PAGE.read_text("utf-8"), "run python -m tools.docs.commands"


def test_each_diagram_has_its_picture_and_each_picture_its_diagram() -> None:
    wanted = {
        picture_of(block) for page in DOCS.rglob("*.md") for block in blocks_of(page.read_text("utf-8"))
    }
    assert wanted == {path.name for path in DIAGRAMS.glob("*.svg")}, "run make diagrams"


class _Loaded(HTMLParser):
    """What a browser loads by itself from a page: every address but those of links to be followed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = {"src", "srcset", "data", "poster", "xlink:href"} | (set() if tag == "a" else {"href"})
        self.addresses += [value for name, value in attrs if name in wanted and value]


def test_the_site_builds_strictly_and_asks_no_other_host_for_anything(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        loaded = _Loaded()
        loaded.feed(page.read_text("utf-8"))
        assert not [one for one in loaded.addresses if re.match(r"(?:https?:)?//", one)], page.name
        assert 'class="mermaid"' not in page.read_text("utf-8"), "the theme would load a script for it"
    for style in tmp_path.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style.read_text("utf-8")), (
            style.name
        )


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_the_links_of_the_front_pages_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    targets = [one.partition("#")[0] for one in re.findall(r"\]\(([^)]+)\)", text) if "://" not in one]
    assert targets
    assert [one for one in targets if not (ROOT / one).exists()] == []


@pytest.mark.parametrize(
    "page",
    [
        *(one for one in (ROOT / "docs").rglob("*.md") if one.parent.name != "reference"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    ],
    ids=lambda page: page.name,
)
def test_prose_is_wrapped_at_a_hundred_characters(page: Path) -> None:
    parts = page.read_text("utf-8").split("```")
    prose = [line for part in parts[::2] for line in part.splitlines()]
    long = [line for line in prose if len(line) > 100 and not line.startswith(("|", "![", "<", "    "))]
    assert [line for line in long if "http" not in line] == []
