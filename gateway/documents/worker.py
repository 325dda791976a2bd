"""The program of the process that reads documents: it reads from standard input and writes one line for each
document.
"""

import base64
import binascii
import json
import sys
from typing import Any, Final

from gateway.documents.document_limits import Budget, DocumentLimits
from gateway.documents.document_names import shown_name
from gateway.documents.document_text import read_document
from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.kinds import Document

MEMORY: Final = 1_000_000_000
"""Address space in bytes: the interpreter and the libraries use a fifth."""
_FORBIDDEN: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "ctypes.dlopen",
)


def main(seconds: int) -> None:
    """Read each document; the first that can't be read ends it."""
    confine(seconds)
    task = json.load(sys.stdin.buffer)
    budget = Budget(DocumentLimits(**task["limits"]))
    for number, fields in enumerate(task["documents"], 1):
        answer = _answer(number, fields, budget)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        if "problem" in answer:
            return


def _answer(number: int, fields: list[str], budget: Budget) -> dict[str, Any]:
    name, media_type, content = fields
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return {"problem": f"The content of {shown_name(name, f'document {number}')} is not valid base64."}
    try:
        return {"text": read_document(Document(name, media_type, data), number, budget)}
    except DocumentUnreadable as error:
        return {"problem": error.message}


def confine(seconds: int) -> None:
    """Limit memory and time, write no files and no core, reach no network, start no program."""
    if sys.platform != "win32":
        import resource

        for limit, most in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.setrlimit(limit, (most, most))
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"reading documents needs no {event}")
