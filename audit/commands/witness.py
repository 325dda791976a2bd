"""`witness`: cosign the checkpoints of others' logs (C2SP tlog-witness), and the keys to do it with."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from audit import cosignature
from audit.audit_errors import NoteInvalid, Unreadable
from audit.commands.arguments import add_policy, policy_of
from audit.commands.exits import OK
from audit.commands.output import print_error, say
from audit.note import Verifier
from audit.signer import Signer
from audit.sources import parse_keys, read_given
from audit.witness.witness_checks import Witness
from audit.witness.witness_server import WitnessServer
from audit.witness.witness_state import State

KINDS: Final = {"ed25519": cosignature.COSIGNATURE, "ml-dsa-44": cosignature.ML_DSA}


def add(commands: Any) -> None:
    """Its own commands: serve, generate, list."""
    parser = commands.add_parser("witness", help="cosign the checkpoints of logs (C2SP tlog-witness)")
    own = parser.add_subparsers(dest="step", required=True, metavar="step")
    serve = own.add_parser("serve", help="answer add-checkpoint until it is stopped")
    serve.add_argument(
        "--key", action="append", type=Path, required=True, metavar="FILE", help="the witness's signing key"
    )
    serve.add_argument(
        "--log", action="append", default=[], metavar="KEY", help="a log's verifier key, or a file of them"
    )
    add_policy(serve)
    serve.add_argument(
        "--state", type=Path, required=True, metavar="FILE", help="SQLite file; keep it for ever"
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=7380, help="port to listen on (default: 7380)")
    serve.set_defaults(run=_serve)
    generate = own.add_parser("generate", help="make a signing key, and print the verifier key to publish")
    generate.add_argument("name", help="the witness's name, such as oversight.example/witness")
    generate.add_argument("file", type=Path, help="a new file for the signing key")
    generate.add_argument("--kind", choices=sorted(KINDS), default="ed25519", help="default: ed25519")
    generate.set_defaults(run=_generate)
    listed = own.add_parser("list", help="print the verifier keys of signing keys")
    listed.add_argument("file", type=Path, nargs="+", help="a file with a signing key")
    listed.set_defaults(run=_list)


def _generate(arguments: argparse.Namespace) -> int:
    signer = _made(arguments.name, KINDS[arguments.kind])
    try:
        signer.save(arguments.file)
    except FileExistsError:
        raise Unreadable(f"{arguments.file} exists already; a key is never written over") from None
    except OSError as error:
        raise Unreadable(f"{arguments.file} can't be written ({type(error).__name__})") from None
    say(signer.verifier_key)
    return OK


def _list(arguments: argparse.Namespace) -> int:
    say(*(_load(file).verifier_key for file in arguments.file))
    return OK


def _serve(arguments: argparse.Namespace) -> int:
    signers = [_load(file) for file in arguments.key]
    policy = policy_of(arguments)
    logs = [*_logs(arguments.log), *(policy.logs if policy else ())]
    if not logs:
        raise Unreadable("name the logs: --log KEY, or --policy FILE with log lines")
    state = State(arguments.state)
    try:
        server = WitnessServer(
            arguments.host, arguments.port, Witness(signers, logs, state, lambda: int(time.time()))
        )
    except (OSError, OverflowError) as error:
        state.close()
        raise Unreadable(
            f"can't listen on {arguments.host}:{arguments.port} ({type(error).__name__});"
            " choose another with --port, or end what listens there"
        ) from None
    with server:
        print_error(f"witness of {', '.join(sorted({key.name for key in logs}))} at {server.url}")
        say(*(signer.verifier_key for signer in signers))
        try:
            server.serve_forever()
        finally:
            state.close()
    return OK


def _logs(arguments: Sequence[str]) -> list[Verifier]:
    keys = [key for argument in arguments for key in parse_keys(read_given(argument))]
    if any(key.cosigns for key in keys):
        raise Unreadable("a key after --log is a witness's, not a log's; give the log's own verifier key")
    return keys


def _load(file: Path) -> Signer:
    try:
        signer = Signer.load(file)
    except NoteInvalid as error:
        raise Unreadable(f"{file}: {error}") from None
    except OSError as error:
        raise Unreadable(f"{file} can't be read ({type(error).__name__})") from None
    if not signer.verifier.cosigns:
        raise Unreadable(
            f"{file}: this is a log's key, which makes no cosignatures; generate a witness's own"
        )
    return signer


def _made(name: str, kind: int) -> Signer:
    try:
        return Signer.generate(name, kind)
    except NoteInvalid as error:
        raise Unreadable(str(error)) from None
