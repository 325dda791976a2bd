"""The guides for developers, followed to the letter in a copy of the code."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r'^ *```\w+ title="([^"]+)"\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    ```(markdown|yaml)\n(.*?)^    ```$", re.MULTILINE | re.DOTALL)

FOLLOW = """
import json, sys
from pathlib import Path
from gateway.redaction import RedactionSettings, Redactor
from tools.docs.identifiers import page

redactor = Redactor.load(RedactionSettings(name_model=None))
rows = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
found = [redactor.redact({"messages": [{"role": "user", "content": row["text"]}]}) for row in rows]
sent = [one.request["messages"][0]["content"] for one in found]
print(json.dumps({"sent": sent, "page": page()}))
"""


def blocks(guide: str) -> dict[str, str]:
    """The code blocks of a guide that name a file, by that file."""
    text = (ROOT / "docs" / "develop" / guide).read_text("utf-8")
    return {match[1]: match[2] for match in BLOCK.finditer(text)}


def test_an_identifier_that_is_added_as_the_guide_says_is_redacted(tmp_path: Path) -> None:
    source, texts = blocks("identifier.md").items()
    (tmp_path / "gateway").mkdir()
    for file in ("__init__.py", "errors.py"):
        shutil.copy(ROOT / "gateway" / file, tmp_path / "gateway")
    for folder in ("gateway/redaction", "tools/docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "identifiers.md", tmp_path / "docs")
    assert not (tmp_path / source[0]).exists()
    (tmp_path / source[0]).write_text(source[1], "utf-8")
    lines = tmp_path / "texts.jsonl"
    lines.write_text(texts[1], "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", FOLLOW, str(lines)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    for row, sent in zip(map(json.loads, texts[1].splitlines()), answer["sent"], strict=True):
        expected = row["text"]
        for number, (start, end, entity) in reversed(list(enumerate(row["spans"], 1))):
            expected = f"{expected[:start]}<{entity}_{number}>{expected[end:]}"
        assert sent == expected
    assert "| `UK_PARKING_PERMIT` | parking permits" in answer["page"]


def test_a_use_that_is_added_as_the_how_to_says_is_checked_and_its_examples_pass(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "how-to" / "add-a-use.md").read_text("utf-8")
    found = {kind: textwrap.dedent(body) for kind, body in INDENTED.findall(text)}
    for folder, name in (("prompts", "meeting-note.md"), ("policies", "meeting-note.yaml")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(
            found[name.rpartition(".")[2].replace("md", "markdown")], "utf-8"
        )
    for command in ("check", "test"):
        program = f"import sys; sys.argv[1:] = ['policy', '{command}']; from gateway.commands.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_guides_name_exists() -> None:
    added = {"gateway/redaction/recognisers/uk/parking.py", "gateway/web/locale/gd.po"}
    for guide in (ROOT / "docs" / "develop").glob("*.md"):
        text = guide.read_text("utf-8")
        named = set(re.findall(r"`((?:audit|gateway|docs|tests|packaging|policies|tools)/[\w./-]+)`", text))
        missing = {name for name in named - added if not (ROOT / name).exists()}
        assert not missing, guide.name


def test_the_code_that_the_guides_quote_stands_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "gateway").rglob("*.py")))
    code += "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "audit").rglob("*.py")))
    code += (ROOT / "tests" / "gateway" / "test_concerns.py").read_text("utf-8")
    stripped = {line.strip() for line in code.splitlines()}
    for guide in ("provider", "policy-field", "event-type", "endpoint"):
        text = (ROOT / "docs" / "develop" / f"{guide}.md").read_text("utf-8")
        for block in re.findall(r"^ *```python\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL):
            changed = [line for line in block.splitlines() if line.strip() and line.strip() not in stripped]
            assert not changed, guide
