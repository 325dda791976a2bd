"""Verifying what a crash left, what lies on read-only media, and what somebody else owns."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit import verify_directory
from tests.audit.conftest import Folder, append

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions are POSIX's")


@pytest.fixture
def left_by_a_crash() -> Iterator[Folder]:
    """A folder whose last events are only in the write-ahead log; open to every user, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as base:
        live = Folder(Path(base) / "live").begin()
        log = live.open()
        for _ in range(5):
            append(log)
        shutil.copytree(live.path, Path(base) / "left")
        log.close()
        left = Folder(Path(base) / "left")
        Path(base).chmod(0o755)
        assert left.database.with_name("countersign.db-wal").stat().st_size
        yield left
        left.path.chmod(0o755)


def as_anybody(work: Callable[[], int]) -> int:
    """Run `work` in a process that may write nothing here: root, in a container, ignores permissions."""
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os._exit(work())
        finally:
            traceback.print_exc()
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def read_only(folder: Path) -> None:
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)


def verified(folder: Folder) -> int:
    report = verify_directory(folder.path)
    return report.size if report.ok else 98


def test_a_write_ahead_log_that_a_crash_left_is_read_too(left_by_a_crash):
    assert verified(left_by_a_crash) == 5


@posix
def test_on_read_only_media_with_all_that_a_crash_left(left_by_a_crash):
    read_only(left_by_a_crash.path)
    assert as_anybody(lambda: verified(left_by_a_crash)) == 5


@posix
def test_on_read_only_media_with_a_write_ahead_log_but_without_its_index(left_by_a_crash):
    (left_by_a_crash.path / "countersign.db-shm").unlink()
    read_only(left_by_a_crash.path)
    assert as_anybody(lambda: verified(left_by_a_crash)) == 5


@posix
def test_on_read_only_media_after_a_clean_end(left_by_a_crash):
    log = left_by_a_crash.open()
    log.close()
    read_only(left_by_a_crash.path)
    assert as_anybody(lambda: verified(left_by_a_crash)) == 5
    names = {path.name for path in left_by_a_crash.path.iterdir()}
    assert "countersign.db-wal" not in names


class TestCommand:
    """`python -m audit`, which the gateway's command calls too."""

    @staticmethod
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "audit", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def test_a_log_that_verifies_exits_0_and_says_what_was_verified(self, folder):
        folder.write(3)
        done = self.run("verify", "--data", folder.path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "All 3 events are as they were signed." in done.stdout
        assert folder.signer.verifier_key in done.stdout

    def test_a_changed_log_exits_1_and_names_the_first_bad_index_first(self, folder):
        folder.write(5)
        folder.change("UPDATE events SET event = replace(event, 'adv-1', 'adv-2') WHERE idx IN (1, 3)")
        done = self.run("verify", "--data", folder.path)
        assert (done.returncode, done.stderr) == (1, "")
        first, second, *rest = done.stdout.splitlines()
        assert first == "event 1: bytes changed (leaf hash differs from the one recorded)"
        assert second.startswith("event 3")
        assert "guards" in rest[0]
        assert rest[1] == "The log is not as it was signed: 2 findings."

    @pytest.mark.parametrize("damage", ["empty", "text", "missing", "folder"])
    def test_what_is_no_log_exits_2_with_a_sentence_and_no_traceback(self, folder, damage):
        folder.write(1)
        folder.database.unlink()
        if damage == "folder":
            folder.database.mkdir()
        elif damage != "missing":
            folder.database.write_text("" if damage == "empty" else "text " * 1000)
        done = self.run("verify", "--data", folder.path)
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("Nothing was verified: ")
        assert "Traceback" not in done.stderr

    def test_a_key_can_be_given(self, folder):
        folder.write(1)
        done = self.run("verify", "--data", folder.path, "--key", folder.signer.verifier_key)
        assert done.returncode == 0
        assert "from the folder" not in done.stdout
        assert self.run("verify", "--data", folder.path, "--key", "x").returncode == 2

    def test_the_newest_checkpoint_can_be_printed_to_put_a_lost_file_back(self, folder):
        folder.write(3)
        note = folder.checkpoint_file.read_text()
        folder.checkpoint_file.unlink()
        assert self.run("verify", "--data", folder.path).returncode == 2
        done = self.run("checkpoint", "--data", folder.path)
        assert (done.returncode, done.stdout) == (0, note)
        folder.checkpoint_file.write_text(done.stdout)
        assert self.run("verify", "--data", folder.path).returncode == 0

    def test_importing_the_package_opens_nothing_and_needs_nothing_of_the_gateway(self):
        script = "import audit, sys; print([n for n in sys.modules if n.split('.')[0] in ('gateway', 'socket', 'ssl')])"
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stdout == "[]\n"


def test_the_private_key_file_stays_private(folder):
    assert stat.S_IMODE((folder.path / "log.key").stat().st_mode) == 0o600
