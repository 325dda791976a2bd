"""`open`: show sealed content that its holder disclosed, and prove that it is what the log commits to."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit.audit_errors import FormatInvalid, Unreadable
from audit.commands.exits import OK, WRONG
from audit.commands.output import print_error, say
from audit.commands.prove import read_file
from audit.note import Verifier
from audit.proofs.disclosure import DisclosedContent, decode_disclosure, open_disclosure
from audit.sources import parse_keys, read_given


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser(
        "open", help="show the sealed content of a disclosure, and prove that the log commits to it"
    )
    parser.add_argument("file", type=Path, help="a file that `countersign audit disclose` made")
    parser.add_argument("--key", required=True, help="the key that came apart from the file")
    log = parser.add_argument_group("the log")
    log.add_argument(
        "--log-key",
        action="append",
        required=True,
        metavar="KEY",
        help="the log's verifier key as it was published, or a file with one a line",
    )
    parser.add_argument("--raw", action="store_true", help="print the content only, byte for byte")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open it, and print what it says and why that is proven."""
    log = [key for argument in arguments.log_key for key in parse_keys(read_given(argument))]
    if any(key.cosigns for key in log):
        raise Unreadable("a key after --log-key is a witness's; give the log's own verifier key")
    try:
        disclosure = decode_disclosure(read_file(arguments.file))
        opened = open_disclosure(disclosure, arguments.key, log)
    except FormatInvalid as error:
        say(f"{arguments.file}: {error}", "Nothing is proven by this file.")
        return WRONG
    if arguments.raw:
        say(opened.content.decode("utf-8", "replace"))
        return OK
    say(*_lines(disclosure.advice, disclosure.kind, opened, log))
    return OK


def _lines(advice: str, kind: str, opened: DisclosedContent, log: Sequence[Verifier]) -> list[str]:
    return [
        _readable(opened.content),
        "",
        f"This is the {kind} of advice {advice}, byte for byte: entry {opened.index} of the log {log[0].name}",
        f"({opened.event.get('type')}, {opened.event.get('time')}) commits to it, under the checkpoint of"
        f" {opened.checkpoint}.",
    ]


def _readable(content: bytes) -> str:
    """Sealed content is JSON; it is laid out for reading, its values unchanged."""
    try:
        return json.dumps(json.loads(content), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        print_error("The content is no JSON; it is shown as text.")
        return content.decode("utf-8", "replace")
