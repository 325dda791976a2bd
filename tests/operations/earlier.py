"""The version before the newest migration, out of the repository's history, to run beside this one."""

import functools
import os
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from tests.unpacking import unpack

ROOT: Final = Path(__file__).parent.parent.parent
_MIGRATIONS: Final = "gateway/storage/migrations/versions"
_PARTS: Final = ("gateway", "audit", "policies", "prompts")


def _git(*arguments: str) -> bytes:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, env=clean).stdout


def _migrations(commit: str) -> list[str]:
    """The names of a commit's migrations, in order. Others' branches may have had others of the same number."""
    names = _git("ls-tree", "--name-only", commit, f"{_MIGRATIONS}/").decode().split()
    return sorted(Path(name).name for name in names if Path(name).name[:4].isdecimal())


@functools.cache
def _earlier_commit() -> tuple[str, str] | None:
    """The newest commit whose migrations are ours but for the newest, and its schema; None without such a history."""
    ours = _migrations("HEAD")
    try:
        for commit in _git("log", "--format=%H", "--", _MIGRATIONS).decode().split():
            theirs = _migrations(commit)
            if theirs and theirs == ours[: len(theirs)] and len(theirs) < len(ours):
                return commit, theirs[-1][:4]
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
        unpack(archive, folder)
    return schema
