"""The unit for systemd: systemd itself reads it, and it leaves the gateway little of the machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parent.parent.parent / "packaging" / "systemd" / "countersign.service"
WORST = 2.0
"""Of systemd's exposure levels: 0 has no rights at all, 10 has all."""


def systemd(*arguments: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("needs systemd-analyze: a machine with systemd")
    return subprocess.run([found, *arguments], capture_output=True, text=True, check=False)


def test_systemd_finds_no_mistake_in_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/countersign/bin/countersign", sys.executable))
    done = systemd("verify", "--man=no", str(unit))
    assert UNIT.name not in done.stdout + done.stderr


def test_the_unit_leaves_the_gateway_little_of_the_machine() -> None:
    shown = systemd("security", "--offline=true", str(UNIT)).stdout
    level = re.search(r"exposure level for countersign.service: ([\d.]+)", shown)
    assert level is not None, shown
    assert float(level[1]) <= WORST
