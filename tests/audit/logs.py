"""Logs to test with: a gateway's data folder with some events, and the tree of files that a web server publishes."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from audit.cli import main
from audit.merkle import Frontier, leaf_hash
from audit.mirror import Tree, follow
from audit.note import Verifier
from audit.signer import Signer
from audit.sources import open_source
from audit.tiles import encode_bundle
from tests.audit.conftest import EVENT, Folder
from tests.audit.vectors import load


def grow(folder: Folder, count: int, **members: object) -> None:
    """Record `count` events in one commit."""
    log = folder.open()
    log.submit(lambda t: [t.append({**EVENT, "n": number, **members}) for number in range(count)]).result()
    log.close()


def key_of(folder: Folder) -> str:
    return (folder.path / "log.vkey").read_text().strip()


def mirrored(folder: Folder, into: Path) -> Path:
    """Follow the folder's log into `into`."""
    with closing(open_source(str(folder.path))) as source, closing(Tree(into)) as tree:
        follow(source, tree, [Verifier.parse(key_of(folder))])
    return into


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a real web server; gives its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def run(capsys: Any, *arguments: object) -> tuple[int, str, str]:
    """One command: its exit code, and what it printed on both streams."""
    code = main([str(one) for one in arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def tree_of(entries: list[bytes]) -> Frontier:
    tree = Frontier()
    for entry in entries:
        tree.append(leaf_hash(entry))
    return tree


def forged(signer: Signer, folder: Path, entries: list[bytes]) -> Folder:
    """Another log under the same key: what an operator could show to somebody else."""
    other = Folder(folder)
    folder.mkdir(parents=True)
    signer.save(folder / "log.key")
    (folder / "log.vkey").write_text(signer.verifier_key + "\n")
    log = other.open()

    def command(transaction: Any) -> None:
        for entry in entries:
            event = json.loads(entry)
            del event["time"]
            transaction.append(event)

    log.submit(command).result()
    log.close()
    return other


def worked_tree(folder: Path) -> dict[str, Any]:
    """The vectors' worked log as a tree of files, with 260 entries and two witnesses; gives the vectors."""
    log = load("worked_log")
    entries = [entry.encode() for entry in log["entries"]]
    for path, content in log["tiles_260"].items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes.fromhex(content))
    (folder / "tile/entries/001.p").mkdir(parents=True)
    (folder / "tile/entries/000").write_bytes(encode_bundle(entries[:256]))
    (folder / "tile/entries/001.p/4").write_bytes(encode_bundle(entries[256:]))
    (folder / "checkpoint").write_text(log["checkpoint_260"])
    return log
