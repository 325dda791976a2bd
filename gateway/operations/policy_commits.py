"""Who wrote a policy's files, where they are under git: the author of a change can't be the second to agree to it."""

import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import select

from gateway.storage import Connection, Statement, tables

_MAX_COMMITS: Final = 50
"""Of one file that are looked at."""
_SECONDS: Final = 5.0
_SAFE: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_FORMAT: Final = "%x01%H%x00%an%x00%ae"
_people = Statement(select(tables.people))


@dataclass(frozen=True)
class Commit:
    """A commit that changed the file since the version in force, with its author as git has them."""

    id: str
    name: str
    email: str


def commits_since(path: Path, before: bytes | None) -> list[Commit]:
    """The commits that made a file what it is, newest first, back to the one that made it `before`.

    None where it is in no repository, differs from what is committed, or git can't be had.
    """
    try:
        content = path.read_bytes()
        said = _git(
            path.parent,
            "log",
            f"-{_MAX_COMMITS}",
            "--no-renames",
            "--raw",
            "--no-abbrev",
            "--full-index",
            f"--format={_FORMAT}",
            "--",
            path.name,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    found: list[Commit] = []
    for entry in said.split("\x01")[1:]:
        head, _, changes = entry.partition("\n")
        blob = next((line.split()[3] for line in changes.splitlines() if line.startswith(":")), "")
        if not found and blob not in _blobs(content):
            return []
        if before is not None and blob in _blobs(before):
            break
        found.append(Commit(*head.split("\0")))
    return found


def is_author(commits: Iterable[Commit], *, name: str, username: str | None) -> bool:
    """Whether a person, as they are known here, wrote one of the commits."""
    known = {word.casefold() for word in (name, username) if word}
    return any(
        {commit.name.casefold(), commit.email.casefold(), commit.email.partition("@")[0].casefold()} & known
        for commit in commits
    )


def authors_among(connection: Connection, commits: Iterable[Commit]) -> dict[str, list[Commit]]:
    """The people on record here who wrote a commit, by their ids."""
    wrote = list(commits)
    found = {}
    for row in _people.all(connection) if wrote else ():
        own = [one for one in wrote if is_author([one], name=row["name"], username=row["username"])]
        if own:
            found[row["id"]] = own
    return found


def _blobs(content: bytes) -> set[str]:
    """The names that git has for a file's content, by either of its hashes."""
    blob = b"blob %d\0" % len(content) + content
    return {hashlib.sha1(blob, usedforsecurity=False).hexdigest(), hashlib.sha256(blob).hexdigest()}


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed words, and the name of a file behind --
        ["git", *_SAFE, *arguments],  # noqa: S607 - wherever the machine has it
        cwd=folder,
        capture_output=True,
        timeout=_SECONDS,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")
