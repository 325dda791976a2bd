"""Plain text: UTF-8, or UTF-16 with its mark. Anything else would be a guess, and a wrong one garbles names."""

from gateway.documents.document_unreadable import DocumentUnreadable
from gateway.documents.sections import Section, tidied


def read_plain_text(data: bytes, name: str) -> list[Section]:
    """All of it."""
    return [Section("", tidied(decoded(data, name), name))]


def decoded(data: bytes, name: str, charset: str = "utf-8") -> str:
    """`data` as text; its own mark says more than `charset`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    elif data.startswith(b"\xef\xbb\xbf"):
        charset = "utf-8-sig"
    try:
        return data.decode(charset)
    except (UnicodeError, LookupError):
        pass
    raise DocumentUnreadable(f"{name} is not in {charset.upper()[:40]}, as it should be. Save it in UTF-8.")
