"""What is read of each kind of document, and what is refused."""

import email
import io
import zipfile
import zlib
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from gateway.documents import Document, DocumentLimits, DocumentUnreadable
from gateway.documents.document_limits import Budget
from gateway.documents.document_text import read_document
from tests.documents.files import WORD, mail, pdf, rewritten, scanned_pdf, with_part, word

LIMITS = DocumentLimits(bytes=1_000_000, pages=5, characters=100_000, seconds=20)


def read(name: str, data: bytes, media_type: str = "", limits: DocumentLimits = LIMITS) -> str:
    return read_document(Document(name, media_type, data), 1, Budget(limits))


def refused(name: str, data: bytes, media_type: str = "", limits: DocumentLimits = LIMITS) -> str:
    with pytest.raises(DocumentUnreadable) as error:
        read(name, data, media_type, limits)
    return error.value.message


def test_each_page_of_a_pdf_stands_under_its_heading() -> None:
    text = read("letter.pdf", pdf("Dear Ann,\nit is cold.", "", "Café: £5"))
    assert text == (
        "[letter.pdf, page 1]\nDear Ann,\nit is cold.\n\n"
        "[letter.pdf, page 2]\n(a blank page)\n\n"
        "[letter.pdf, page 3]\nCafé: £5"
    )


def test_comments_and_form_fields_of_a_pdf_are_read() -> None:
    def change(writer: PdfWriter) -> None:
        writer.add_annotation(0, FreeText(text="call Ann back", rect=(50, 550, 200, 650)))
        field = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject("/Widget"),
                NameObject("/T"): TextStringObject("tenant"),
                NameObject("/V"): TextStringObject("Ann Lee"),
            }
        )
        writer.pages[0]["/Annots"].append(field)  # type: ignore[attr-defined]

    text = read("form.pdf", rewritten(pdf("A form"), change))
    assert "Comment: call Ann back" in text
    assert "\ntenant: Ann Lee" in text


def test_a_page_that_shows_something_without_text_is_named() -> None:
    assert refused("letter.pdf", scanned_pdf(before=["One", "Two"])) == (
        "page 3 of letter.pdf holds no text; it may be a scan."
    )


def test_a_page_with_text_and_an_image_says_that_the_image_was_not_read() -> None:
    def change(writer: PdfWriter) -> None:
        writer.pages[0].merge_page(writer.pages[1])
        writer.remove_page(1)

    text = read("letter.pdf", rewritten(scanned_pdf(before=["Dear Ann"]), change))
    assert text == "[letter.pdf, page 1]\nDear Ann\n[images on this page were not read]"


def test_a_font_without_its_characters_is_refused() -> None:
    def change(writer: PdfWriter) -> None:
        font = writer.pages[0]["/Resources"]["/Font"]["/F1"]  # type: ignore[index]
        font.update(
            {NameObject("/Subtype"): NameObject("/Type0"), NameObject("/Encoding"): NameObject("/Identity-H")}
        )

    assert refused("letter.pdf", rewritten(pdf("Dear Ann"), change)).startswith(
        "page 1 of letter.pdf has a font"
    )


@pytest.mark.parametrize("glyphs", ["/g12 /g13 /g14 /g15", "/C0001 /C0002 /c3 /c4", ".notdef " * 4])
def test_glyphs_without_names_are_refused(glyphs: str) -> None:
    def change(writer: PdfWriter) -> None:
        names = [NameObject(f"/{one.lstrip('/')}") for one in glyphs.split()]
        font = writer.pages[0]["/Resources"]["/Font"]["/F1"]  # type: ignore[index]
        font[NameObject("/Encoding")] = DictionaryObject(
            {NameObject("/Differences"): ArrayObject([NumberObject(0x41), *names])}
        )
        contents = DecodedStreamObject()
        contents.set_data(b"BT /F1 12 Tf 50 700 Td (ABCD) Tj ET")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(contents)

    assert refused("letter.pdf", rewritten(pdf("x"), change)).startswith("page 1 of letter.pdf has a font")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (pdf("x", owner_password="o", user_password="u"), "is encrypted"),
        (pdf("x", owner_password="o"), "is encrypted"),
        (pdf("x" * 2_000)[:1_000], "breaks off"),
        (b"%PDF-1.7\n" + b"nothing\n" * 9 + b"%%EOF", "is damaged"),
        (pdf(""), "holds no text"),
        (pdf(*["x"] * 6), "more than 5 pages"),
        (b"", "is empty"),
        (rewritten(pdf("x"), lambda writer: writer.add_attachment("a.xls", b"x")), "has files within it"),
    ],
    ids=["password", "restricted", "cut", "garbage", "blank", "long", "empty", "attached"],
)
def test_a_pdf_that_is_not_read_whole_is_refused(data: bytes, says: str) -> None:
    assert says in refused("letter.pdf", data)


