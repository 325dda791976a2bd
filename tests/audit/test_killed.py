import signal
import subprocess
import sys

import pytest

from audit import verify_directory
from tests.audit.conftest import append


def acknowledged_until_killed(folder, lines: int) -> list[int]:
    """Run a writing process, kill it once it has printed `lines` answers; gives all answers that came."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.audit.writing_process", str(folder.path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    seen = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    seen += process.stdout.readlines()
    process.stdout.close()
    assert process.wait(10) == -signal.SIGKILL
    return [int(line) for line in seen if line.endswith("\n")]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_killed_at_any_moment_no_answered_event_is_lost_and_the_log_verifies(folder):
    answered: list[int] = []
    for lines in (1, 7, 40, 111, 300):
        answered += acknowledged_until_killed(folder, lines)
        report = verify_directory(folder.path)
        assert report.ok, report.findings
        assert max(answered) < report.size
    assert len(set(answered)) == len(answered)
    log = folder.open()
    assert append(log) == log.size - 1 >= max(answered) + 1
    log.close()
    assert verify_directory(folder.path).ok
