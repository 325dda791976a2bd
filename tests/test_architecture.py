"""The repository keeps its own rules."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PARTS = (
    "telemetry",
    "advice",
    "documents",
    "identity",
    "policy",
    "providers",
    "redaction",
    "storage",
    "witnessing",
    "api",
    "http",
    "operations",
    "steps",
    "web",
)
SOURCES = [path for part in ("gateway", "audit") for path in (ROOT / part).rglob("*.py")]


pytestmark = pytest.mark.xdist_group("architecture")  # all sources are read once there


@functools.cache
def _imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return frozenset(found)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_imported_by_its_front_module_only(part: str) -> None:
    outside = [path for path in SOURCES if (ROOT / "gateway" / part) not in path.parents]
    behind = f"gateway.{part}."
    reached = {(path.name, name) for path in outside for name in _imports(path) if name.startswith(behind)}
    assert not reached


def test_audit_is_imported_by_its_front_module_only() -> None:
    reached = {
        name
        for path in SOURCES
        if (ROOT / "audit") not in path.parents
        for name in _imports(path)
        if name.startswith("audit.")
    }
    assert not reached


def test_only_providers_import_litellm() -> None:
    importers = {
        path.parent.name
        for path in SOURCES
        for name in _imports(path)
        if name == "litellm" or name.startswith("litellm.")
    }
    assert importers == {"providers"}


def test_audit_needs_cryptography_and_nothing_else() -> None:
    names = {name.partition(".")[0] for path in (ROOT / "audit").rglob("*.py") for name in _imports(path)}
    foreign = {name for name in names if name not in sys.stdlib_module_names}
    assert foreign == {"audit", "cryptography"}


def test_importing_has_no_effects_and_makes_no_network_call(tmp_path: Path) -> None:
    modules = sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
        if "migrations" not in path.parts and path.stem != "__main__"
    )
    program = f"""
import socket, sys
def refuse(*_args, **_more): raise SystemExit("a network call")
socket.socket.connect = socket.getaddrinfo = refuse
for name in {modules!r}: __import__(name)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_locks_pin_every_package_with_hashes_and_name_no_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert pins
        assert all("==" in pin and pin.endswith("\\") for pin in pins)
        assert text.count("--hash=sha256:") >= len(pins)


@pytest.mark.parametrize("name", ["utils", "helpers", "manager", "common"])
def test_no_file_is_called_by_a_name_that_says_nothing(name: str) -> None:
    assert not [path for path in SOURCES if path.stem == name]


def test_the_pipeline_stays_short_and_has_each_step_under_its_number() -> None:
    text = (ROOT / "gateway" / "pipeline.py").read_text("utf-8")
    assert len(text.splitlines()) <= 350
    for number in range(1, 12):
        assert f"# {number}. " in text
