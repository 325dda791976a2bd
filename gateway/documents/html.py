"""HTML by the standard library's parser: its text, nothing that runs, and nothing that is fetched."""

import re
from html.parser import HTMLParser
from typing import Final

from gateway.documents.plain_text import decoded
from gateway.documents.sections import Section, tidied

_NOT_TEXT: Final = frozenset(["script", "style", "template"])
_NOT_READ: Final = frozenset(
    ["img", "svg", "canvas", "video", "audio", "iframe", "object", "embed", "frame", "picture"]
)
_BLOCK_NAMES: Final = """
    address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 head header hr html legend li main nav ol option p pre section select summary table tbody textarea
    tfoot thead title tr ul
"""
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_CELLS: Final = frozenset(["td", "th"])
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_AROUND_LINES: Final = re.compile(r" *\n *")
_META: Final = re.compile(
    rb"<meta\b[^>]{0,300}\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_HIDDEN_INPUTS: Final = frozenset(["hidden", "password", "checkbox", "radio", "image"])
NOT_READ: Final = "[an image or other object here was not read]"


def read_html(data: bytes, name: str, charset: str | None = None) -> list[Section]:
    """The text of the page; `charset` is what a mail says of it."""
    meta = _META.search(data[:4096])
    encoding = charset or (meta[1].decode("ascii").lower() if meta else "utf-8")
    return [Section("", tidied(text_of_html(decoded(data, name, encoding)), name))]


def text_of_html(page: str) -> str:
    """What a reader would see, a line for each block and a table's row."""
    reader = _TextOfPage()
    reader.feed(page)
    reader.close()
    return _AROUND_LINES.sub("\n", "".join(reader.pieces))


class _TextOfPage(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipped = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Breaks lines, and says where something is that can't be read."""
        if tag in _NOT_TEXT:
            self._skipped += 1
        if self._skipped:
            return
        if tag == "pre":
            self._preformatted += 1
        if tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in _CELLS:
            self.pieces.append(" | ")
        attributes = {name: value or "" for name, value in attrs}
        if tag in _NOT_READ:
            self.pieces.append(f" {NOT_READ} {attributes.get('alt', '')} ")
        elif tag == "input" and attributes.get("type", "text").lower() not in _HIDDEN_INPUTS:
            self.pieces.append(f" {attributes.get('value', '')} ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself holds nothing, so that nothing behind it is skipped."""
        if tag not in _NOT_TEXT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Ends a line, and what is skipped."""
        if tag in _NOT_TEXT:
            self._skipped = max(0, self._skipped - 1)
        elif tag == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        if tag in _BLOCKS and not self._skipped:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Text, with its spaces as a browser shows them."""
        if not self._skipped:
            self.pieces.append(data if self._preformatted else _SPACES.sub(" ", data))
