"""Writes docs/reference/licences.md: whose software a gateway brings, and under which licence.

`python -m tools.supply.licences`, part of `make reference`. A licence that is not in `ALLOWED` is an error: somebody
has to read it first.
"""

import re
import textwrap
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Final

from packaging.markers import Marker

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "reference" / "licences.md"
LOCK: Final = ROOT / "requirements.lock"

PERMISSIVE: Final = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "CNRI-Python",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Zlib",
    }
)
UNCHANGED: Final = frozenset({"LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-2.0"})
"""Used as they are published, and replaceable by whoever installs."""
ALLOWED: Final = PERMISSIVE | UNCHANGED

_BY_NAME: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""As packages name them that don't use SPDX's names yet."""

BESIDE: Final = (
    ("GOV.UK Frontend", "MIT", "gateway/web/static/vendor/LICENCES.md"),
    ("MoJ Frontend", "MIT", "gateway/web/static/vendor/LICENCES.md"),
    (
        "The name model's encoder, begun from Rampart",
        "CC-BY-4.0",
        "gateway/redaction/models/name_model/CARD.md",
    ),
    ("The sentence model, MiniLM", "Apache-2.0", "gateway/evidence/sentence_model/CARD.md"),
    ("DejaVu Sans", "Bitstream-Vera", "gateway/oversight/fonts/LICENCE.txt"),
    ("The lexicon's words", "SCOWL's own, permissive", "gateway/redaction/lexicon/LICENCE.txt"),
    ("Which of them are names", "Apache 2.0 (names-dataset)", "gateway/redaction/lexicon/__init__.py"),
)
"""What lies in the repository and is not installed from PyPI."""

_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)

_HEAD: Final = """# Licences of third parties

`python -m tools.supply.licences` writes this page from `requirements.lock` and from what the
packages say of themselves. A licence that nobody has read yet fails the tests. `make sbom` writes the
same as a software bill of materials (CycloneDX).
"""


class LicenceUnknown(Exception):
    """A package's licence is not one of those that are allowed; the message names both."""


@dataclass(frozen=True)
class Package:
    """A package of the lock; `licence` as SPDX writes it, None where it is not installed on this platform."""

    name: str
    version: str
    licence: str | None
    marker: str = ""


def packages(lock: Path = LOCK) -> list[Package]:
    """All packages of a lock that is installed here; `LicenceUnknown` where one can't be used."""
    found = []
    for name, version, marker in _PINNED.findall(lock.read_text("utf-8")):
        try:
            licence = licence_of(name, metadata(name))
        except PackageNotFoundError:
            if not marker or Marker(marker).evaluate():
                raise LicenceUnknown(f"{name} is in {lock.name} and not installed; run `make test`") from None
            licence = None
        found.append(Package(name, version, licence, marker.strip()))
    return found


def licence_of(name: str, said: PackageMetadata) -> str:
    """The licence as SPDX writes it; of several that a classifier names, all."""
    expression = said.get("License-Expression")
    if not expression:
        classifiers = [
            one.rpartition(" :: ")[2]
            for one in said.get_all("Classifier") or []
            if one.startswith("License ::") and not one.endswith("OSI Approved")
        ]
        text = (said.get("License") or "").split("\n")[0].strip()
        names = classifiers or [text]
        expression = " AND ".join(sorted(_BY_NAME.get(one, one) for one in names))
    unknown = set(re.findall(r"[\w.+-]+", re.sub(r"\b(AND|OR)\b", " ", expression))) - ALLOWED
    if unknown or not expression:
        raise LicenceUnknown(
            f"{name}: {expression or 'no licence'}; read it, and add it to ALLOWED or leave it"
        )
    return expression


def page() -> str:
    """The whole page."""
    lines = [_HEAD, "## From PyPI", "", "| package | version | licence |", "|---|---|---|"]
    lines += [
        f"| {one.name} | {one.version} | {one.licence or f'not installed on Linux (`{one.marker}`)'} |"
        for one in packages()
    ]
    lines += ["", "## In the repository", "", "| what | licence | text |", "|---|---|---|"]
    lines += [f"| {what} | {licence} | `{text}` |" for what, licence, text in BESIDE]
    words = (
        f"Allowed are {', '.join(sorted(PERMISSIVE))}; and {', '.join(sorted(UNCHANGED))} for what is used"
        " unchanged, as a library of its own that can be replaced."
    )
    return "\n".join([*lines, "", *textwrap.wrap(words, 100)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
