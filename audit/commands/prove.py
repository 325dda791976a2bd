"""`prove` and `check`: one decision in one file, made from a log and checked offline."""

import argparse
import os
from contextlib import closing
from pathlib import Path
from typing import Any

from audit.audit_errors import FormatInvalid, Unreadable
from audit.commands.arguments import add_keys, add_where, add_witnesses, token_of, witnesses_of
from audit.commands.exits import OK, WRONG
from audit.commands.output import Bar, print_error, say, say_json
from audit.note import Verifier
from audit.proofs import ProofReport, check, decode_file, encode_file, explain, gather
from audit.sources import open_source, parse_keys, read_given, trusted_keys


def add(commands: Any) -> None:
    """The arguments of both."""
    prove = commands.add_parser("prove", help="put one advice's events, with their proofs, into one file")
    prove.add_argument("advice", help="the advice's id")
    add_where(prove)
    prove.add_argument("--out", type=Path, metavar="FILE", help="default: ADVICE.decision.json here")
    prove.set_defaults(run=_prove)
    checking = commands.add_parser("check", help="check such a file offline, and explain what it shows")
    checking.add_argument("file", type=Path, help="a file that prove made")
    add_keys(checking)
    add_witnesses(checking)
    checking.add_argument("--json", action="store_true", help="print the result for machines")
    checking.set_defaults(run=_check)


def _prove(arguments: argparse.Namespace) -> int:
    bar = Bar("searched")
    with closing(open_source(arguments.where, token_of(arguments))) as source:
        keys, own_keys = trusted_keys(arguments.key, source)
        proof = gather(source, arguments.advice, keys, bar.show)
    bar.end()
    checked = check(proof, keys)
    if not checked.ok:
        raise Unreadable(f"{checked.problems[0]}; run verify to see what else is wrong")
    file = arguments.out or Path(f"{_safe(arguments.advice)}.decision.json")
    write_new(file, encode_file(proof))
    if not own_keys:
        print_error(
            "The key was taken from beside the log; anyone who checks the file needs the published one."
        )
    say(f"{file}: {len(proof.events)} events")
    return OK


def _check(arguments: argparse.Namespace) -> int:
    witnesses = witnesses_of(arguments)
    try:
        proof = decode_file(read_file(arguments.file))
    except FormatInvalid as error:
        say(f"{arguments.file}: {error}", "This file does not prove what it says: do not rely on it.")
        return WRONG
    if arguments.key:
        log = [key for argument in arguments.key for key in parse_keys(read_given(argument))]
    else:
        log = [key for argument in proof.keys for key in parse_keys(argument)]
        print_error(
            "No key was given with --key, so the file's own is used: the maker of the file may have made the key.",
            "Compare it with the published one, or the result means nothing:",
            *(key.verifier_key for key in log),
        )
    checked = check(proof, _of_a_log(log), witnesses, arguments.quorum or 0)
    if arguments.json:
        say_json(_document(checked))
    else:
        say(*explain(checked))
    return OK if checked.ok else WRONG


def _of_a_log(keys: list[Verifier]) -> list[Verifier]:
    log_keys = [key for key in keys if not key.cosigns]
    if not log_keys:
        raise Unreadable("there is no log's key to check with; give the published one with --key")
    return log_keys


def _document(checked: ProofReport) -> dict[str, Any]:
    return {
        "format": "countersign-checked/v1",
        "ok": checked.ok,
        "origin": checked.proof.origin,
        "advice": checked.proof.advice,
        "events": [
            {
                "index": item.index,
                "event": item.event,
                "checkpoint_size": item.checkpoint.size,
                "witnesses": [{"name": witness.name, "time": witness.time} for witness in item.witnesses],
            }
            for item in checked.shown
        ],
        "signed": [
            {
                "index": item.index,
                "person": item.passkey.key.person,
                "credential": item.passkey.key.credential,
                "registered": item.passkey.index,
                "trust": item.passkey.trust,
                "approved_by": item.passkey.approved_by,
            }
            for item in checked.signed
        ],
        "disregarded": list(checked.disregarded),
        "problems": list(checked.problems),
    }


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in name)[:100]


def read_file(file: Path) -> bytes:
    """The bytes of a file that somebody named."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} can't be read ({type(error).__name__})") from None


def write_new(file: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that does not exist yet."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
    except FileExistsError:
        raise Unreadable(f"{file} exists already; name another with --out") from None
    except OSError as error:
        raise Unreadable(
            f"{file} can't be written ({type(error).__name__}); name another with --out"
        ) from None
