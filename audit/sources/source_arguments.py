"""From what somebody typed to a source, and to the keys to check it with."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from audit.audit_errors import NoteInvalid, Unreadable
from audit.log_folder import DATABASE_FILE
from audit.note import Verifier
from audit.sources.archive import ArchiveSource, is_archive
from audit.sources.database import DatabaseSource
from audit.sources.folder import FolderSource
from audit.sources.source import Source


def open_source(where: str, token: str | None = None) -> Source:
    """A source for a web address, a gateway's data folder or database file, a mirror, an export or its archive."""
    if where.startswith(("http://", "https://")):
        from audit.sources.web import WebSource  # sockets and TLS, for those who need them

        return WebSource(where, token)
    path = Path(where)
    with contextlib.suppress(OSError, ValueError):  # a name that no file system takes
        if path.is_file() and is_archive(path):
            return ArchiveSource(path)
        if path.is_file() or (path / DATABASE_FILE).is_file():
            return DatabaseSource(path)
        if path.is_dir():
            return FolderSource(path)
    raise Unreadable(
        f"{where[:200]}: there is no such folder or file, and it is no http:// or https:// address"
    )


def trusted_keys(arguments: Sequence[str], source: Source) -> tuple[list[Verifier], bool]:
    """The log's keys: those of `arguments`, else those beside the log; and whether they were given.

    Given keys are verifier keys, or files that hold them one a line. Keys from beside the log show that it is
    whole, but not whose it is.
    """
    if arguments:
        return [key for argument in arguments for key in parse_keys(read_given(argument))], True
    text = source.verifier_keys()
    if text is None:
        raise Unreadable(
            "no verifier key lies beside the log; give the one that was published with --key,"
            " or a file that holds it"
        )
    keys = [key for key in parse_keys(text) if not key.cosigns]
    if not keys:
        raise Unreadable(
            "the file log.vkey holds no key of a log; give the one that was published with --key"
        )
    return keys, False


def parse_keys(text: str) -> list[Verifier]:
    """Verifier keys, one a line (C2SP signed-note, Verifier keys); `Unreadable` if one is none."""
    try:
        return [Verifier.parse(line) for line in _lines(text)]
    except NoteInvalid:
        raise Unreadable(
            "the verifier key that was given is not valid; copy the whole line that was published"
        ) from None


def _lines(text: str) -> list[str]:
    # Spaces around a pasted line do no harm; any other character is no part of a key.
    lines = [line.strip(" \t\r") for line in text.removesuffix("\n").split("\n")]
    return [line for line in lines if line] or [""]


def read_given(argument: str) -> str:
    """A key, or the content of the file of that name."""
    try:
        if argument.count("+") < 2 or Path(argument).is_file():
            return Path(argument).read_text("utf-8")
    except (OSError, ValueError):
        if argument.count("+") < 2:
            raise Unreadable(
                f"{argument}: this is neither a verifier key (name+keyid+base64) nor a file that holds one"
            ) from None
    return argument
