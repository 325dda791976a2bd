"""A release: the same files from the same commit, and signed so that anyone can tell."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.packaging.tools import ROOT, tool

SIGNER = "releases@countersign.example"
NAMESPACE = "countersign-release"

pytestmark = pytest.mark.xdist_group("release")


def run(*command: object, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))}
    environ = {**clean, "BIN": str(Path(sys.executable).parent)}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, input=stdin, capture_output=True, env=environ, check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what lies here, committed."""
    for needed in ("git", "ssh-keygen"):
        if shutil.which(needed) is None:
            pytest.skip(f"needs {needed}")
    if not (ROOT / ".git").exists():
        pytest.skip("needs a repository of git")
    folder = tmp_path_factory.mktemp("release")
    here = folder / "repository"
    listed = run("git", "ls-files", "-z", cwd=ROOT).stdout.decode().split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, here / name)
    run("git", "init", "-q", cwd=here)
    (here / ".git" / "info" / "exclude").write_text(".venv-packaging\n")
    (here / ".venv-packaging").symlink_to(tool("python").parent.parent)
    run("git", "add", "-A", cwd=here)
    someone = ("-c", "user.name=someone", "-c", "user.email=someone@example.org")
    done = run("git", *someone, "commit", "-q", "-m", "all of it", cwd=here)
    assert done.returncode == 0, done.stderr
    for name in ("key", "other"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name, cwd=folder)
    public = (folder / "key.pub").read_text().rsplit(" ", 1)[0]
    (folder / "allowed_signers").write_text(f'{SIGNER} namespaces="{NAMESPACE}" {public}\n')
    return here


@pytest.fixture(scope="module")
def release(checkout: Path) -> Path:
    out = checkout.parent / "one"
    done = run("tools/supply/release.sh", checkout.parent / "key", out, cwd=checkout)
    assert done.returncode == 0, done.stderr
    return out


def verified(release: Path, signature: Path | None = None) -> bool:
    """As docs/how-to/verify-a-release.md says."""
    signed = (release / "SHA256SUMS").read_bytes()
    command = ["ssh-keygen", "-Y", "verify", "-f", release.parent / "allowed_signers", "-I", SIGNER]
    command += ["-n", NAMESPACE, "-s", signature or release / "SHA256SUMS.sig"]
    if run(*command, cwd=release, stdin=signed).returncode != 0:
        return False
    return run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=release).returncode == 0


def test_a_release_is_verified_as_the_docs_say(release: Path) -> None:
    assert verified(release)
    names = {path.name.split("-")[0] for path in release.iterdir()}
    assert names == {"countersign", "countersign_audit", "sbom.cdx.json", "SHA256SUMS", "SHA256SUMS.sig"}
    (wheel,) = release.glob("countersign-*.whl")
    inside = zipfile.ZipFile(wheel).namelist()
    assert "gateway/shipped/policies/draft-letter.yaml" in inside
    assert not [name for name in inside if name.startswith("tests/")]


def test_another_run_gives_the_same_bytes(checkout: Path, release: Path) -> None:
    again = checkout.parent / "two"
    done = run("tools/supply/release.sh", checkout.parent / "key", again, cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert (again / "SHA256SUMS").read_bytes() == (release / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("name", ["SHA256SUMS", "sbom.cdx.json"])
def test_a_changed_byte_is_told(name: str, release: Path) -> None:
    copy = Path(shutil.copytree(release, release.parent / f"changed-{name}"))
    (copy / name).write_bytes((copy / name).read_bytes().replace(b"a", b"b", 1))
    assert not verified(copy)


def test_another_key_s_signature_is_not_taken(release: Path) -> None:
    copy = Path(shutil.copytree(release, release.parent / "other-key"))
    (copy / "SHA256SUMS.sig").unlink()
    run(
        "ssh-keygen",
        "-q",
        "-Y",
        "sign",
        "-f",
        release.parent / "other",
        "-n",
        NAMESPACE,
        "SHA256SUMS",
        cwd=copy,
    )
    assert (copy / "SHA256SUMS.sig").exists()
    assert not verified(copy)


def test_what_is_not_committed_is_not_released(checkout: Path, release: Path) -> None:
    (checkout / "stray").touch()
    done = run("tools/supply/release.sh", checkout.parent / "key", checkout.parent / "none", cwd=checkout)
    (checkout / "stray").unlink()
    assert done.returncode == 1
    assert b"not committed" in done.stderr
