"""`mirror`: follow a log into a folder, and stop with evidence if it contradicts itself."""

import argparse
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from audit.audit_errors import Unreadable
from audit.commands.arguments import add_where, token_of
from audit.commands.exits import OK
from audit.commands.output import Bar, print_error, say
from audit.mirror import FollowResult, Tree, follow
from audit.sources import Source, StorageSource, open_source, trusted_keys


def add(commands: Any) -> None:
    """Its arguments."""
    parser = commands.add_parser(
        "mirror", help="copy a log into a folder, checked before it is stored; goes on where it stopped"
    )
    add_where(parser)
    parser.add_argument("folder", type=Path, help="the mirror; made if it is not there")
    parser.add_argument(
        "--every", type=float, metavar="SECONDS", help="go on following, with that pause between two looks"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Follow once, or until it is stopped."""
    if arguments.every is not None and not 0 < arguments.every <= 86_400:
        raise Unreadable("--every takes a number of seconds above 0, at most a day")
    with closing(Tree(arguments.folder)) as tree:
        while True:
            with closing(_source(arguments)) as source:
                _follow(source, tree, arguments)
            if arguments.every is None:
                return OK
            time.sleep(arguments.every)


def _source(arguments: argparse.Namespace) -> Source:
    if arguments.storage is not None and arguments.storage.shared:
        return StorageSource(arguments.storage, Path(arguments.where))
    return open_source(arguments.where, token_of(arguments))


def _follow(source: Source, tree: Tree, arguments: argparse.Namespace) -> None:
    try:
        keys = trusted_keys(arguments.key, source)[0] if arguments.key else _stored_keys(source, tree)
        bar = Bar("mirrored")
        result = follow(source, tree, keys, bar.show)
        bar.end()
        say(_line(result))
    except Unreadable as error:
        if arguments.every is None:
            raise
        print_error(f"{error}; trying again in {arguments.every:g} s")


def _stored_keys(source: Source, tree: Tree) -> Any:
    """The keys that the mirror has kept since its first look, so that a later exchange of them is noticed."""
    file = tree.folder / "log.vkey"
    if file.is_file():
        return trusted_keys([str(file)], source)[0]
    keys, _ = trusted_keys([], source)
    print_error(
        f"taking the log's word for its key, {keys[0].verifier_key}",
        "compare it with the published one, or give that with --key",
    )
    return keys


def _line(result: FollowResult) -> str:
    new = result.checkpoint.size - result.before
    return f"{new} new event{'' if new == 1 else 's'}; the mirror has {result.checkpoint}"