def test_a_docx_is_read_in_its_order_with_all_its_parts() -> None:
    data = word(
        "First",
        table=[["Name", "Ann Lee"], ["Born", "1 May 1980"]],
        header="Top",
        footer="Bottom",
        comment=("Bo Diaz", "is this right?"),
        author="Nobody",
    )
    body, *others = read("note.docx", data).split("\n\n")
    assert body == "[note.docx]\nFirst[comment 0]\nName | Ann Lee\nBorn | 1 May 1980"
    assert sorted(others) == [
        "[note.docx, comments]\ncomment 0 by Bo Diaz: is this right?",
        "[note.docx, footer]\nBottom",
        "[note.docx, header]\nTop",
    ]


@pytest.mark.parametrize(
    ("element", "found"),
    [
        ("<w:p {w}><w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>", "inserted"),
        ("<w:p {w}><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>chosen</w:t></w:r></w:p></w:sdtContent></w:sdt>", "chosen"),
        ("<w:p {w}><w:hyperlink><w:r><w:t>linked</w:t></w:r></w:hyperlink></w:p>", "linked"),
        (
            "<w:p {w}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict>"
            "</w:r></w:p>",
            "boxed",
        ),
        ("<w:p {w}><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>", "a-b"),
    ],
)
def test_what_python_docx_leaves_out_is_read(element: str, found: str) -> None:
    assert found in read("note.docx", word("x", elements=[element.replace("{w}", WORD)]))


def test_deleted_text_of_a_docx_is_not_sent() -> None:
    element = f"<w:p {WORD}><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
    assert "gone" not in read("note.docx", word("x", elements=[element]))


def test_footnotes_are_read() -> None:
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>as Ann said</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {WORD}>{note}</w:footnotes>"
    data = with_part(word("x"), "word/footnotes.xml", notes.encode())
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    for name, old, new in (
        (
            "[Content_Types].xml",
            b"</Types>",
            f'<Override PartName="/word/footnotes.xml" ContentType="{types}"/></Types>',
        ),
        (
            "word/_rels/document.xml.rels",
            b"</Relationships>",
            f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>',
        ),
    ):
        data = with_part(data, name, _part(data, name).replace(old, new.encode()))
    assert "[note.docx, footnotes]\nnote 2: as Ann said" in read("note.docx", data)


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><d>&f;</d>'
)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (word(""), "holds no text"),
        (word("x")[:500], "is damaged"),
        (with_part(word("x"), "word/document.xml", b"<broken"), "is damaged"),
        (with_part(word("x"), "word/document.xml", ENTITIES), "declares entities"),
        (with_part(word("x"), "word/document.xml", ENTITIES.decode().encode("utf-16")), "declares entities"),
        (with_part(word("x"), "word/media/a.bin", bytes(101_000_000)), "unpacks to more than"),
        (word("x", elements=[f"<w:altChunk {WORD}/>"]), "has another file within it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is encrypted, or of an old format"),
        (b"PK\x03\x04" + bytes(99), "is damaged"),
    ],
    ids=["empty", "cut", "broken", "entities", "utf-16", "bomb", "chunk", "old", "zip"],
)
def test_a_docx_that_is_not_read_whole_is_refused(data: bytes, says: str) -> None:
    assert says in refused("note.docx", data)


def test_an_archive_of_other_files_is_no_docx() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "is an archive and no DOCX" in refused("note.docx", made.getvalue())


def test_html_is_read_as_a_reader_sees_it() -> None:
    page = (
        "<!doctype html><html><head><title>Case</title><style>p {}</style><script>let a = 'hidden'</script></head>"
        "<body><h1>Hi</h1><p>Ann&nbsp;Lee &amp; <b>B</b>o</p><!-- remark --><table><tr><td>1<td>2</table>"
        "<img src='http://x/y.png' alt='a cat'><script/>after<input value='typed'><input type=hidden value='no'></body>"
    )
    text = read("page.html", page.encode())
    assert "Case\n\nHi\n\nAnn\xa0Lee & Bo\n\n| 1 | 2\n" in text
    assert "[an image or other object here was not read] a cat" in text
    assert "typed" in text
    for hidden in ("remark", "hidden", "http", "no ", "{}"):
        assert hidden not in text


