"""Documents to take along: a decision's story with its proof inside, a statement to a person. PDF by fpdf2.

The font (DejaVu Sans, a free one, cut down to Latin, Greek and Cyrillic) lies beside this file, since a PDF's own
fonts have no `ŵ`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from fpdf import FPDF

Kind = Literal["title", "heading", "text", "note"]
Block = tuple[Kind, str]

_FONTS: Final = Path(__file__).parent / "fonts"
_SIZES: Final = {"title": 18, "heading": 13, "text": 10.5, "note": 8.5}
_MARGIN: Final = 20


def as_pdf(
    title: str, blocks: Iterable[Block], *, language: str = "en-GB", attached: tuple[str, bytes] | None = None
) -> bytes:
    """A4 pages with these blocks; `attached` is a file's name and content, kept inside the document."""
    document = _document(title, language)
    for kind, text in blocks:
        document.set_font("DejaVu", "B" if kind in ("title", "heading") else "", _SIZES[kind])
        height = _SIZES[kind] * 0.5
        if kind in ("title", "heading"):
            document.ln(height / 2)
            document.start_section(text, level=0 if kind == "title" else 1)
        document.multi_cell(0, height, text, new_x="LMARGIN", new_y="NEXT")
        document.ln(height / 2)
    if attached is not None:
        name, content = attached
        document.embed_file(
            bytes=content, basename=name, desc="The proof, to be checked offline", compress=True
        )
    return bytes(document.output())


def _document(title: str, language: str) -> "FPDF":
    from fpdf import FPDF  # only who asks for a document pays for loading it

    document = FPDF(format="A4")
    document.set_title(title)
    document.set_lang(language)
    document.set_margins(_MARGIN, _MARGIN)
    document.set_auto_page_break(auto=True, margin=_MARGIN)
    document.add_font("DejaVu", "", _FONTS / "DejaVuSans.ttf")
    document.add_font("DejaVu", "B", _FONTS / "DejaVuSans-Bold.ttf")
    document.add_page()
    return document
