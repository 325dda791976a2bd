"""PDF by pypdf: the text of each page, with its comments and form fields.

A page that shows something but holds no text is refused, since it may be a scan. So is text in a font that does not
say which characters its glyphs are.
"""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from pypdf import PageObject, PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, NullObject, TextStringObject

from gateway.documents.document_limits import Budget
from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.sections import Section, tidied

_END: Final = b"%%EOF"
_TAIL: Final = 4_096
_SHOWS: Final = frozenset([b"INLINE IMAGE", *b"Do BI EI sh S s f F f* B B* b b* Tj TJ ' \"".split()])
"""Operators of a page's content that put something on the page."""
_WITHOUT_WORDS: Final = frozenset(["/Link", "/Popup", "/Widget"])
_DEEPEST: Final = 20
_GLYPHS: Final = re.compile(r"(?:/[A-Za-z]{1,7}[0-9]{1,5}){4}")
"""What pypdf writes for glyphs that have a number in place of a name."""
_NO_GLYPH: Final = "\u25a1"
_MAX_WITHOUT_GLYPH: Final = 0.3
BLANK: Final = "(a blank page)"


def read_pdf(data: bytes, name: str, budget: Budget) -> list[Section]:
    """A section for each page."""
    if _END not in data[-_TAIL:]:
        raise DocumentUnreadable(f"{name} breaks off before its end. Save it again.")
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        raise DocumentUnreadable(f"{name} is encrypted. Save it without a password.")
    _refuse_parts(reader, name)
    budget.use_pages(len(reader.pages), name)
    sections = []
    for number, page in enumerate(reader.pages, 1):
        sections.append(Section(f"page {number}", _read_page(page, reader, number, name)))
    if all(section.text == BLANK for section in sections):
        raise DocumentUnreadable(f"{name} holds no text.")
    return sections


def _refuse_parts(reader: PdfReader, name: str) -> None:
    """Refuse what a reader would see beside the pages, or instead of them."""
    root = _dictionary(reader.root_object)
    if _dictionary(root.get("/Names")).get("/EmbeddedFiles") is not None:
        raise DocumentUnreadable(f"{name} has files within it, which are not read. Send them by themselves.")
    if root.get("/NeedsRendering"):
        raise DocumentUnreadable(f"{name} is a form that is drawn only on a screen. Print it to a PDF first.")


def _read_page(page: PageObject, reader: PdfReader, number: int, name: str) -> str:
    whose = f"page {number} of {name}"
    resources = _dictionary(page.get("/Resources"))
    _refuse_fonts(resources, whose)
    text = tidied(page.extract_text(), whose)
    if _GLYPHS.search(text) or text.count(_NO_GLYPH) > _MAX_WITHOUT_GLYPH * len(text):
        raise _no_characters(whose)
    notes = tidied("\n".join(_notes(page, whose)), whose)
    if text:
        images = "[images on this page were not read]" if _has_images(resources) else ""
        return "\n".join(part for part in (text, notes, images) if part)
    if _shows_something(page, reader):
        raise DocumentUnreadable(f"{whose} holds no text; it may be a scan.")
    return notes or BLANK


def _shows_something(page: PageObject, reader: PdfReader) -> bool:
    contents = page.get_contents()
    if contents is None:
        return page.get("/Contents") not in (None, NullObject()) and not isinstance(
            _object(page.get("/Contents")), ArrayObject
        )
    stream = contents if isinstance(contents, ContentStream) else ContentStream(contents, reader)
    return any(operator in _SHOWS for _, operator in stream.operations)


def _refuse_fonts(resources: Mapping[str, Any], whose: str) -> None:
    """Refuse fonts whose codes nothing translates into characters: what came out would be another text."""
    for entry in _dictionary(resources.get("/Font")).values():
        font = _dictionary(entry)
        kind, encoding = font.get("/Subtype"), _object(font.get("/Encoding"))
        unmapped = kind == "/Type3" or (kind == "/Type0" and str(encoding).startswith("/Identity"))
        if unmapped and "/ToUnicode" not in font:
            raise _no_characters(whose)


def _no_characters(whose: str) -> DocumentUnreadable:
    return DocumentUnreadable(
        f"{whose} has a font that does not say which characters it shows. Send the text, or a DOCX."
    )


def _has_images(resources: Mapping[str, Any], depth: int = 0) -> bool:
    for image in _dictionary(resources.get("/XObject")).values():
        drawn = _dictionary(image)
        if drawn.get("/Subtype") == "/Image":
            return True
        if depth < _DEEPEST and _has_images(_dictionary(drawn.get("/Resources")), depth + 1):
            return True
    return False


def _notes(page: PageObject, whose: str) -> Iterator[str]:
    """Comments and the values of form fields, a line each: they stand beside the page's own text."""
    annotations = _object(page.get("/Annots"))
    for entry in annotations if isinstance(annotations, ArrayObject) else ():
        annotation = _dictionary(entry)
        kind = annotation.get("/Subtype")
        if kind == "/FileAttachment":
            raise DocumentUnreadable(f"{whose} has a file attached, which is not read. Send it by itself.")
        if kind == "/Widget" and (value := _text(_inherited(annotation, "/V"))):
            label = _text(_inherited(annotation, "/TU")) or _text(_inherited(annotation, "/T")) or "field"
            yield f"{label}: {value}"
        elif kind not in _WITHOUT_WORDS and (words := _text(annotation.get("/Contents"))):
            yield f"Comment: {words}"


def _inherited(field: DictionaryObject, key: str) -> Any:
    for _ in range(_DEEPEST):
        if key in field:
            return field.get(key)
        field = _dictionary(field.get("/Parent"))
    return None


def _text(value: Any) -> str:
    target = _object(value)
    if isinstance(target, ArrayObject):
        return ", ".join(filter(None, map(_text, target)))
    return str(target).strip() if isinstance(target, TextStringObject) else ""


def _object(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _dictionary(value: Any) -> DictionaryObject:
    target = _object(value)
    return target if isinstance(target, DictionaryObject) else DictionaryObject()
