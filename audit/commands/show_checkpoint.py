"""`checkpoint`: print the newest signed checkpoint of a log."""

import argparse
import sys
from contextlib import closing
from typing import Any

from audit.commands.arguments import add_where, open_named
from audit.commands.exits import OK


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser("checkpoint", help="print the newest signed checkpoint")
    add_where(parser, optional=True)
    parser.add_argument("--data", metavar="DIR", help="the same as the folder alone")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it as it is."""
    _, source = open_named(arguments)
    with closing(source):
        sys.stdout.write(source.checkpoint().decode("utf-8", "replace"))
    return OK
