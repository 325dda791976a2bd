"""Real files, as word processors, mail programs and printers make them."""

import io
import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any

import docx
from docx.oxml import parse_xml
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

PERSON = "Siobhan O'Connor"
NINO = "AB123456C"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(*pages: str, author: str = "", **encryption: Any) -> bytes:
    """A page for each text; an empty one stays blank."""
    made = FPDF()
    made.set_font("Helvetica", size=12)
    made.set_author(author)
    if encryption:
        made.set_encryption(**encryption)
    for page in pages:
        made.add_page()
        if page:
            made.multi_cell(0, 8, page)
    return bytes(made.output())


def scanned_pdf(*, before: Sequence[str] = ()) -> bytes:
    """Its last page shows a picture, as a scan does."""
    from PIL import Image

    made = FPDF()
    made.set_font("Helvetica", size=12)
    for page in before:
        made.add_page()
        made.multi_cell(0, 8, page)
    made.add_page()
    made.image(Image.new("RGB", (40, 40), "grey"), w=100)
    return bytes(made.output())


def rewritten(source: bytes, change: Any) -> bytes:
    """A PDF after `change` has had its way with it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(source)))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def word(
    *paragraphs: str,
    table: Sequence[Sequence[str]] = (),
    header: str = "",
    footer: str = "",
    comment: tuple[str, str] | None = None,
    author: str = "",
    elements: Sequence[str] = (),
) -> bytes:
    """`comment`: its author and text; `elements`: WordprocessingML that python-docx can't make."""
    made = docx.Document()
    made.core_properties.author = author
    for text in paragraphs:
        made.add_paragraph(text)
    if table:
        cells = made.add_table(len(table), len(table[0]))
        for row, texts in zip(cells.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    made.sections[0].header.paragraphs[0].text = header
    made.sections[0].footer.paragraphs[0].text = footer
    if comment is not None:
        made.add_comment(made.paragraphs[0].runs[0], comment[1], author=comment[0])
    for element in elements:
        made.element.body.insert(0, parse_xml(element))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_part(source: bytes, name: str, content: bytes) -> bytes:
    """An archive in which one file is another, or is added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for file in old.infolist():
            if file.filename != name:
                new.writestr(file.filename, old.read(file))
        new.writestr(name, content)
    return made.getvalue()


def mail(
    body: str,
    *,
    html: str | None = None,
    attached: Sequence[tuple[str, str, bytes]] = (),
    **headers: str,
) -> bytes:
    """`attached`: name, media type and content."""
    made = EmailMessage()
    for name, value in {
        "From": "a@example.com",
        "To": "b@example.com",
        "Subject": "Hello",
        **headers,
    }.items():
        made[name] = value
    made.set_content(body)
    if html is not None:
        made.add_alternative(html, subtype="html")
    for name, media_type, content in attached:
        main, _, sub = media_type.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()
