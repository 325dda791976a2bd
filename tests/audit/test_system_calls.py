"""Every system call by which the writer changes its files fails once, or is where the process is killed.

Whatever it was: no traceback, each answered event is there, the log verifies, and the next start goes on.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from audit import verify_directory
from tests.audit.conftest import Folder, append

CALLS = ("openat", "pwrite64", "write", "fdatasync", "fsync", "ftruncate", "rename", "unlink")
FILES = (
    "countersign.db",
    "countersign.db-wal",
    "countersign.db-shm",
    "countersign.db-journal",
    "countersign.db-lock",
)
LINE = re.compile(r"^(\d+) +(\w+)\(")


def strace(folder: Folder, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the process on `folder` under strace, which looks at calls on the log's own files only."""
    paths = [str(folder.path / name) for name in (*FILES, "checkpoint", "checkpoint.new", ".")]
    return subprocess.run(
        [
            *(
                "strace",
                "-f",
                "-qq",
                "-o",
                str(folder.path.parent / "trace"),
                "-e",
                f"trace={','.join(CALLS)}",
            ),
            # To stop at these calls only takes half as long, but then no signal can take the place of one.
            *(() if "signal=" in "".join(options) else ("--seccomp-bpf",)),
            *(word for path in paths for word in ("-P", os.path.normpath(path))),
            *options,
            *(sys.executable, "-m", "tests.audit.faulting_process", str(folder.path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often each call is made by one thread, when nothing fails."""
    made = Folder(tmp_path_factory.mktemp("calls") / "data").begin()
    made.write(2)
    if shutil.which("strace") is None or strace(made).returncode != 0:
        why = "strace is missing or may not trace here; install it, and allow ptrace"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    found: Counter[tuple[str, str]] = Counter()
    for line in (made.path.parent / "trace").read_text().splitlines():
        if match := LINE.match(line):
            found[match[1], match[2]] += 1
    return Counter({name: max(n for (_, call), n in found.items() if call == name) for _, name in found})


EACH = bool(os.environ.get("COUNTERSIGN_EACH_CALL"))
"""Every call fails in every way; else, where there are dozens, one in so many, and those that kill are others."""
FAULTS = [
    *((call, "error=EIO", 0, 1) for call in CALLS if call != "pwrite64"),
    *((call, "signal=SIGKILL", 0, 1) for call in CALLS if call != "pwrite64"),
    ("pwrite64", "error=EIO", 0, 1 if EACH else 4),
    ("pwrite64", "signal=SIGKILL", 0 if EACH else 2, 1 if EACH else 4),
    *((call, "error=ENOSPC", 0 if EACH else 1, 1 if EACH else 4) for call in ("openat", "pwrite64", "write")),
]


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
@pytest.mark.parametrize(
    ("call", "how", "first", "step"), FAULTS, ids=[f"{call} {how}" for call, how, *_ in FAULTS]
)
def test_one_call_after_the_other_fails(
    calls: Counter[str], tmp_path: Path, call: str, how: str, first: int, step: int
) -> None:
    assert calls[call], "the writer makes this call"
    template = Folder(tmp_path / "template").begin()
    template.write(2)
    for number in range(1 + first, calls[call] + 1, step):
        folder = Folder(tmp_path / f"{number}" / "data")
        shutil.copytree(template.path, folder.path)
        done = strace(folder, "-e", f"inject={call}:{how}:when={number}")
        killed = "KILL" in how
        assert done.returncode == (-signal.SIGKILL if killed else 0), (number, done.stderr)
        assert killed or "INJECTED" in (folder.path.parent / "trace").read_text(), number
        assert "Traceback" not in done.stderr, (number, done.stderr)
        answered = [int(word) for word in done.stdout.split() if word != "refused"]
        report = verify_directory(folder.path)
        assert report.ok, (number, [str(finding) for finding in report.findings])
        assert answered == sorted(set(answered)), number
        assert all(1 < index < report.size for index in answered), number
        log = folder.open()
        assert append(log) == report.size, number
        log.close()
        assert verify_directory(folder.path).ok, number
