"""The version before the newest migration, out of the repository's history, to run beside this one."""

import functools
import os
import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from gateway.storage import SCHEMA_HEAD

ROOT: Final = Path(__file__).parent.parent.parent
_HEAD_IN: Final = "gateway/storage/database.py"
_PARTS: Final = ("gateway", "audit", "policies", "prompts")


def _git(*arguments: str) -> bytes:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, env=clean).stdout


@functools.cache
def _earlier_commit() -> tuple[str, str] | None:
    """The newest commit whose schema is an earlier one, and that schema; None where there is no history."""
    try:
        commits = _git("log", "--first-parent", "--format=%H", "--", _HEAD_IN).decode().split()
        for commit in commits:
            found = re.search(rb'^SCHEMA_HEAD = "(\d+)"', _git("show", f"{commit}:{_HEAD_IN}"), re.MULTILINE)
            if found and found[1].decode() < SCHEMA_HEAD:
                return commit, found[1].decode()
    except (OSError, subprocess.CalledProcessError):
        return None
    return None


def earlier_version(folder: Path) -> str:
    """Unpack it into `folder`, for PYTHONPATH; gives its schema. Skips the test where git has no earlier version."""
    found = _earlier_commit()
    if found is None:
        pytest.skip(
            "needs the repository's history: no version with an earlier schema is in it (a shallow clone?)"
        )
    commit, schema = found
    packed = _git("archive", commit, *_PARTS)
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return schema
