"""Secrets from files: each file of the folder in `COUNTERSIGN_SECRETS` is a variable, named as the file.

So whatever a variable may say, keys of providers too, can be a mounted secret: no secret has to stand in a unit, a
manifest or a process's environment as it was started.
"""

import os
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from gateway.errors import SettingsInvalid

FOLDER_VARIABLE: Final = "COUNTERSIGN_SECRETS"
_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]*")


def read_secret_files(environ: MutableMapping[str, str] = os.environ) -> None:
    """Add a variable for each file; one that is set already stays. `SettingsInvalid` names a file that can't be used.

    Names that begin with a dot are left out: Kubernetes keeps its own there. A line break at the end is cut off.
    """
    folder = environ.get(FOLDER_VARIABLE)
    if not folder:
        return
    try:
        files = sorted(Path(folder).iterdir())
    except OSError as error:
        raise SettingsInvalid(f"{FOLDER_VARIABLE}: {folder} can't be read ({type(error).__name__})") from None
    for file in files:
        if not file.name.startswith("."):
            value = _read(file)
            environ.setdefault(file.name, value)


def _read(file: Path) -> str:
    if not _NAME.fullmatch(file.name):
        raise SettingsInvalid(
            f"{file}: a file of {FOLDER_VARIABLE} is named as the variable that it is, such as COUNTERSIGN_MASTER_KEY"
        )
    try:
        value = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file}: can't be read ({type(error).__name__}); it must be UTF-8") from None
    if "\0" in value:
        raise SettingsInvalid(f"{file}: holds a zero byte, which no variable can")
    return value
