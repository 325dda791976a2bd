"""Arguments that several commands share."""

import argparse
import os
from pathlib import Path

from audit.audit_errors import PolicyUnreadable, Unreadable
from audit.note import Verifier
from audit.sources import DatabaseSource, Source, open_source, parse_keys, read_given
from audit.trust_policy import TlogPolicy, parse_policy

TOKEN_VARIABLE = "COUNTERSIGN_AUDIT_TOKEN"  # noqa: S105 - the variable's name


def add_where(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Where the log is, with its keys and token."""
    parser.add_argument(
        "where",
        nargs="?" if optional else None,
        help="a gateway's data folder or database, a mirror or static export, one in an archive (.tar), or https://host/audit",
    )
    add_keys(parser)
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=f"file with the token that the gateway asks for; else the variable {TOKEN_VARIABLE}",
    )


def open_named(arguments: argparse.Namespace) -> tuple[str, Source]:
    """The log that was named, by `--data` as a gateway's data folder, or else by its place of whatever kind."""
    if arguments.data is not None:
        return arguments.data, DatabaseSource(Path(arguments.data))
    if arguments.where is None:
        raise Unreadable("name the log: a data folder, a mirror, or https://host/audit")
    return arguments.where, open_source(arguments.where, token_of(arguments))


def add_keys(parser: argparse.ArgumentParser) -> None:
    """The log's keys."""
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="the log's verifier key as it was published (name+keyid+base64), or a file with one a line;"
        " several while a log changes its key; default: log.vkey beside the log, which proves less",
    )


def add_witnesses(parser: argparse.ArgumentParser) -> None:
    """Witnesses' keys, and how many of them must have cosigned."""
    parser.add_argument(
        "--witness-key",
        action="append",
        default=[],
        metavar="KEY",
        help="a witness's verifier key, or a file with one a line; may be repeated",
    )
    parser.add_argument(
        "--quorum",
        type=int,
        default=None,
        metavar="N",
        help="how many of these witnesses must have cosigned; default: none must, and those that did are listed",
    )


def add_policy(parser: argparse.ArgumentParser) -> None:
    """A trust policy in a file."""
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="a trust policy (C2SP tlog-policy): its logs' keys, its witnesses, and which of them must have cosigned",
    )


def policy_of(arguments: argparse.Namespace) -> TlogPolicy | None:
    """The policy in the file that was named."""
    file: Path | None = arguments.policy
    if file is None:
        return None
    try:
        return parse_policy(file.read_bytes())
    except OSError as error:
        raise Unreadable(f"{file} can't be read ({type(error).__name__})") from None
    except PolicyUnreadable as error:
        raise Unreadable(f"{file}: {error}") from None


def token_of(arguments: argparse.Namespace) -> str | None:
    """The token from the file or the variable."""
    file: Path | None = arguments.token_file
    if file is None:
        return os.environ.get(TOKEN_VARIABLE) or None
    try:
        token = file.read_text("ascii").strip()
    except (OSError, ValueError):
        raise Unreadable(f"{file}: there is no token that could be read in this file") from None
    if not token.isprintable() or " " in token:
        raise Unreadable(f"{file}: this file holds something else than one token")
    return token


def witnesses_of(arguments: argparse.Namespace) -> list[Verifier]:
    """The witnesses' keys."""
    keys: list[Verifier] = []
    for argument in arguments.witness_key:
        keys += parse_keys(read_given(argument))
    if any(not key.cosigns for key in keys):
        raise Unreadable("a key after --witness-key is a log's, not a witness's; give a witness's own key")
    if arguments.quorum is not None and not 0 <= arguments.quorum <= len({key.name for key in keys}):
        raise Unreadable("--quorum asks for more witnesses than there are keys given with --witness-key")
    return keys
