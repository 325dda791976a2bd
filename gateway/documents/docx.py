"""DOCX, opened by python-docx: the body in its order, headers, footers, notes and comments.

The elements are read one by one, since python-docx's own texts leave out content controls, tracked insertions and text
boxes. Word keeps no pages in a file, so that only parts are named.
"""

import re
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import docx
from docx.oxml.parser import parse_xml

from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.html import NOT_READ
from gateway.documents.sections import Section, tidied

MAX_UNPACKED: Final = 100_000_000
_MAX_FILES: Final = 5_000
_NAME: Final = re.compile(r"\{([^}]*)\}(.*)")
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COMPATIBLE: Final = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_SKIPPED: Final = frozenset(
    [
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "rPr",
        "pPr",
        "tblPr",
        "tcPr",
        "trPr",
        "sectPr",
    ]
)
_SIGNS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "\u25a1"}
_REFERENCES: Final = {
    "footnoteReference": "note",
    "endnoteReference": "endnote",
    "commentReference": "comment",
}
_OBJECTS: Final = frozenset(["pic", "imagedata", "chart", "relIds", "OLEObject", "control"])
_NOTES: Final = {
    "footnotes": ("footnote", "note"),
    "endnotes": ("endnote", "endnote"),
    "comments": ("comment", "comment"),
}


def read_docx(data: bytes, name: str) -> list[Section]:
    """The body, then each other part that holds text."""
    _check_archive(data, name)
    main = docx.Document(BytesIO(data)).part
    sections = [Section("", tidied(_text(main.element.body, name), name))]
    for relation in main.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in ("header", "footer", *_NOTES):
            continue
        root = parse_xml(relation.target_part.blob)
        text = tidied(_notes(root, kind, name) if kind in _NOTES else _text(root, name), name)
        section = Section(kind, text)
        if text and section not in sections:
            sections.append(section)
    return sections


def _check_archive(data: bytes, name: str) -> None:
    """Refuse what unpacks to more than a document does, and entities, before anything is unpacked."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            files = archive.infolist()
            if len(files) > _MAX_FILES or sum(file.file_size for file in files) > MAX_UNPACKED:
                raise DocumentUnreadable(f"{name} unpacks to more than {MAX_UNPACKED} bytes.")
            if any(file.flag_bits & 1 for file in files):
                raise DocumentUnreadable(f"{name} is encrypted. Save it without a password.")
            names = {file.filename for file in files}
            if not {"[Content_Types].xml", "_rels/.rels"} <= names:
                raise DocumentUnreadable(
                    f"{name} is an archive and no DOCX. Send the files in it by themselves."
                )
            for file in files:
                if file.filename.endswith((".xml", ".rels")):
                    _refuse_entities(archive.read(file), name)
    except BadZipFile:
        pass
    else:
        return
    raise DocumentUnreadable(f"{name} is damaged and can't be read. Save it again.")


def _refuse_entities(part: bytes, name: str) -> None:
    if b"<!DOCTYPE" in part.replace(b"\x00", b""):
        raise DocumentUnreadable(f"{name} declares entities, which no word processor writes. Save it again.")


def _text(node: Any, name: str) -> str:
    """All text within an element, in order."""
    return "".join(_child(child, name) for child in _children(node))


def _child(child: Any, name: str) -> str:
    space, tag = _named(child)
    if tag in _SKIPPED:
        return ""
    if tag == "t":
        return child.text or ""
    if tag == "altChunk":
        raise DocumentUnreadable(f"{name} has another file within it, which is not read. Send it by itself.")
    if tag in _OBJECTS:
        return f" {NOT_READ} {_text(child, name)}"
    if tag == "AlternateContent" and space == _COMPATIBLE:
        return _alternative(child, name)
    return _text(child, name) if space != _WORD else _word_child(child, tag, name)


def _word_child(child: Any, tag: str, name: str) -> str:
    match tag:
        case "p":
            return _text(child, name) + "\n"
        case "tbl":
            return _table(child, name)
        case "footnoteReference" | "endnoteReference" | "commentReference":
            return f"[{_REFERENCES[tag]} {_attribute(child, 'id')}]"
        case "txbxContent":
            return "\n" + _text(child, name)
        case _:
            return _SIGNS.get(tag) or _text(child, name)


def _alternative(node: Any, name: str) -> str:
    """Of two forms of the same thing the first: the others say it again for older programs."""
    for child in _children(node):
        return _text(child, name)
    return ""


def _table(table: Any, name: str) -> str:
    """A line for each row; rows and cells may stand in content controls."""
    lines = []
    for row in _within(table, "tr"):
        cells = [" ".join(_text(cell, name).split()) for cell in _within(row, "tc")]
        lines.append(" | ".join(cells))
    return "\n".join(lines) + "\n"


def _within(node: Any, tags: str) -> list[Any]:
    elements = []
    for child in _children(node):
        tag = _named(child)[1]
        if tag == tags:
            elements.append(child)
        elif tag in ("sdt", "sdtContent", "customXml", "ins", "smartTag"):
            elements += _within(child, tags)
    return elements


def _notes(root: Any, kind: str, name: str) -> str:
    """Footnotes, endnotes or comments, each with its number, and comments with their author."""
    tag, title = _NOTES[kind]
    lines = []
    for note in _children(root):
        text = " ".join(_text(note, name).split()) if _named(note)[1] == tag else ""
        if text:
            author = _attribute(note, "author")
            lines.append(f"{title} {_attribute(note, 'id')}{f' by {author}' if author else ''}: {text}")
    return "\n".join(lines)


def _children(node: Any) -> list[Any]:
    return [child for child in node if isinstance(child.tag, str)]


def _named(node: Any) -> tuple[str, str]:
    match = _NAME.fullmatch(node.tag)
    return (match[1], match[2]) if match else ("", node.tag)


def _attribute(node: Any, attribute: str) -> str:
    return str(node.get(f"{{{_WORD}}}{attribute}", ""))