def test_a_page_says_its_character_set() -> None:
    page = "<html><meta charset='windows-1252'><p>Zoë – 5 €</p></html>"
    assert "Zoë – 5 €" in read("page.html", page.encode("cp1252"))
    assert "is not in UTF-8" in refused("page.html", page.replace("windows-1252", "utf-8").encode("cp1252"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read(encoding: str) -> None:
    assert read("note.txt", "Zoë\r\nis in".encode(encoding)) == "[note.txt]\nZoë\nis in"


def test_text_that_is_not_unicode_is_refused_instead_of_guessed_at() -> None:
    assert "is not in UTF-8" in refused("note.txt", "Zoë".encode("latin-1"))


def test_a_mail_is_read_with_what_is_attached() -> None:
    data = mail(
        "See the letter.",
        html="<p>See the letter.</p>",
        attached=[
            ("letter.pdf", "application/pdf", pdf("Dear Ann")),
            ("note.docx", "application/octet-stream", word("Hi")),
        ],
        Cc="cara@example.com",
        Subject="Zoë's flat",
        Date="Mon, 01 Jan 2024 10:00:00 +0000",
    )
    assert read("mail.eml", data) == (
        "[mail.eml]\nFrom: a@example.com\nTo: b@example.com\nCc: cara@example.com\nSubject: Zoë's flat\n"
        "Date: Mon, 01 Jan 2024 10:00:00 +0000\n\nSee the letter.\n\n"
        "[letter.pdf, in mail.eml, page 1]\nDear Ann\n\n[note.docx, in mail.eml]\nHi"
    )


def test_a_mail_in_html_alone_and_a_mail_within_a_mail_are_read() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "c@example.com", "Inner"
    inner.set_content("<p>In <b>here</b></p>", subtype="html")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "d@example.com", "Outer"
    outer.set_content("Out here")
    outer.add_attachment(inner)
    text = read("mail.eml", outer.as_bytes())
    assert "Subject: Outer\n\nOut here" in text
    assert "in mail.eml]\nFrom: c@example.com\nSubject: Inner\n\nIn here" in text


def test_an_attached_text_is_read_in_the_character_set_that_the_mail_says() -> None:
    made = email.message_from_bytes(mail("x"), policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    made.add_attachment("Zoë", filename="a.txt", charset="iso-8859-1")
    assert "[a.txt, in mail.eml]\nZoë" in read("mail.eml", made.as_bytes())


def test_an_image_in_a_signature_is_left_out_and_an_attached_one_is_refused() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@example.com", "x"
    made.set_content("Kind regards")
    made.add_related(b"\x89PNG", "image", "png", cid="<logo>")
    assert "[an image here was not read]" in read("mail.eml", made.as_bytes())
    attached = mail("x", attached=[("photo of a.png", "image/png", b"\x89PNG")])
    assert refused("mail.eml", attached).startswith("photo of a.png, in mail.eml is of a kind that can't")


def nested(depth: int) -> bytes:
    data = mail("x")
    for _ in range(depth):
        data = mail("x", attached=[("inner.eml", "application/octet-stream", data)])
    return data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            mail("x", attached=[("a.pdf", "application/pdf", pdf("x" * 9_000)[:900])]),
            "a.pdf, in mail.eml breaks",
        ),
        (mail("x", html="<p>y</p>")[:-60], "is damaged"),
        (
            mail("x", attached=[("a.exe", "application/octet-stream", b"MZ")]),
            "a.exe, in mail.eml is of a kind",
        ),
        (nested(6), "too deeply"),
    ],
    ids=["cut", "boundary", "program", "nested"],
)
def test_a_mail_that_is_not_read_whole_is_refused(data: bytes, says: str) -> None:
    assert says in refused("mail.eml", data)


@pytest.mark.parametrize(
    ("name", "media_type", "data"),
    [
        ("letter.txt", "", pdf("x")),
        ("letter.pdf", "", b"plain"),
        ("letter.pdf", "application/pdf", word("x")),
        ("letter.docx", "application/pdf", pdf("x")),
        ("letter.txt", "application/pdf", pdf("x")),
        ("letter.txt", "", b"<!DOCTYPE html><p>x"),
        ("letter.txt", "", mail("x")),
        ("letter.html", "", b"no tags"),
        ("letter.eml", "", b"no headers"),
        ("letter.csv", "", b"a\x00b"),
        ("letter.xlsx", "application/pdf", pdf("x")),
        ("letter.pdf.exe", "", pdf("x")),
        ("letter", "", pdf("x")),
        ("", "image/png", b"\x89PNG"),
        ("letter.rtf", "application/rtf", b"{\\rtf1 x}"),
        ("letter.txt", "", b"{\\rtf1 x}"),
    ],
)
def test_a_document_that_is_not_what_it_says_is_refused(name: str, media_type: str, data: bytes) -> None:
    refused(name, data, media_type)


