"""How much the documents of one request may hold and cost."""

from dataclasses import dataclass

from gateway.documents.document_unreadable import DocumentUnreadable


@dataclass(frozen=True)
class DocumentLimits:
    """`bytes` is of one file, `pages` and `characters` of all documents of a request; `seconds` is for all of them."""

    bytes: int
    pages: int
    characters: int
    seconds: float


class Budget:
    """What the documents of one request may still use of their limits."""

    def __init__(self, limits: DocumentLimits) -> None:
        self._limits = limits
        self._pages = limits.pages
        self._characters = limits.characters

    def check_size(self, size: int, name: str) -> None:
        """Refuse a file that is larger than one may be."""
        if size > self._limits.bytes:
            raise DocumentUnreadable(
                f"{name} is larger than {self._limits.bytes} bytes. Send a smaller file."
            )

    def use_pages(self, pages: int, name: str) -> None:
        """Count the pages of a document before any of them is read."""
        self._pages -= pages
        if self._pages < 0:
            raise DocumentUnreadable(
                f"With {name} the documents have more than {self._limits.pages} pages. Send fewer at once."
            )

    def use_characters(self, characters: int, name: str) -> None:
        """Count text that was read."""
        self._characters -= characters
        if self._characters < 0:
            raise DocumentUnreadable(
                f"With {name} the documents hold more than {self._limits.characters} characters."
                " Send less at once."
            )
