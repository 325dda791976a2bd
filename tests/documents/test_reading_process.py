"""The process that reads documents: what a hostile file can't do from it."""

import base64
import os
import subprocess
import sys
import time
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from gateway.documents import DocumentAtFault, DocumentLimits, read_apart
from tests.documents.files import pdf, rewritten

LIMITS = DocumentLimits(bytes=1_000_000, pages=5, characters=100_000, seconds=20)


def sent(name: str, data: bytes) -> tuple[str, str, str]:
    return name, "", base64.b64encode(data).decode()


def endless_pdf() -> bytes:
    """Each of its forms draws the next one twice, forty times over, on five pages."""

    def change(writer: PdfWriter) -> None:
        font = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        inner: Any = None
        for _ in range(40):
            form = DecodedStreamObject()
            form.set_data(b"/X Do /X Do" if inner else b"BT /F1 12 Tf (x) Tj ET")
            form.update(
                {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")}
            )
            drawn = DictionaryObject({NameObject("/X"): inner}) if inner else DictionaryObject()
            form[NameObject("/Resources")] = DictionaryObject(
                {NameObject("/XObject"): drawn, NameObject("/Font"): font}
            )
            inner = writer._add_object(form)
        page = writer.pages[0]
        page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/X"): inner})  # type: ignore[index]
        contents = DecodedStreamObject()
        contents.set_data(b"/X Do")
        page[NameObject("/Contents")] = writer._add_object(contents)
        for _ in range(4):  # pypdf ends one page's forms after some seconds
            writer.add_page(page)

    return rewritten(pdf("x"), change)


def test_documents_come_back_in_their_order() -> None:
    assert read_apart([sent("a.txt", b"One"), sent("b.pdf", pdf("Two"))], LIMITS) == [
        "[a.txt]\nOne",
        "[b.pdf, page 1]\nTwo",
    ]


def test_the_document_at_fault_is_named_by_its_place() -> None:
    with pytest.raises(DocumentAtFault) as error:
        read_apart([sent("a.txt", b"One"), sent("b.pdf", b"Two"), sent("c.txt", b"Three")], LIMITS)
    assert error.value.at == 1
    with pytest.raises(DocumentAtFault, match="not valid base64"):
        read_apart([("a.txt", "", "=?")], LIMITS)


def test_a_document_that_takes_for_ever_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(DocumentAtFault, match=r"b\.pdf takes more than 3 seconds") as error:
        read_apart(
            [sent("a.txt", b"One"), sent("b.pdf", endless_pdf())], DocumentLimits(1_000_000, 5, 100_000, 3)
        )
    assert error.value.at == 1
    assert time.monotonic() - began < 10


def confined(program: str) -> subprocess.CompletedProcess[str]:
    code = f"from gateway.documents.worker import confine; confine(5)\n{program}"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError"),
        ("import socket; socket.getaddrinfo('example.com', 80)", "PermissionError"),
        ("import subprocess; subprocess.run(['true'])", "PermissionError"),
        ("import os; os.system('true')", "PermissionError"),
        ("x = bytearray(2_000_000_000)", "MemoryError"),
    ],
    ids=["connection", "name", "program", "shell", "memory"],
)
def test_the_process_reaches_nothing(program: str, says: str) -> None:
    assert says in confined(program).stderr


def test_the_process_writes_no_file(tmp_path: Any) -> None:
    done = confined(f"file = open({str(tmp_path / 'a')!r}, 'w'); file.write('x'); file.flush()")
    assert "OSError" in done.stderr
    assert (tmp_path / "a").read_text() == ""


def test_the_process_is_given_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    run = subprocess.run

    def noted(*arguments: Any, **named: Any) -> Any:
        given.append((arguments, named))
        return run(*arguments, **named)

    monkeypatch.setattr(subprocess, "run", noted)
    monkeypatch.setenv("COUNTERSIGN_MASTER_KEY", "top secret")
    read_apart([sent("a.txt", b"One")], LIMITS)
    assert len(given) == 1
    assert set(given[0][1]["env"]) <= {"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"}
    assert "top secret" in os.environ.values()
