"""Documents read into text: PDF, DOCX, HTML, EML and plain text.

`reading_process.py` reads the documents of one request in a process of their own, with limits on its time and memory,
and `worker.py` is what runs there. In it

1. `kinds.py` says of what kind a document is, by its content and its name,
2. `pdf.py`, `docx.py`, `html.py`, `mail.py` or `plain_text.py` reads it, called by `document_text.py`,
3. `sections.py` writes its text, with a heading for each page, and counts it against `document_limits.py`;
   `document_names.py` says what the document is called there.

What can't be read is `DocumentUnreadable`. Nothing here opens a file or a connection, and the libraries that read
documents are loaded in that process only.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
