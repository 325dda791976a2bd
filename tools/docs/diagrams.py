"""Draws the Mermaid blocks of docs/ as SVG files, so that the site needs no script for them.

`make diagrams` runs it after `npm pack mermaid`; it needs Chromium. A picture's name is a hash of its block, so that
a test can tell which are missing (`tests/test_docs.py`).
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.docs.hooks import DIAGRAMS, DOCS, blocks_of, picture_of

_PAGE = "<!doctype html><body style='font-family: sans-serif'></body>"
_DRAW = """async ([source, id]) => {
  mermaid.initialize({startOnLoad: false, theme: 'neutral', fontFamily: 'Helvetica, Arial, sans-serif',
                      htmlLabels: false, flowchart: {htmlLabels: false}});
  return (await mermaid.render(id, source)).svg;
}"""


def _sized(svg: str) -> str:
    """The picture with the width that its own coordinates have, so that a page shows it at that size."""
    width = re.search(r'viewBox="\S+ \S+ (\S+) ', svg)
    return svg if width is None else svg.replace('width="100%"', f'width="{float(width[1]):.0f}"', 1)


def main(script: Path, chromium: str) -> None:
    """Draw what is missing, with the mermaid.min.js at `script`, and remove what no page shows any more."""
    wanted = {
        picture_of(block): block
        for page in DOCS.rglob("*.md")
        for block in blocks_of(page.read_text("utf-8"))
    }
    DIAGRAMS.mkdir(parents=True, exist_ok=True)
    for old in DIAGRAMS.glob("*.svg"):
        if old.name not in wanted:
            old.unlink()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(_PAGE)
        page.add_script_tag(path=str(script))
        for name, block in wanted.items():
            svg = _sized(page.evaluate(_DRAW, [block, f"d{name[:8]}"]))
            (DIAGRAMS / name).write_text(svg + "\n", "utf-8")
            print(name, len(svg))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "/usr/bin/chromium")