def test_a_name_or_a_media_type_alone_says_enough() -> None:
    assert read("", b"Hello", "text/plain; charset=utf-8") == "[document 1]\nHello"
    assert read("C:\\Ann\\a [1].MD", b"Hello", "application/octet-stream") == "[a [1].MD]\nHello"


@pytest.mark.parametrize("stem", ["letter", "Tenancy_agreement-2024 (copy)", "Report A", "WITNESS STATEMENT"])
def test_a_name_that_names_nobody_is_shown(stem: str) -> None:
    assert read(f"{stem}.txt", b"Hello") == f"[{stem}.txt]\nHello"


@pytest.mark.parametrize(
    "stem",
    [
        "Ann Lee",
        "letter_ann",
        "AnnLee",
        "letter AB123456C",
        "letter 1980-05-01",
        "J S letter",
        "Zoë",
        "Will Young",
    ],
)
def test_any_other_name_is_a_number(stem: str) -> None:
    assert read(f"{stem}.TXT", b"Hello") == "[document 1.txt]\nHello"
    message = refused(f"{stem}.pdf", scanned_pdf())
    assert message == "page 1 of document 1.pdf holds no text; it may be a scan."


def test_an_attachments_name_is_a_number_too() -> None:
    data = mail("x", attached=[("note.txt", "text/plain", b"y"), ("Ann Lee.txt", "text/plain", b"z")])
    assert "[note.txt, in mail.eml]\ny" in read("mail.eml", data)
    assert "[attachment 2.txt, in mail.eml]\nz" in read("mail.eml", data)


def test_what_documents_hold_is_limited() -> None:
    small = DocumentLimits(bytes=2_000, pages=5, characters=100, seconds=20)
    assert "larger than 2000 bytes" in refused("a.txt", b"x" * 2_001, limits=small)
    assert "more than 100 characters" in refused("a.txt", b"x" * 101, limits=small)
    budget = Budget(LIMITS)
    read_document(Document("a.pdf", "", pdf("x", "y", "z")), 1, budget)
    with pytest.raises(DocumentUnreadable, match="more than 5 pages"):
        read_document(Document("a.pdf", "", pdf("x", "y", "z")), 1, budget)


def test_control_characters_go_and_text_that_is_none_is_refused() -> None:
    assert read("a.txt", b"a" * 200 + b"\x01\x1f") == "[a.txt]\n" + "a" * 200
    assert "can't be decoded" in refused("a.txt", "\ue001\ue002abc".encode())


def test_a_page_that_unpacks_to_very_much_is_refused() -> None:
    def change(writer: PdfWriter) -> None:
        stream = DecodedStreamObject()
        stream.set_data(b"q Q " * 1_000)
        encoded: Any = stream.flate_encode()
        encoded._data = zlib.compress(b"q Q\n" * 25_000_000, 9)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(encoded)

    assert "is damaged" in refused("bomb.pdf", rewritten(pdf("x"), change))


NAMES = st.sampled_from(["a.pdf", "a.docx", "a.html", "a.eml", "a.txt", "a.png", "a"])
BEGINNINGS = st.sampled_from(
    [
        b"",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<html>",
        b"From: a\nTo: b\n\n",
        b"\xff\xfe",
        b"MIME-Version: 1.0\nFrom: x\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(NAMES, BEGINNINGS, st.binary(max_size=600), st.sampled_from([b"", b"%%EOF", b"\n--x--\n"]))
def test_any_bytes_are_read_or_refused(name: str, beginning: bytes, middle: bytes, end: bytes) -> None:
    try:
        text = read(name, beginning + middle + end)
    except DocumentUnreadable:
        pass
    else:
        assert text.startswith(f"[{name}")


WHOLE = {
    "a.pdf": pdf("Dear Ann", "Page two"),
    "a.docx": word("Dear Ann", table=[["a", "b"]]),
    "a.eml": mail("x", html="<p>x</p>", attached=[("b.pdf", "application/pdf", pdf("y"))]),
}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_a_file_with_changed_bytes_is_read_or_refused(name: str, data: st.DataObject) -> None:
    changed = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        if not changed:
            break
    with suppress(DocumentUnreadable):
        read(name, bytes(changed))
