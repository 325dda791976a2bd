"""Writes the table of docs/identifiers.md from the declarations; `python -m tools.docs.identifiers`. A test compares
them.
"""

from typing import Final

from gateway.redaction.recognisers.identifier import declared
from tools.docs.hooks import DOCS

PAGE: Final = DOCS / "identifiers.md"
_HEAD: Final = "| Type | What it is | Example | Default |"


def page() -> str:
    """The page with the table at its end: type, what it is, an example, and whether it is redacted by default."""
    rows = (
        f"| `{identifier.type}` | {identifier.what} | `{identifier.examples[0]}` | {'on' if identifier.on else 'off'} |"
        for identifier in sorted(declared(), key=lambda identifier: identifier.type)
        if identifier.what
    )
    before, _, _ = PAGE.read_text("utf-8").partition(_HEAD)
    return "\n".join([f"{before}{_HEAD}", "|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
