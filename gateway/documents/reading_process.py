"""Documents read in a process of their own, which a hostile file can hang or fill without harm to the gateway.

The process has nothing of the gateway: no keys in its environment, no open files, no network.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from gateway.documents.document_limits import DocumentLimits
from gateway.documents.document_names import shown_name
from gateway.documents.document_unreadable import DocumentUnreadable

_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
_PROGRAM: Final = (
    "import sys; sys.path[:] = {path!r}; from gateway.documents.worker import main; main({seconds})"
)


class DocumentAtFault(DocumentUnreadable):
    """`at` is the place of the document in the list."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def read_apart(documents: Sequence[tuple[str, str, str]], limits: DocumentLimits) -> list[str]:
    """The texts of documents, each given by its name, media type and content in base64.

    `DocumentAtFault` names the first that can't be read.
    """
    task = json.dumps({"documents": list(documents), "limits": asdict(limits)}).encode()
    lines = _run(task, limits.seconds)
    answers = [answer for line in lines if (answer := _parsed(line)) is not None]
    for at, answer in enumerate(answers):
        if "problem" in answer:
            raise DocumentAtFault(answer["problem"], at)
    if len(answers) < len(documents):
        name = shown_name(documents[len(answers)][0], f"document {len(answers) + 1}")
        raise DocumentAtFault(
            f"{name} takes more than {limits.seconds:g} seconds to read, or more memory than a document should."
            " Send less at once.",
            len(answers),
        )
    return [answer["text"] for answer in answers]


def _run(task: bytes, seconds: float) -> list[bytes]:
    """The whole lines that the process wrote before it ended or had to be ended."""
    path = [entry or os.getcwd() for entry in sys.path]
    program = _PROGRAM.format(path=path, seconds=math.ceil(seconds) + 1)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        process = subprocess.run(  # noqa: S603 - our own program; what came is on its standard input
            [sys.executable, "-I", "-c", program],
            input=task,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            check=False,
        )
        output = process.stdout
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
    return output.split(b"\n")[:-1]


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
