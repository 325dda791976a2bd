"""The files of an earlier version written back, so that going back is a change like any other."""

import os
from collections.abc import Mapping
from pathlib import Path

from gateway.errors import GatewayError
from gateway.policy import Policy


def file_of(policy: Policy, what: str, folders: tuple[Path, Path]) -> Path:
    """Where a policy's file lies, by what it is to it: `policy`, `prompt`, `tools`, `shared/NAME`."""
    policies, prompts = folders
    if what == "prompt":
        return prompts / f"{policy.prompt}.md"
    if what == "tools":
        return policies / str(policy.tools)
    if what == "policy":
        return policies / f"{policy.id}.yaml"
    return policies / f"{what}.yaml"


def restore_files(policy: Policy, files: Mapping[str, bytes], folders: tuple[Path, Path]) -> list[Path]:
    """Write the files of a version where they differ; gives those that were written. Nothing is in force by that.

    A `GatewayError` where its files are not kept, or the folders can't be written.
    """
    if "policy" not in files:
        raise GatewayError(
            "unknown_version", "The files of this version are not kept: it is from before they were."
        )
    written = []
    try:
        for what, content in files.items():
            path = file_of(policy, what, folders)
            if not path.is_file() or path.read_bytes() != content:
                _replace(path, content)
                written.append(path)
    except OSError as error:
        raise GatewayError(
            "files_not_writable",
            f"The files can't be written here ({type(error).__name__}): take them from the page of the version, and"
            " put them where your policies come from.",
        ) from None
    return written


def _replace(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.write_bytes(content)
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
