from .document_limits import DocumentLimits as DocumentLimits
from .document_unreadable import DocumentUnreadable as DocumentUnreadable
from .kinds import Document as Document
from .reading_process import DocumentAtFault as DocumentAtFault
from .reading_process import read_apart as read_apart
