"""`countersign-audit`: what an oversight body runs. Standard library and `cryptography`, nothing else.

Bad input ends in a sentence that says what to do, never in a traceback; `audit.commands.exits` lists how a
command can end.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from audit.audit_errors import AuditError
from audit.commands import exits
from audit.commands.output import print_error, say
from audit.mirror import Contradiction
from audit.sources import TileDamaged
from audit.store import Storage


def main(argv: Sequence[str], storage: Storage | None = None) -> int:
    """Run one command; gives its exit code.

    `storage`: where the log is kept of which the command is given the data folder, if not in a file in it.
    """
    arguments = _parser().parse_args(argv)
    arguments.storage = storage
    try:
        return int(arguments.run(arguments))
    except Contradiction as error:
        return _report_fork(error, arguments)
    except TileDamaged as error:
        say(f"{error}: the log's files are not what it signed; run verify to see what else is wrong")
        return exits.WRONG
    except AuditError as error:
        print_error(f"Nothing was {_DONE.get(arguments.command, 'done')}: {error}")
        return exits.UNUSABLE
    except BrokenPipeError:
        # Whoever read the output has gone; Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.UNUSABLE
    except KeyboardInterrupt:
        print_error("Stopped.")
        return 130


_DONE = {"verify": "verified", "mirror": "stored", "check": "checked", "prove": "proven"}


def run() -> None:
    """The entry point of the installed command."""
    sys.exit(main(sys.argv[1:]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="countersign-audit",
        description="Verify, mirror, witness and prove a Countersign log from its bytes alone.",
        epilog=exits.TABLE,
    )
    # Only who runs a command needs sockets, servers and TLS; who imports the package does not.
    from audit.commands import mirror, open_content, prove, show_checkpoint, verify, watch, witness

    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for command in (verify, mirror, watch, prove, open_content, witness, show_checkpoint):
        command.add(commands)
    return parser


def _report_fork(error: Contradiction, arguments: argparse.Namespace) -> int:
    beside: Path = getattr(arguments, "folder", None) or getattr(arguments, "remember", None) or Path()
    folder = beside / "evidence" if beside.is_dir() else beside.with_name(f"{beside.name}.evidence")
    say(str(error))
    with contextlib.suppress(OSError):
        say(f"evidence: {error.evidence.write(folder)}")
        return exits.CONTRADICTED
    print_error(
        "The evidence could not be written; the two notes are:",
        error.evidence.seen_note.decode("utf-8", "replace"),
        error.evidence.served_note.decode("utf-8", "replace"),
    )
    return exits.CONTRADICTED
