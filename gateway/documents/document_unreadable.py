"""The errors of reading a document. Their messages name the file and the page, and nothing of the content."""


class DocumentUnreadable(Exception):
    """A document can't be read, or not whole; `message` is for the one who sent it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
