"""The overseer's command installs alone: one small wheel, and nothing but `cryptography` beside it."""

import importlib.util
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.audit.conftest import Folder
from tests.audit.logs import grow

ROOT = Path(__file__).parents[2]
PIP = (sys.executable, "-m", "pip")
PACKAGE = ROOT / "packaging" / "countersign-audit"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    into = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [
            *PIP,
            "wheel",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "-q",
            "--wheel-dir",
            str(into),
            str(PACKAGE),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert built.returncode == 0, built.stderr
    [made] = into.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory) -> Path:
    """The command in an environment of its own, which borrows `cryptography` and what that needs from here."""
    place = tmp_path_factory.mktemp("alone") / "venv"
    venv.create(place, with_pip=False)
    python = place / "bin" / "python"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
        timeout=120,
    )
    [packages] = (place / "lib").glob("python*/site-packages")
    for name in ("cryptography", "cffi", "_cffi_backend"):
        found = importlib.util.find_spec(name)
        if found is not None and found.origin is not None:
            origin = Path(found.origin)
            origin = origin.parent if origin.name == "__init__.py" else origin
            (packages / origin.name).symlink_to(origin)
    return place / "bin" / "countersign-audit"


def test_it_verifies_a_log_alone(command, tmp_path):
    folder = Folder(tmp_path / "data").begin()
    grow(folder, 300)
    for arguments in (
        ["verify", folder.path],
        ["mirror", folder.path, tmp_path / "mirror"],
        ["verify", tmp_path / "mirror"],
    ):
        done = subprocess.run(
            [command, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
    assert "All 300 events are as they were signed." in done.stdout


def test_its_environment_has_nothing_of_the_gateway(command, tmp_path):
    script = (
        "import importlib.util as u, audit, audit.cli;"
        "print([n for n in ('gateway', 'fastapi', 'pydantic', 'spacy', 'httpx', 'litellm') if u.find_spec(n)])"
    )
    done = subprocess.run(
        [command.parent / "python", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_the_wheel_is_small_and_holds_audit_only(wheel):
    with zipfile.ZipFile(wheel) as opened:
        tops = {name.split("/")[0] for name in opened.namelist()}
    assert wheel.stat().st_size < 200_000
    assert {top for top in tops if not top.endswith(".dist-info")} == {"audit"}


def test_both_distributions_share_version_command_and_cryptography_requirement():
    main, alone = (
        tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"] for folder in (ROOT, PACKAGE)
    )
    assert alone["version"] == main["version"]
    assert alone["scripts"]["countersign-audit"] == main["scripts"]["countersign-audit"]
    assert [need for need in main["dependencies"] if need.startswith("cryptography")] == alone["dependencies"]
