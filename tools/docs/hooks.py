"""What mkdocs does beside building: pictures for Mermaid blocks, and the pages of the root, such as CONTRIBUTING.md."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
DIAGRAMS: Final = DOCS / "assets" / "diagrams"
FROM_THE_ROOT: Final = {
    "about/contributing.md": "CONTRIBUTING.md",
    "about/security.md": "SECURITY.md",
    "about/changelog.md": "CHANGELOG.md",
}
"""Pages of the site -> files beside README.md, whose links start at the root."""

_BLOCK: Final = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks_of(markdown: str) -> Iterator[str]:
    """The Mermaid sources of a page."""
    return (match[1] for match in _BLOCK.finditer(markdown))


def picture_of(block: str) -> str:
    """The file's name of a block's picture."""
    return hashlib.sha256(block.encode()).hexdigest()[:16] + ".svg"


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Each Mermaid block as its picture, and links out of docs/ to the root's own pages as links within the site."""
    up = "../" * page.file.src_uri.count("/")

    def picture(match: re.Match[str]) -> str:
        return f"![A diagram; the text beside it says the same]({up}assets/diagrams/{picture_of(match[1])})"

    for uri, name in FROM_THE_ROOT.items():
        markdown = markdown.replace(f"]({up}../{name})", f"]({up}{uri})")
    return _BLOCK.sub(picture, markdown)


def on_page_content(html: str, **_: Any) -> str:
    """An escaped bar in a table's code is a bar: GitHub reads it so, Python's Markdown leaves the backslash."""
    return re.sub(r"<td>.*?</td>", lambda cell: cell[0].replace("\\|", "|"), html, flags=re.DOTALL)


def on_files(files: Any, *, config: Any) -> Any:
    """The root's own pages join the site."""
    from mkdocs.structure.files import File

    for uri, name in FROM_THE_ROOT.items():
        text = (
            (ROOT / name)
            .read_text("utf-8")
            .replace("](docs/", "](../")
            .replace("](LICENSE)", "](licence.md)")
        )
        files.append(File.generated(config, uri, content=text))
    licence = (ROOT / "LICENSE").read_text("utf-8")
    files.append(File.generated(config, "about/licence.md", content=f"# Licence\n\n```text\n{licence}```\n"))
    return files
